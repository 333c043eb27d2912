"""What may a client say when? The life of an LSP session, from `initialize` to `exit`.

Light to import, so that `initialize` is answered before the features behind it are loaded.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from pairwright.lsp.handshake import ClientTraits, initialize_result, read_initialize
from pairwright.lsp.parent import watch
from pairwright.lsp.stream.connection import Connection, Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.lsp.stream.origin import session_id

_session_numbers = itertools.count(1)


class Features(Protocol):
    """What a session offers once it has begun."""

    @property
    def requests(self) -> Mapping[str, Callable[[Any], Work]]:
        """By method: checks the params and returns the work."""
        ...

    @property
    def notifications(self) -> Mapping[str, Callable[[Any], None]]:
        """By method."""
        ...

    async def close(self) -> None:
        """Give back what the session held."""
        ...


OpenFeatures = Callable[[Connection, ClientTraits], Awaitable[Features]]
"""Opens the session of a client that said `initialize`; may take as long as loading takes."""

Requests = Mapping[str, Callable[[Any], Work]]
"""By method: checks the params and returns the work."""

OpenFirst = Callable[[Connection], Awaitable[Requests]]
"""Opens what can be answered before there are sessions; empty as soon as there can be."""


async def serve_client(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    root: Path,
    open_features: OpenFeatures,
    open_first: OpenFirst | None = None,
) -> None:
    """Serve one client until it leaves."""
    session_id.set(f"s{next(_session_numbers)}")
    connection = Connection(reader, writer)
    lifecycle = Lifecycle(
        root,
        lambda traits: open_features(connection, traits),
        partial(open_first, connection) if open_first is not None else None,
        on_parent_end=connection.hang_up,
    )
    try:
        await connection.serve(lifecycle)
    finally:
        await lifecycle.close()


class Lifecycle:
    """The router that knows the order of things (LSP 3.17, "Server lifecycle")."""

    def __init__(
        self,
        root: Path,
        open_features: Callable[[ClientTraits], Awaitable[Features]],
        open_first: Callable[[], Awaitable[Requests]] | None = None,
        *,
        on_parent_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Wait for `initialize`; tell when the process that said it has ended."""
        self._root = root
        self._open_features = open_features
        self._open_first = open_first
        self._traits: ClientTraits | None = None
        self._features: Features | None = None
        self._on_parent_end = on_parent_end
        self._stop_watching: Callable[[], None] = lambda: None
        self._is_shut_down = False
        self._is_finished = False

    @property
    def is_finished(self) -> bool:
        """Whether the client said `exit`."""
        return self._is_finished

    async def on_request(self, method: str, params: Any) -> Work:
        """Return the work of a request, or say why not now."""
        if self._is_shut_down:
            raise ProtocolError(ErrorCode.INVALID_REQUEST, "the session is shut down")
        if method == "initialize":
            return self._initialize(params)
        if self._traits is None:
            raise ProtocolError(ErrorCode.SERVER_NOT_INITIALIZED, "say 'initialize' first")
        if method == "shutdown":
            self._is_shut_down = True
            return _nothing
        if self._features is None and self._open_first is not None:
            begin = (await self._open_first()).get(method)
            if begin is not None:
                return begin(params)
        features = await self._opened(self._traits)
        if begin := features.requests.get(method):
            return begin(params)
        if method in features.notifications:
            raise ProtocolError(ErrorCode.INVALID_REQUEST, f"{method!r} takes no id")
        raise ProtocolError(ErrorCode.METHOD_NOT_FOUND, f"no method {method[:100]!r}")

    async def on_notification(self, method: str, params: Any) -> None:
        """Take a notification in; what makes no sense now is ignored."""
        if method == "exit":
            self._is_finished = True
        elif method == "initialized" and not (self._traits and self._traits.awaits_session):
            pass  # Nothing to do, so not worth a session; what is asked next may need none.
        elif self._traits is not None and not self._is_shut_down:
            features = await self._opened(self._traits)
            if take := features.notifications.get(method):
                take(params)

    async def close(self) -> None:
        """End the session."""
        self._stop_watching()
        if self._features is not None:
            await self._features.close()

    def _initialize(self, params: Any) -> Work:
        if self._traits is not None:
            raise ProtocolError(ErrorCode.INVALID_REQUEST, "'initialize' was said before")
        traits = self._traits = read_initialize(params, self._root)
        if traits.process_id is not None:
            self._stop_watching = watch(traits.process_id, self._on_parent_end)

        async def answer() -> dict[str, Any]:
            return initialize_result(traits)

        return answer

    async def _opened(self, traits: ClientTraits) -> Features:
        if self._features is None:
            self._features = await self._open_features(traits)
        return self._features


async def _nothing() -> None:
    """Do nothing: the answer is all."""
