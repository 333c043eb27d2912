"""What if a model takes its time? It answers when the test lets it."""

import asyncio
from collections.abc import AsyncGenerator, Iterable

from pairwright.llm.model import Completion, ModelRequest, TextDelta
from pairwright.llm.scripted_provider import ScriptedProvider, ScriptedReply
from tests.support.engines import price_of_role


class SlowModel(ScriptedProvider):
    """A weak model that thinks until it is told to answer."""

    def __init__(self, replies: Iterable[ScriptedReply]) -> None:
        super().__init__(
            "scripted/weak", replies, price=price_of_role("weak"), accepts_grammar=True
        )
        self.may_answer = asyncio.Event()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        await self.may_answer.wait()
        async for part in super().stream(request):
            yield part
