"""Who gets in over loopback? Those who show the token before anything else."""

import asyncio
import json
import os
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pairwright.daemon import tcp
from pairwright.daemon.listen import listening
from pairwright.daemon.tcp import listening_on_loopback
from pairwright.errors import InvalidSettings
from pairwright.protocol.loopback import TCP_FILE, greeting
from pairwright_client import loopback
from pairwright_client.errors import DaemonUnavailable
from tests.support.waiting import within

GREETING = greeting("")[:-1]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(line)


@pytest.fixture
def directory() -> Path:
    return Path(os.environ["PAIRWRIGHT_RUNTIME_DIR"])


@asynccontextmanager
async def served(directory: Path) -> AsyncIterator[tuple[int, bytes]]:
    """Give the port and the token of a listener that echoes."""
    async with (
        within(),
        listening(directory / "sock", echo) as clients,
        listening_on_loopback(directory / TCP_FILE, clients, echo) as port,
    ):
        said = json.loads(private(directory).read_text())
        assert said["port"] == port
        yield port, said["token"].encode()


def private(directory: Path) -> Path:
    place = directory / TCP_FILE
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    return place


async def told(port: int, sent: bytes) -> bytes:
    """Send something and return all that comes until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_with_the_token_the_protocol_begins_at_the_next_byte(directory: Path) -> None:
    async with served(directory) as (port, token):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GREETING + token + b"\nhello\n")
        assert await reader.readline() == b"hello\n"
        writer.close()
    assert not (directory / TCP_FILE).exists()


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"Content-Length: 2\r\n\r\n{}",
        GREETING + b"x" * 43 + b"\n",
        GREETING + b"\n" + b"x" * 43,
        GREETING.lower() + b"x" * 43 + b"\n",
    ],
)
async def test_without_it_nothing_is_said(directory: Path, sent: bytes) -> None:
    async with served(directory) as (port, _):
        assert await told(port, sent) == b""


async def test_a_token_that_is_cut_off_or_longer_is_none(directory: Path) -> None:
    async with served(directory) as (port, token):
        for shown in (token[:-1] + b"\n\n", token + b"x\n", b"x" + token):
            assert await told(port, GREETING + shown) == b""


async def test_who_says_nothing_is_dropped(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp, "GREETING_TIMEOUT_S", 0.05)
    async with served(directory) as (port, _):
        assert await told(port, b"") == b""


async def test_it_can_only_be_reached_from_this_machine(directory: Path) -> None:
    async with (
        within(),
        listening(directory / "sock", echo) as clients,
        listening_on_loopback(directory / TCP_FILE, clients, echo) as port,
    ):
        # All addresses would be one more than this one.
        with socket.socket() as other:
            other.bind(("127.0.0.2", port))


async def test_a_link_in_the_files_place_is_not_followed(directory: Path) -> None:
    elsewhere = directory / "elsewhere"
    (directory / TCP_FILE).symlink_to(elsewhere)
    async with served(directory):
        assert not elsewhere.exists()


async def test_a_client_gets_in_by_the_file_alone(directory: Path) -> None:
    async with served(directory):
        peer = await asyncio.to_thread(loopback.connect, directory / TCP_FILE)
        with peer:
            peer.sendall(b"hello\n")
            assert await asyncio.to_thread(peer.recv, 6) == b"hello\n"


@pytest.mark.parametrize(
    "written",
    ["", "{", "[]", "5", '{"port": "1", "token": "x"}', '{"port": 0, "token": "x"}', '{"port": 1}'],
)
def test_a_file_that_names_no_door_is_told(directory: Path, written: str) -> None:
    (directory / TCP_FILE).write_text(written)
    with pytest.raises(InvalidSettings, match="does not say where the daemon listens"):
        loopback.connect(directory / TCP_FILE)


def test_a_file_that_is_not_there_and_a_daemon_that_has_gone_are_told(directory: Path) -> None:
    with pytest.raises(InvalidSettings, match="cannot be read: No such file"):
        loopback.connect(directory / TCP_FILE)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        (directory / TCP_FILE).write_text(json.dumps({"port": port, "token": "x"}))
        with pytest.raises(DaemonUnavailable, match="start one with 'pairwright daemon --tcp'"):
            loopback.connect(directory / TCP_FILE)
