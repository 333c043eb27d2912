"""Who may connect, and who is connected? A Unix socket that only this user can reach."""

import asyncio
import logging
import os
import socket
import stat
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_BACKLOG = 128
_CREDENTIALS = struct.Struct("3i")
_log = logging.getLogger(__name__)

ServeClient = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Clients:
    """Those who are connected."""

    def __init__(self, serve_client: ServeClient, group: asyncio.TaskGroup) -> None:
        """Serve each client as a task of the group."""
        self._serve_client = serve_client
        self._group = group
        self._connected: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a client that connected, unless it is another user."""
        if not is_own_user(writer.get_extra_info("socket")):
            _log.warning("refused a connection of another user")
            writer.close()
            return
        task = self._group.create_task(self._serve(reader, writer))
        self._connected.add(task)
        self._changed.set()
        task.add_done_callback(self._left)

    async def none_for(self, seconds: float) -> None:
        """Return when nobody has been connected for that long."""
        while True:
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(None if self._connected else seconds):
                    await self._changed.wait()
                continue
            return

    def dismiss(self) -> None:
        """End all sessions."""
        for task in self._connected:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve_client(reader, writer)
        except Exception:
            # One client's bad luck must not end the others' sessions.
            _log.exception("a session ended by a bug")
        finally:
            writer.close()

    def _left(self, task: asyncio.Task[None]) -> None:
        self._connected.discard(task)
        self._changed.set()


@asynccontextmanager
async def listening(path: Path, serve_client: ServeClient) -> AsyncIterator[Clients]:
    """Listen on a socket; at the end nobody is connected and the socket is gone.

    Invariant: the caller holds the workspace's lock, so a socket that lies there is stale.
    """
    server_socket = _bind(path)
    try:
        async with asyncio.TaskGroup() as group:
            clients = Clients(serve_client, group)
            server = await asyncio.start_unix_server(
                clients.admit, sock=server_socket, backlog=_BACKLOG
            )
            try:
                yield clients
            finally:
                server.close()
                clients.dismiss()
    finally:
        server_socket.close()
        _remove(path)


def is_own_user(peer: socket.socket) -> bool:
    """Tell whether the other end is this user, where the system says so.

    Elsewhere the socket's directory, which only this user can enter, must do.
    """
    if sys.platform != "linux":
        return True
    packed = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(packed)[1] == os.getuid())


def _bind(path: Path) -> socket.socket:
    _remove(path)
    server_socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server_socket.bind(os.fspath(path))
        path.chmod(0o600)
    except BaseException:
        server_socket.close()
        raise
    return server_socket


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()
