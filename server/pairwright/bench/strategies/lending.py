"""How do many engines, one after another, use the same models? They are lent, and closed once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pairwright.engine.models.roles import ModelSource
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Provider
from pairwright.llm.standing_in import StandIn


@asynccontextmanager
async def lending(models: ModelSource) -> AsyncGenerator[ModelSource, None]:
    """Give a source whose models outlive the engines that use them, and end with this context."""
    source = _Lender(models)
    try:
        yield source
    finally:
        await source.aclose()


class _Lender:
    """A `ModelSource` that opens each model once."""

    def __init__(self, source: ModelSource) -> None:
        self._source = source
        self._opened: dict[str, Provider] = {}

    async def choose(self, strong: str | None, weak: str | None) -> ModelChoice:
        return await self._source.choose(strong, weak)

    def open(self, name: str) -> Provider:
        if name not in self._opened:
            self._opened[name] = self._source.open(name)
        return _Lent(self._opened[name])

    async def warm(self) -> None:
        await self._source.warm()

    async def aclose(self) -> None:
        await asyncio.gather(*(provider.aclose() for provider in self._opened.values()))


class _Lent(StandIn):
    """A provider that whoever uses it cannot close."""

    async def aclose(self) -> None:
        """It is the lender's to close."""
