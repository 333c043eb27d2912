"""What happens to assistants who come before, while and after MCP is loaded?"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pairwright.daemon.assistants import Assistants
from pairwright.daemon.backend import Backend, McpFace, Stay
from pairwright.errors import UserError
from tests.support.waiting import within


@contextmanager
def staying() -> Iterator[None]:
    yield


class Face:
    def __init__(self) -> None:
        self.served = 0
        self.is_listening = asyncio.Event()

    async def serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.served += 1

    async def serve_http(self) -> None:
        self.is_listening.set()
        await asyncio.Event().wait()


class House:
    """A daemon's part that assistants meet."""

    def __init__(self) -> None:
        self.backend: asyncio.Future[Backend] = asyncio.get_running_loop().create_future()
        self.is_needed = asyncio.Event()
        self.face = Face()
        self.loaded = 0
        self.assistants = Assistants(self.backend, self.is_needed, staying)

    def open(self, *, is_http_wanted: bool = False) -> None:
        async def unused(*_: Any) -> Any:
            raise AssertionError

        async def load(stay: Stay) -> McpFace:
            self.loaded += 1
            await asyncio.sleep(0)
            return self.face

        self.backend.set_result(Backend(1.0, unused, unused, load, is_http_wanted))


class Said:
    """A writer that keeps what is written."""

    def __init__(self) -> None:
        self.lines: list[Any] = []

    def write(self, line: bytes) -> None:
        self.lines.append(json.loads(line))

    async def drain(self) -> None:
        """Nothing waits."""


def reader_of(content: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(content)
    reader.feed_eof()
    return reader


async def come(house: House, content: bytes = b"") -> list[Any]:
    said = Said()
    await house.assistants.serve_client(reader_of(content), said)  # type: ignore[arg-type]
    return said.lines


async def test_the_first_of_them_hastens_the_backend_and_loads_mcp_once_for_all() -> None:
    house = House()
    coming = [asyncio.ensure_future(come(house)) for _ in range(3)]
    async with within():
        await house.is_needed.wait()
        assert house.loaded == 0
        house.open()
        await asyncio.gather(*coming)
    assert (house.loaded, house.face.served) == (1, 3)


@pytest.mark.parametrize(
    ("line", "identity"),
    [(b'{"jsonrpc":"2.0","id":7,"method":"initialize"}\n', 7), (b"[]\n", None)],
)
async def test_when_the_workspace_cannot_be_opened_they_are_told(
    line: bytes, identity: Any
) -> None:
    house = House()
    house.backend.set_exception(UserError("the ledger cannot be opened"))
    async with within():
        (answer,) = await come(house, line)
    assert answer["id"] == identity
    assert answer["error"]["message"] == "the ledger cannot be opened"


@pytest.mark.parametrize("line", [b"", b"nonsense\n", b"[" * 100_000 + b"\n"])
async def test_who_says_nothing_of_use_is_told_nothing(line: bytes) -> None:
    house = House()
    house.backend.set_exception(UserError("no"))
    async with within():
        assert await come(house, line) == []


async def test_http_listens_only_when_it_is_wanted() -> None:
    unwanted, wanted = House(), House()
    unwanted.open()
    wanted.open(is_http_wanted=True)
    async with within():
        await unwanted.assistants.serve_http()
        serving = asyncio.ensure_future(wanted.assistants.serve_http())
        await wanted.face.is_listening.wait()
        serving.cancel()
    assert unwanted.loaded == 0


async def test_without_a_backend_there_is_no_http() -> None:
    house = House()
    house.backend.set_exception(UserError("no"))
    async with within():
        await house.assistants.serve_http()
