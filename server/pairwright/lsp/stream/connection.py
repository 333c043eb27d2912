"""How do requests and answers cross one byte stream? One `Connection` a client, nothing shared.

Every request is answered exactly once: with its result, its error, or "cancelled". Requests run as
tasks side by side; notifications are handled in the order in which they come.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol

from pairwright.lsp.stream.failures import ErrorCode, ProtocolError, error_object, to_error
from pairwright.lsp.stream.framing import MAX_BODY_BYTES, BadFrame, ForeignProtocol, read_frame
from pairwright.lsp.stream.jsonrpc import (
    Invalid,
    MessageId,
    Notification,
    Request,
    Response,
    is_id,
    parse,
)
from pairwright.lsp.stream.outbox import STALL_S, Outbox
from pairwright.lsp.stream.pace import Pace

MAX_RUNNING_REQUESTS = 256
_MAX_COMPLAINTS = 20
_FLUSH_S = 2.0
_log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[Any]]
"""What a request does; its value is the result as JSON data."""


class Router(Protocol):
    """What is behind a connection."""

    @property
    def is_finished(self) -> bool:
        """Whether the client said that it goes."""
        ...

    async def on_request(self, method: str, params: Any) -> Work:
        """Return the work of a request, called in the order of arrival.

        Raises:
            Exception: the request cannot be met; answered as `to_error` has it.
        """
        ...

    async def on_notification(self, method: str, params: Any) -> None:
        """Take a notification in, in the order of arrival."""
        ...


class ClientGone(Exception):
    """The client left while we waited for its answer."""


class Connection:
    """One client's stream."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        max_body_bytes: int = MAX_BODY_BYTES,
        stall_s: float = STALL_S,
        pace: Pace | None = None,
    ) -> None:
        """Take over both ends of the stream; None: the usual pace."""
        self._reader = reader
        self._writer = writer
        self._max_body_bytes = max_body_bytes
        self._outbox = Outbox(writer, stall_s=stall_s)
        self._pace = pace or Pace()
        self._running: dict[MessageId, asyncio.Task[Any]] = {}
        self._asked: dict[MessageId, asyncio.Future[Any]] = {}
        self._given_up: set[MessageId] = set()
        """What we asked and cancelled; its answer is still to come, and nobody waits for it."""
        self._is_gone = False
        self._last_asked = 0
        self._complaints = 0

    async def serve(self, router: Router) -> None:
        """Read until the client leaves, then cancel what it was waiting for."""
        giving_up: asyncio.TimerHandle | None = None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._outbox.run())
                try:
                    await self._read(router, group)
                finally:
                    self._abandon()
                    loop = asyncio.get_running_loop()
                    giving_up = loop.call_later(_FLUSH_S, self._writer.transport.abort)
        finally:
            if giving_up is not None:
                giving_up.cancel()
            self._writer.close()

    def hang_up(self) -> None:
        """End the stream at once; `serve` then sees that the client is gone."""
        self._writer.transport.abort()

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._outbox.put({"method": method, "params": params})

    def notify_latest(self, method: str, params: Any) -> None:
        """Send a notification that makes an older one of the same method pointless."""
        self._outbox.put_latest(method, {"method": method, "params": params})

    async def progress(self, token: MessageId, value: Any) -> None:
        """Send a partial result; waits while the client reads too slowly."""
        await self._outbox.room()
        self._outbox.put(_progress(token, value))

    def progress_latest(self, token: MessageId, value: Any) -> None:
        """Send a partial result that makes an older one of the same token pointless."""
        self._outbox.put_latest(("$/progress", token), _progress(token, value))

    async def progress_text(
        self, token: MessageId, text: str, render: Callable[[str], Any]
    ) -> None:
        """Send a piece of text as `render` shapes it; joined with the piece that still waits."""
        await self._outbox.room()
        self._outbox.put_delta(token, text, lambda joined: _progress(token, render(joined)))

    async def request(self, method: str, params: Any, *, timeout_s: float) -> Any:
        """Ask the client; returns its result.

        Raises:
            ProtocolError: it answered with an error.
            ClientGone: it left.
            TimeoutError: it did not answer in time.
        """
        identity, answer = self._begin_asking(method, params)
        try:
            async with asyncio.timeout(timeout_s):
                return await answer
        finally:
            del self._asked[identity]

    @asynccontextmanager
    async def asking(self, method: str, params: Any) -> AsyncGenerator["asyncio.Future[Any]", None]:
        """Ask the client, and give its answer to come; see `request` for how that fails.

        Whoever leaves the block before it has come cancels the question.
        """
        identity, answer = self._begin_asking(method, params)
        try:
            yield answer
        finally:
            del self._asked[identity]
            if not answer.done():
                answer.cancel()
                self._given_up.add(identity)
                self.notify("$/cancelRequest", {"id": identity})
            elif not answer.cancelled():
                answer.exception()  # Looked at, whether or not anybody wanted to know.

    def _begin_asking(self, method: str, params: Any) -> "tuple[MessageId, asyncio.Future[Any]]":
        self._last_asked += 1
        identity = f"pairwright-{self._last_asked}"
        answer = self._asked[identity] = asyncio.get_running_loop().create_future()
        if self._is_gone:
            answer.set_exception(ClientGone("the client left"))
        self._outbox.put({"id": identity, "method": method, "params": params})
        return identity, answer

    async def _read(self, router: Router, group: asyncio.TaskGroup) -> None:
        while not router.is_finished:
            await self._outbox.room()
            await self._pace.next()
            try:
                body = await read_frame(self._reader, max_body_bytes=self._max_body_bytes)
            except ForeignProtocol as error:
                self._complain(str(error))
                return
            except BadFrame as error:
                self._refuse(None, ErrorCode.PARSE_ERROR, str(error))
                return
            except ConnectionError:
                return
            if body is None:
                return
            match parse(body):
                case Request() as request:
                    await self._take_request(request, router, group)
                case Notification("$/cancelRequest", params):
                    self._cancel(params)
                case Notification(method, params):
                    await self._take_notification(method, params, router)
                case Response() as response:
                    self._take_response(response)
                case Invalid(identity, code, reason):
                    self._refuse(identity, code, reason)

    async def _take_request(
        self, request: Request, router: Router, group: asyncio.TaskGroup
    ) -> None:
        try:
            if request.id in self._running:
                reason = "a request with this id is still running"
                raise ProtocolError(ErrorCode.INVALID_REQUEST, reason)
            if len(self._running) >= MAX_RUNNING_REQUESTS:
                reason = f"{MAX_RUNNING_REQUESTS} requests are running: wait for one of them"
                raise ProtocolError(ErrorCode.REQUEST_FAILED, reason)
            work = await router.on_request(request.method, request.params)
        except Exception as error:
            self._log_request(request.method, time.monotonic(), "refused")
            self._outbox.put({"id": request.id, "error": to_error(error)})
            return
        task = group.create_task(_outcome(work), name=request.method)
        self._running[request.id] = task
        task.add_done_callback(partial(self._answer, request, time.monotonic()))

    def _answer(self, request: Request, started: float, task: asyncio.Task[dict[str, Any]]) -> None:
        # A callback, since a task that is cancelled before its first step runs none of its body.
        self._running.pop(request.id, None)
        if task.cancelled():
            cancelled = error_object(ErrorCode.REQUEST_CANCELLED, "cancelled")
            outcome: dict[str, Any] = {"error": cancelled}
        else:
            outcome = task.result()
        self._log_request(request.method, started, "failed" if "error" in outcome else "done")
        try:
            self._outbox.put({"id": request.id, **outcome})
        except (TypeError, ValueError) as error:
            self._outbox.put({"id": request.id, "error": to_error(error)})

    async def _take_notification(self, method: str, params: Any, router: Router) -> None:
        try:
            await router.on_notification(method, params)
        except Exception as error:
            self._complain(f"{method[:60]!r} ignored: {to_error(error)['message']}")

    def _take_response(self, response: Response) -> None:
        if response.id in self._given_up:
            self._given_up.discard(response.id)
            return
        answer = self._asked.get(response.id)
        if answer is None or answer.done():
            self._complain("an answer to nothing that we asked")
        elif response.error is not None:
            answer.set_exception(ProtocolError(ErrorCode.REQUEST_FAILED, response.error))
        else:
            answer.set_result(response.result)

    def _cancel(self, params: Any) -> None:
        identity = params.get("id") if isinstance(params, dict) else None
        task = self._running.get(identity) if is_id(identity) else None
        if task is not None:  # Otherwise it was just answered, which is usual.
            task.cancel()

    def _refuse(self, identity: MessageId | None, code: ErrorCode, reason: str) -> None:
        self._complain(reason)
        self._outbox.put({"id": identity, "error": error_object(code, reason)})

    def _abandon(self) -> None:
        self._is_gone = True
        for task in tuple(self._running.values()):
            task.cancel()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(ClientGone("the client left"))
        self._outbox.close()

    def _complain(self, reason: str) -> None:
        self._complaints += 1
        if self._complaints <= _MAX_COMPLAINTS:
            _log.warning("protocol: %.160s", reason)

    def _log_request(self, method: str, started: float, ending: str) -> None:
        duration_ms = round((time.monotonic() - started) * 1000)
        _log.info("%.62r %s in %d ms", method, ending, duration_ms)


async def _outcome(work: Work) -> dict[str, Any]:
    try:
        return {"result": await work()}
    except Exception as error:
        return {"error": to_error(error)}


def _progress(token: MessageId, value: Any) -> dict[str, Any]:
    return {"method": "$/progress", "params": {"token": token, "value": value}}
