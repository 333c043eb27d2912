"""Who is admitted, and when is nobody there?"""

import asyncio
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from pairwright.daemon.listen import is_own_user, listening
from pairwright.daemon.lock import AlreadyRunning, sole_daemon
from tests.support.waiting import within


@pytest.fixture
def path() -> Path:
    """Return where to listen: short, since a socket's path must be."""
    return Path(os.environ["PAIRWRIGHT_RUNTIME_DIR"]) / "sock"


@pytest.fixture
def file_at(path: Path) -> Path:
    path.write_text("somebody's")
    return path


def is_there(path: Path) -> bool:
    return path.exists()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        if line == b"break\n":
            raise RuntimeError("a bug")
        writer.write(line)
    writer.close()


async def test_clients_are_served_side_by_side_and_one_bug_stays_its_own(path: Path) -> None:
    async with within(), listening(path, echo):
        streams = [await asyncio.open_unix_connection(str(path)) for _ in range(3)]
        streams[0][1].write(b"break\n")
        for reader, writer in streams[1:]:
            writer.write(b"hello\n")
            assert await reader.readline() == b"hello\n"
        for _, writer in streams:
            writer.close()
    assert not is_there(path)


async def test_a_stale_socket_is_replaced(path: Path) -> None:
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    async with listening(path, echo):
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b"hello\n")
        assert await reader.readline() == b"hello\n"
        writer.close()


async def test_a_file_in_the_sockets_place_is_nobodys_to_remove(file_at: Path) -> None:
    with pytest.raises(OSError, match="in use"):
        async with listening(file_at, echo):
            pass
    assert is_there(file_at)


async def test_nobody_there_for_a_while_is_noticed_only_then(path: Path) -> None:
    async with within(), listening(path, echo) as clients:
        _, writer = await asyncio.open_unix_connection(str(path))
        idle = asyncio.ensure_future(clients.none_for(0.05))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await asyncio.shield(idle)
        writer.close()
        await idle


async def test_the_end_dismisses_those_who_are_connected(path: Path) -> None:
    async with within():
        async with listening(path, echo):
            reader, writer = await asyncio.open_unix_connection(str(path))
            writer.write(b"hello\n")
            await reader.readline()
        assert await reader.read() == b""
        writer.close()


async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(line.upper())


async def test_a_socket_beside_it_is_served_by_its_own_and_goes_with_it(path: Path) -> None:
    other = path.with_name("mcp")
    async with within(), listening(path, echo, beside={other: shout}):
        for place, heard in ((path, b"hello\n"), (other, b"HELLO\n")):
            assert stat.S_IMODE(mode_of(place)) == 0o600
            reader, writer = await asyncio.open_unix_connection(str(place))
            writer.write(b"hello\n")
            assert await reader.readline() == heard
            writer.close()
    assert not is_there(path)
    assert not is_there(other)


async def test_another_users_connection_is_closed_unanswered(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T20."""
    own = os.getuid()
    other = path.with_name("mcp")
    async with within(), listening(path, echo, beside={other: shout}):
        monkeypatch.setattr(os, "getuid", lambda: own + 1)
        for place in (path, other):
            reader, writer = await asyncio.open_unix_connection(str(place))
            with suppress(ConnectionError):
                writer.write(b"hello\n")
                assert await reader.read() == b""
            writer.close()
        monkeypatch.undo()


async def test_a_guest_counts_as_somebody(path: Path) -> None:
    async with within(), listening(path, echo) as clients:
        with clients.guest():
            idle = asyncio.ensure_future(clients.none_for(0.05))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await asyncio.shield(idle)
        await idle


def mode_of(path: Path) -> int:
    return path.stat().st_mode


def test_this_user_is_this_user() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert is_own_user(ours)


def test_the_lock_has_one_holder_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with sole_daemon(lock), pytest.raises(AlreadyRunning), sole_daemon(lock):
        pass
    with sole_daemon(lock):
        pass
    assert lock.exists()


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"), sole_daemon(tmp_path / "lock"):
        pass
    assert not (tmp_path / "elsewhere").exists()
