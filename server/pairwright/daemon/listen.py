"""Who may connect, and who is connected? A Unix socket that only this user can reach."""

import asyncio
import logging
import os
import socket
import stat
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import MappingProxyType

_BACKLOG = 128
_CREDENTIALS = struct.Struct("3i")
_log = logging.getLogger(__name__)

ServeClient = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Clients:
    """Those who are connected."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        """Serve each client as a task of the group."""
        self._group = group
        self._connected: set[asyncio.Task[None]] = set()
        self._guests: set[object] = set()
        """Those who are here by another way than our sockets."""
        self._changed = asyncio.Event()

    def admit(
        self,
        serve_client: ServeClient,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Serve a client that connected, unless it is another user."""
        if not is_own_user(writer.get_extra_info("socket")):
            _log.warning("refused a connection of another user")
            writer.close()
            return
        task = self._group.create_task(self._serve(serve_client, reader, writer))
        self._connected.add(task)
        self._changed.set()
        task.add_done_callback(self._left)

    async def none_for(self, seconds: float) -> None:
        """Return when nobody has been connected for that long."""
        while True:
            self._changed.clear()
            with suppress(TimeoutError):
                is_anyone_here = self._connected or self._guests
                async with asyncio.timeout(None if is_anyone_here else seconds):
                    await self._changed.wait()
                continue
            return

    @contextmanager
    def guest(self) -> Iterator[None]:
        """Count somebody as connected who came by another way than our sockets."""
        guest = object()
        self._guests.add(guest)
        self._changed.set()
        try:
            yield
        finally:
            self._guests.discard(guest)
            self._changed.set()

    def dismiss(self) -> None:
        """End all sessions."""
        for task in self._connected:
            task.cancel()

    async def _serve(
        self,
        serve_client: ServeClient,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        try:
            await serve_client(reader, writer)
        except Exception:
            # One client's bad luck must not end the others' sessions.
            _log.exception("a session ended by a bug")
        finally:
            writer.close()

    def _left(self, task: asyncio.Task[None]) -> None:
        self._connected.discard(task)
        self._changed.set()


@asynccontextmanager
async def listening(
    path: Path,
    serve_client: ServeClient,
    *,
    beside: Mapping[Path, ServeClient] = MappingProxyType({}),
) -> AsyncIterator[Clients]:
    """Listen on a socket, and on those `beside` it; at the end nobody is connected and all is gone.

    Who can connect to the socket can connect to those beside it. Invariant: the caller holds the
    workspace's lock, so a socket that lies there is stale.
    """
    # Those beside it first: who reaches the socket may rely on them.
    serving = {**beside, path: serve_client}
    async with AsyncExitStack() as opened:
        bound = [(opened.enter_context(_bound(place)), serving[place]) for place in serving]
        clients = Clients(await opened.enter_async_context(asyncio.TaskGroup()))
        opened.callback(clients.dismiss)
        for sock, serve in bound:
            server = await asyncio.start_unix_server(
                partial(clients.admit, serve), sock=sock, backlog=_BACKLOG
            )
            opened.callback(server.close)
        yield clients


def is_own_user(peer: socket.socket) -> bool:
    """Tell whether the other end is this user, where the system says so.

    Elsewhere the socket's directory, which only this user can enter, must do; over TCP a token.
    """
    if sys.platform != "linux" or peer.family != socket.AF_UNIX:
        return True
    packed = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(packed)[1] == os.getuid())


@contextmanager
def _bound(path: Path) -> Iterator[socket.socket]:
    _remove(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server_socket:
        server_socket.bind(os.fspath(path))
        path.chmod(0o600)
        try:
            yield server_socket
        finally:
            _remove(path)


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()
