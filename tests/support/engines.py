"""How does a test open an engine? The real one, on a real directory, with scripted models."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pairwright.engine.engine import Engine
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Message, Price, Provider, Usage
from pairwright.llm.scripted_provider import ScriptedProvider, ScriptedReply
from pairwright.settings import Settings
from tests.support.inline_workers import InlineWorkers

Role = Literal["weak", "strong"]

_PER_MILLION = Decimal(1_000_000)
USAGE = Usage(uncached_input=1000, cache_read=0, cache_write=0, output=100)
"""Of every answer that says so, so that a reader can check the cost in the head."""


class EvenProvider(ScriptedProvider):
    """Counts every prompt alike, so that no figure depends on how the prompts are worded."""

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        return USAGE.uncached_input


def scripted_model(role: Role, replies: Iterable[ScriptedReply] = ()) -> EvenProvider:
    """Return a model with a price, that takes grammars: even short files are edited by blocks."""
    return EvenProvider(
        f"scripted/{role}", replies, price=price_of_role(role), accepts_grammar=True
    )


def price_of_role(role: Role) -> Price:
    """Return $1 a million tokens read and $2 written for the weak model, ten times that strong."""
    factor = Decimal(1) if role == "weak" else Decimal(10)
    return Price(
        input_usd=factor / _PER_MILLION,
        output_usd=2 * factor / _PER_MILLION,
        cache_read_usd=factor / _PER_MILLION,
        cache_write_usd=factor / _PER_MILLION,
        source="scripted",
    )


class ScriptedModels:
    """A `ModelSource` of two given providers; one may play both parts."""

    def __init__(self, strong: Provider, weak: Provider) -> None:
        self._pair = (strong.model, weak.model)
        self.remote: frozenset[str] = frozenset()
        """Those for which code is said to leave this machine."""
        self._providers = {provider.model: provider for provider in (strong, weak)}
        self.warmed = 0
        self.opened: list[str] = []
        """The names in the order in which they were opened."""

    async def choose(self, strong: str | None, weak: str | None) -> ModelChoice:
        return ModelChoice(*self._pair, "the test says so", self.remote)

    def open(self, name: str) -> Provider:
        self.opened.append(name)
        return self._providers[name]

    async def warm(self) -> None:
        """Nothing to load; note that it was asked for."""
        self.warmed += 1


def write_files(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a directory that need not exist; text as UTF-8, line ends as they are."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@asynccontextmanager
async def opened_engine(
    directory: Path, models: ScriptedModels, settings: Settings
) -> AsyncGenerator[Engine, None]:
    """Open the engine of `directory/workspace`, its state beside it; closed at the end."""
    root = directory / "workspace"
    engine = await Engine.open(
        root,
        settings,
        state_dir=directory / "state",
        prompts_dir=directory / "prompts",
        env={},
        models=models,
        workers=InlineWorkers(root),
    )
    try:
        yield engine
    finally:
        await engine.close()
