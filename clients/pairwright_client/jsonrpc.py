"""How do two peers speak JSON-RPC over a stream? Requests, notifications, cancellation.

It knows nothing of what the methods mean.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, Self

from pairwright.protocol.framing import frame
from pairwright_client.errors import EXIT_FAILED, EXIT_USAGE, ConnectionLost, RemoteError
from pairwright_client.framing import FrameParser

CANCEL_GRACE_S = 3.0
"""How long a cancelled request waits for the peer's last word."""

METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
_CHUNK_BYTES = 65536

OnNotification = Callable[[str, Any], None]


class Connection:
    """One JSON-RPC peer; an async context manager that reads in the background."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        on_notification: OnNotification,
    ) -> None:
        """Take a connected stream; notifications go to the callback in the order they came."""
        self._reader = reader
        self._writer = writer
        self._on_notification = on_notification
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._ids = count(1)
        self._reading: asyncio.Task[None] | None = None
        self._closed: Exception | None = None

    async def __aenter__(self) -> Self:
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})
        self._writer.close()

    async def request(self, method: str, params: Any, *, timeout_s: float | None = None) -> Any:
        """Ask, and return the result; when cancelled, tell the peer and wait for it, bounded.

        Raises:
            RemoteError: the peer answered with an error.
            ConnectionLost: the peer went away, or did not answer in time.
        """
        if self._closed is not None:
            raise self._closed
        request_id = next(self._ids)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[request_id] = answer
        try:
            await self._send({"id": request_id, "method": method, "params": params})
            done, _ = await asyncio.wait({answer}, timeout=timeout_s)
            if not done:
                raise ConnectionLost(f"the daemon did not answer {method} within {timeout_s:g} s")
            return answer.result()
        except asyncio.CancelledError:
            await self._cancel(request_id, answer)
            raise
        finally:
            del self._pending[request_id]
            if answer.done():
                answer.exception()  # Looked at, so that asyncio does not report it as forgotten.

    async def notify(self, method: str, params: Any) -> None:
        """Tell; there is no answer.

        Raises:
            ConnectionLost: the peer went away.
        """
        await self._send({"method": method, "params": params})

    async def _cancel(self, request_id: int, answer: asyncio.Future[Any]) -> None:
        if not answer.done() and self._closed is None:
            with suppress(ConnectionLost):
                await self.notify("$/cancelRequest", {"id": request_id})
                await asyncio.wait({answer}, timeout=CANCEL_GRACE_S)

    async def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False)
        try:
            # A lone surrogate, from a broken argument, has no UTF-8.
            self._writer.write(frame(body.encode("utf-8", "replace")))
            await self._writer.drain()
        except OSError as error:
            raise ConnectionLost("the daemon closed the connection") from error

    async def _read(self) -> None:
        parser = FrameParser()
        try:
            while received := await self._next_chunk():
                for body in parser.feed(received):
                    await self._receive(body)
            self._close(ConnectionLost("the daemon closed the connection"))
        except Exception as error:
            # What a callback meets, such as a closed terminal, must reach whoever waits for an
            # answer: it is not the daemon's doing, and must not end in silence.
            self._close(error)

    async def _next_chunk(self) -> bytes:
        """Return what came; nothing when the peer is gone, however it went."""
        try:
            return await self._reader.read(_CHUNK_BYTES)
        except OSError:
            return b""

    async def _receive(self, body: bytes) -> None:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            raise ConnectionLost("the daemon sent what is no JSON") from None
        if not isinstance(message, dict):
            raise ConnectionLost("the daemon sent what is no JSON-RPC message")
        if "method" not in message:
            self._settle(message)
        elif "id" in message:
            error = {"code": METHOD_NOT_FOUND, "message": "this client answers no requests"}
            await self._send({"id": message["id"], "error": error})
        else:
            self._on_notification(str(message["method"]), message.get("params"))

    def _settle(self, message: dict[str, Any]) -> None:
        request_id = message.get("id")
        answer = self._pending.get(request_id) if isinstance(request_id, int) else None
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(_remote_error(message["error"]))
        else:
            answer.set_result(message.get("result"))

    def _close(self, reason: Exception) -> None:
        self._closed = reason
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(reason)


def _remote_error(error: Any) -> RemoteError:
    fields = error if isinstance(error, dict) else {}
    details = fields.get("data")
    unpriced = details.get("unpricedModel") if isinstance(details, dict) else None
    code = fields.get("code")
    usage = isinstance(details, dict) and details.get("exitCode") == EXIT_USAGE
    usage = usage or code == INVALID_PARAMS
    return RemoteError(
        code if isinstance(code, int) else 0,
        str(fields.get("message") or "the daemon failed without saying why"),
        exit_code=EXIT_USAGE if usage else EXIT_FAILED,
        unpriced_model=unpriced if isinstance(unpriced, str) else "",
    )
