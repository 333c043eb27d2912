"""How does a client ask a model that it lends? By our request, whose answer comes in pieces."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from pairwright.engine.models.lending import Answering
from pairwright.errors import InvalidRequest, Unavailable
from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.protocol import methods
from pairwright.protocol.codec import decode, encode
from pairwright.protocol.lending_messages import AskDelta, AskParams, AskResult


class Lender:
    """Has one client ask its models."""

    def __init__(self, connection: Connection) -> None:
        """Take the client's connection."""
        self._connection = connection
        self._numbers = itertools.count(1)
        self._listening: dict[str, Callable[[str], None]] = {}

    @asynccontextmanager
    async def ask(self, params: AskParams) -> AsyncGenerator[Answering, None]:
        """Have the client ask; it is told to stop when the block ends before the answer does."""
        token = f"ask-{next(self._numbers)}"
        question = encode(replace(params, partial_result_token=token))
        async with self._connection.asking(methods.ASK, question) as answer:
            answering = _Answering(params.model, answer)
            self._listening[token] = answering.take
            try:
                yield answering
            finally:
                del self._listening[token]

    def take_progress(self, params: Any) -> None:
        """Take a piece of an answer in; one that nobody waits for is dropped.

        Raises:
            InvalidRequest: it is no piece of an answer.
        """
        token = params.get("token") if isinstance(params, dict) else None
        take = self._listening.get(token) if isinstance(token, str) else None
        if take is not None:
            take(decode(AskDelta, params.get("value")).text)


class _Answering:
    """The pieces of one answer, in their order, and its end."""

    def __init__(self, model: str, answer: "asyncio.Future[Any]") -> None:
        self._model = model
        self._answer = answer
        self._news: asyncio.Queue[str | None] = asyncio.Queue()
        answer.add_done_callback(lambda _: self._news.put_nowait(None))

    def take(self, text: str) -> None:
        self._news.put_nowait(text)

    async def next_piece(self) -> str | None:
        return await self._news.get()

    def result(self) -> AskResult:
        try:
            return decode(AskResult, self._answer.result())
        except ClientGone:
            raise Unavailable(f"the editor left while it asked {self._model!r}") from None
        except (ProtocolError, InvalidRequest):
            raise Unavailable(f"the editor could not ask {self._model!r}") from None
