"""What still has to reach the client? A bounded queue, so that a client that stops reading costs
us neither the loop nor memory.

Text deltas that wait side by side are joined, and a state that waits is replaced by its successor.
Nothing else is ever dropped.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from pairwright.lsp.stream.jsonrpc import serialise
from pairwright.protocol.framing import frame

MAX_WAITING_BYTES = 4 * 1024 * 1024
STALL_S = 60.0
"""Seconds after which a client that takes nothing counts as gone."""

Message = dict[str, Any]


@dataclass(slots=True)
class _Waiting:
    body: bytes
    key: Hashable = None
    text: str = ""
    """Of a delta: what `render` makes the body of."""


class Outbox:
    """Messages on their way to one client."""

    def __init__(
        self,
        writer: asyncio.StreamWriter,
        *,
        max_waiting_bytes: int = MAX_WAITING_BYTES,
        stall_s: float = STALL_S,
    ) -> None:
        """Write to `writer` as soon as `run` runs."""
        self._writer = writer
        self._max_waiting_bytes = max_waiting_bytes
        self._stall_s = stall_s
        self._queue: deque[_Waiting] = deque()
        self._latest: dict[Hashable, _Waiting] = {}
        self._waiting_bytes = 0
        self._is_closed = False
        self._something = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def put(self, message: Message) -> None:
        """Queue a message; taken even when there is no room, so await `room` now and then."""
        self._append(_Waiting(serialise(message)))

    def put_latest(self, key: Hashable, message: Message) -> None:
        """Queue a state; replaces an older state of that key that still waits."""
        body = serialise(message)
        if (waiting := self._latest.get(key)) is None:
            waiting = self._latest[key] = _Waiting(body, key)
            self._append(waiting)
        else:
            self._count(len(body) - len(waiting.body))
            waiting.body = body

    def put_delta(self, key: Hashable, text: str, render: Callable[[str], Message]) -> None:
        """Queue a piece of text; joined with the one before if that has the key and still waits."""
        last = self._queue[-1] if self._queue else None
        if last is not None and last.text and last.key == key:
            before = len(last.body)
            last.text += text
            last.body = serialise(render(last.text))
            self._count(len(last.body) - before)
        else:
            self._append(_Waiting(serialise(render(text)), key, text))

    async def room(self) -> None:
        """Wait until less than the bound is waiting."""
        await self._room.wait()

    async def run(self) -> None:
        """Write until closed and empty, or until the client takes nothing any more."""
        try:
            while True:
                await self._something.wait()
                if not self._queue:
                    return
                waiting = self._queue.popleft()
                if self._latest.get(waiting.key) is waiting:
                    del self._latest[waiting.key]
                self._count(-len(waiting.body))
                self._writer.write(frame(waiting.body))
                async with asyncio.timeout(self._stall_s):
                    await self._writer.drain()
                if not self._queue and not self._is_closed:
                    self._something.clear()
        except (TimeoutError, ConnectionError):
            # The reading side sees the end and cleans up.
            self._writer.transport.abort()
        finally:
            self._is_closed = True
            self._queue.clear()
            self._room.set()

    def close(self) -> None:
        """Take nothing more; `run` ends when the rest is written."""
        self._is_closed = True
        self._something.set()

    def _append(self, waiting: _Waiting) -> None:
        if self._is_closed:
            return
        self._queue.append(waiting)
        self._count(len(waiting.body))
        self._something.set()

    def _count(self, change: int) -> None:
        self._waiting_bytes += change
        if self._waiting_bytes < self._max_waiting_bytes:
            self._room.set()
        elif not self._is_closed:
            self._room.clear()
