"""How long does an editor wait for an answer? The least client there can be, with a clock."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pairwright.bench.children import MeasurementFailed
from pairwright.protocol.framing import frame

MOST_WAIT_S = 120.0
_HEADER_END = b"\r\n\r\n"


class LspClient:
    """One connection; answers are awaited, notifications go to a callback with their time."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_notification: Callable[[Mapping[str, Any], float], None] = lambda message, at: None,
    ) -> None:
        """Use `talking`."""
        self._reader = reader
        self._writer = writer
        self._on_notification = on_notification
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[tuple[Mapping[str, Any], float]]] = {}

    async def ask(self, method: str, params: Any) -> tuple[Mapping[str, Any], float]:
        """Return an answer, result or error, and the milliseconds until it had come.

        Raises:
            MeasurementFailed: it does not come.
        """
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        body = frame(json.dumps(request).encode())
        began = time.perf_counter()
        self._writer.write(body)
        try:
            async with asyncio.timeout(MOST_WAIT_S):
                message, at = await answer
        except (TimeoutError, EOFError) as error:
            raise MeasurementFailed(f"{method!r} is not answered") from error
        return message, (at - began) * 1000

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        self._writer.write(frame(json.dumps(message).encode()))

    async def hear(self) -> None:
        """Take what comes until the other side closes."""
        try:
            while True:
                header = await self._reader.readuntil(_HEADER_END)
                body = await self._reader.readexactly(_length(header))
                at = time.perf_counter()
                self._take(json.loads(body), at)
        except (asyncio.IncompleteReadError, ConnectionError):
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(EOFError())

    def _take(self, message: Mapping[str, Any], at: float) -> None:
        if "method" not in message:
            answer = self._waiting.pop(message["id"], None)
            if answer is not None and not answer.done():
                answer.set_result((message, at))
        elif "id" in message:
            answered = {"jsonrpc": "2.0", "id": message["id"], "result": None}
            self._writer.write(frame(json.dumps(answered).encode()))
        else:
            self._on_notification(message, at)


@asynccontextmanager
async def talking(client: LspClient) -> AsyncIterator[LspClient]:
    """Listen to a connection as long as it is needed."""
    async with asyncio.TaskGroup() as group:
        hearing = group.create_task(client.hear())
        try:
            yield client
        finally:
            hearing.cancel()


def _length(header: bytes) -> int:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise MeasurementFailed("a message has no length")
