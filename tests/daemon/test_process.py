"""Does a real daemon process start once, recover, and end?"""

import asyncio
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pairwright.protocol.rendezvous import Rendezvous
from tests.lsp.peers import RawClient
from tests.support.waiting import eventually, within

Process = asyncio.subprocess.Process
PROJECT = Path(__file__).parents[2]


class Starter:
    """Starts daemons of one workspace."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rendezvous = Rendezvous.for_workspace(root)
        self.processes: list[Process] = []
        self.clients: list[RawClient] = []

    async def start(self, *, idle_s: float = 60, flags: tuple[str, ...] = ()) -> Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.daemon.fake_daemon"),
            *(str(self.root), str(idle_s), *flags),
            cwd=PROJECT,
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self.processes.append(process)
        return process

    async def connect(self) -> RawClient:
        """Connect as soon as somebody listens."""
        async with within(10):
            while True:
                with suppress(OSError):
                    path = str(self.rendezvous.socket)
                    client = RawClient(*await asyncio.open_unix_connection(path))
                    self.clients.append(client)
                    return client
                await asyncio.sleep(0.01)


@pytest.fixture
async def starter(tmp_path: Path) -> AsyncIterator[Starter]:
    root = tmp_path / "workspace"
    root.mkdir()
    starter = Starter(root)
    yield starter
    for client in starter.clients:
        client.writer.close()
        with suppress(ConnectionError):
            await client.writer.wait_closed()
    for process in starter.processes:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def ended(process: Process) -> int:
    """Return the exit code of a process that is about to end."""
    async with within(10):
        return await process.wait()


async def say_hello(client: RawClient) -> Any:
    await client.initialize()
    return await client.call("pairwright/status", {})


async def test_a_client_is_served_over_a_socket_that_is_ours_alone(starter: Starter) -> None:
    await starter.start()
    client = await starter.connect()
    assert (await say_hello(client))["result"] == {"client": "unnamed"}
    mode = starter.rendezvous.socket.lstat().st_mode
    assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode)) == (True, 0o600)


async def test_two_clients_have_their_own_sessions(starter: Starter) -> None:
    await starter.start()
    first, second = await starter.connect(), await starter.connect()
    await say_hello(first)
    assert (await second.call("pairwright/status", {}))["error"]["code"] == -32002
    second.notify("exit")
    assert await second.receive() is None
    assert "result" in await first.call("pairwright/status", {})


async def test_what_needs_only_the_index_is_answered_before_the_rest_is_loaded(
    starter: Starter,
) -> None:
    await starter.start(flags=("unfinished",))
    client = await starter.connect()
    await client.initialize()
    client.notify("initialized", {})
    answer = await client.call("pairwright/symbols", {})
    assert answer["result"] == "before the rest"


async def test_what_a_session_answers_is_left_to_it_once_it_can_be_opened(
    starter: Starter,
) -> None:
    await starter.start()
    assert "result" in await say_hello(await starter.connect())
    client = await starter.connect()
    await client.initialize()
    assert (await client.call("pairwright/symbols", {}))["error"]["code"] == -32601


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly_even_with_clients(
    starter: Starter, number: signal.Signals
) -> None:
    process = await starter.start()
    client = await starter.connect()
    await say_hello(client)
    process.send_signal(number)
    assert await ended(process) == 0
    assert await client.receive() is None
    assert not starter.rendezvous.socket.exists()
    assert (starter.root / "closed").exists()


async def test_of_twenty_simultaneous_starts_one_remains(starter: Starter) -> None:
    processes = [await starter.start() for _ in range(20)]
    # Twenty interpreters on a small machine take longer than one wait should.
    await eventually(
        lambda: sum(process.returncode is None for process in processes) == 1, seconds=60
    )
    (remaining,) = (process for process in processes if process.returncode is None)
    assert [process.returncode for process in processes if process is not remaining] == [0] * 19
    client = await starter.connect()
    assert "result" in await say_hello(client)


async def test_a_killed_daemon_leaves_a_socket_that_the_next_one_replaces(
    starter: Starter,
) -> None:
    process = await starter.start()
    (await starter.connect()).writer.close()
    process.kill()
    assert await ended(process) == -signal.SIGKILL
    assert starter.rendezvous.socket.exists()
    await starter.start()
    client = await starter.connect()
    assert "result" in await say_hello(client)


async def test_it_ends_when_nobody_has_been_there_for_a_while(starter: Starter) -> None:
    process = await starter.start(idle_s=0.3)
    client = await starter.connect()
    await say_hello(client)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.6):
            await process.wait()
    client.writer.close()
    assert await ended(process) == 0
    assert not starter.rendezvous.socket.exists()


async def test_a_workspace_that_cannot_be_opened_is_told_to_the_client(starter: Starter) -> None:
    process = await starter.start(flags=("broken",))
    client = await starter.connect()
    answer = await say_hello(client)
    assert answer["error"]["message"] == "the ledger cannot be opened"
    client.writer.close()
    assert await ended(process) == 0


async def test_the_log_has_a_line_for_each_request_and_no_secret(
    starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "very-secret-value")
    process = await starter.start()
    client = await starter.connect()
    await say_hello(client)
    await client.call("very-secret-value", {})
    client.notify("exit")
    assert await client.receive() is None
    process.terminate()
    await ended(process)
    lines = (starter.rendezvous.directory / "daemon.log").read_text("utf-8").splitlines()
    (line,) = (line for line in lines if "'pairwright/status' done in" in line)
    assert " INFO s1 " in line
    assert not any("very-secret-value" in line for line in lines)


async def test_a_missing_workspace_is_one_sentence() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pairwright", "daemon", "--workspace", "/does/not/exist"),
        stderr=asyncio.subprocess.PIPE,
    )
    async with within(10):
        _, output = await process.communicate()
    assert process.returncode == 2
    assert output.decode() == "not a directory: '/does/not/exist'\n"


async def test_an_unsafe_meeting_place_is_refused(starter: Starter) -> None:
    os.chmod(starter.rendezvous.directory, 0o755)
    process = await starter.start()
    async with within(10):
        _, output = await process.communicate()
    assert process.returncode == 2
    assert b"open to other users" in output
