"""Do 36 assistants and an editor that types get their own answers, fresh and in time? T11, T10.

All are processes' clients of one real daemon: 32 over HTTP, half of each era, four over standard
input and output, an editor that types ten times a second, and a task of one of them whose model
does not answer, so that it runs all the while.
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil  # type: ignore[import-untyped]
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import Implementation

from tests.e2e.assistant import Assistant, assistant
from tests.e2e.stage import Stage, ended, staged
from tests.soak.figures import Figures, percentile
from tests.support.model_server import Hang

OVER_HTTP = 32
OVER_STDIO = 4
_ASKED_EVERY_S = 0.25
"""Each of them: together they stay below what the endpoint lets through in a second."""
_TYPED_EVERY_S = 0.1
_PLAN = "# Plan\n\nWait.\n\n## 1. Wait\n\n- files: `orderdesk/money.py`\n"


@dataclass
class Heard:
    """What came of it."""

    read_ms: list[float] = field(default_factory=list)
    hover_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Failures, and answers that are another's or old."""
    fresh: int = 0
    """Answers that had to show a text of this moment, and did."""
    task_state: str = ""
    resident_mb: float = 0


async def run(figures: Figures, *, seconds: float) -> None:
    """Let them all ask for so long."""
    heard = Heard()
    with (
        tempfile.TemporaryDirectory(prefix="pw-soak-") as directory,
        staged(Path(directory)) as stage,
    ):
        _lay(stage)
        await _ask_all(stage, heard, seconds)
    clients = OVER_HTTP + OVER_STDIO
    figures.at_most("T11: errors and answers of others", len(heard.errors), 0, detail=_few(heard))
    figures.at_least("T11: reads by assistants", len(heard.read_ms), clients * seconds / 4)
    figures.at_most("T11: read p95", percentile(heard.read_ms, 0.95), 1000, "ms")
    figures.at_least("T11: hovers while typing", len(heard.hover_ms), seconds)
    figures.at_most("T11: hover p95", percentile(heard.hover_ms, 0.95), 200, "ms")
    figures.at_most("T11: the daemon's memory", heard.resident_mb, 600, "MB")
    figures.at_least("T10: answers that showed the text of this moment", heard.fresh, seconds)
    still = float(heard.task_state == "running")
    figures.at_least("T11: a long task runs all the while", still, 1, detail=heard.task_state)


def _few(heard: Heard) -> str:
    return str([error[:200] for error in heard.errors[:3]]) if heard.errors else ""


def _lay(stage: Stage) -> None:
    stage.put_sample()
    for number in range(OVER_HTTP + OVER_STDIO):
        text = f"def only_{number:02}():\n    return {number}\n"
        (stage.root / f"own_{number:02}.py").write_text(text)
    stage.server.answer_with(Hang("thinking"))
    assert stage.call("grant", "long", "spend").exit_code == 0
    assert stage.call("index").exit_code == 0


async def _ask_all(stage: Stage, heard: Heard, seconds: float) -> None:
    async with AsyncExitStack() as stack:
        url, token = await stack.enter_async_context(_listening(stage))
        eras = itertools.cycle(("legacy", "auto"))
        clients = [
            await stack.enter_async_context(_over_http(url, token, f"bot {number}", next(eras)))
            for number in range(OVER_HTTP)
        ]
        clients += [
            await stack.enter_async_context(_over_stdio(stage, f"shim {number}", next(eras)))
            for number in range(OVER_STDIO)
        ]
        long = await stack.enter_async_context(_over_http(url, token, "long", "auto"))
        change_id = await _begin_long_work(long)
        stop_at = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(_type, stage, heard, stop_at))
            group.create_task(_write(stage, long, heard, stop_at))
            for number, client in enumerate(clients):
                group.create_task(_ask(number, client, heard, stop_at))
        status = await long.call_tool("change_status", {"change_id": change_id})
        heard.task_state = str((status.structured_content or {}).get("state"))
        heard.resident_mb = _resident_mb(stage)
        await long.call_tool("change_status", {"change_id": change_id, "cancel": True})


async def _begin_long_work(client: Client) -> str:
    """Begin a task whose model never answers; its handle comes when the tool's patience ends."""
    waiting = asyncio.create_task(client.call_tool("implement_plan", {"plan": _PLAN}))
    while True:
        status = await client.call_tool("workspace_status", {})
        running = (status.structured_content or {})["tasks"]
        if running:
            waiting.cancel()  # Who hangs up does not end what it began.
            return str(running[0]).split()[0]
        if waiting.done():
            raise AssertionError(f"no long task: {waiting.result()}")
        await asyncio.sleep(0.05)


async def _ask(number: int, client: Client, heard: Heard, stop_at: float) -> None:
    name = f"only_{number:02}"
    questions: tuple[tuple[str, dict[str, Any]], ...] = (
        ("find_symbols", {"query": name, "limit": 1}),
        ("read_symbols", {"names": [name]}),
    )
    for tool, arguments in itertools.cycle(questions):
        if time.monotonic() >= stop_at:
            return
        found = await _timed(client, tool, arguments, heard)
        places = [(each["name"], each["path"]) for each in found.get("symbols", [])]
        if places != [(name, f"own_{number:02}.py")]:
            heard.errors.append(f"{tool} {name}: {found}")
        await asyncio.sleep(_ASKED_EVERY_S)


async def _timed(client: Client, tool: str, arguments: Any, heard: Heard) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(30):
            result = await client.call_tool(tool, arguments)
    except Exception as error:
        return {"error": repr(error)}
    heard.read_ms.append((time.perf_counter() - began) * 1000)
    return result.structured_content or {"error": str(result.content)}


async def _write(stage: Stage, client: Client, heard: Heard, stop_at: float) -> None:
    """Change a file on the disk, and ask at once: nobody told the daemon."""
    for number in itertools.count():
        if time.monotonic() >= stop_at:
            return
        text = f"{'#' * (number % 7)}\n\ndef written():\n    return 'now {number}'\n"
        (stage.root / "fresh.py").write_text(text)
        if number == 0:
            await asyncio.sleep(2)  # A new file is found by its event; a changed one by its name.
        found = await _timed(client, "read_symbols", {"names": ["fresh.py:written"]}, heard)
        told = str(found.get("symbols", [{}])[0].get("text"))
        if f"now {number}'" in told:
            heard.fresh += 1
        else:
            heard.errors.append(f"not fresh, {number}: {found}")
        await asyncio.sleep(0.2)


def _type(stage: Stage, heard: Heard, stop_at: float) -> None:
    """Type ten times a second, and hover over what was typed."""
    with assistant(stage, features={"hover": True}) as editor:
        document = {"uri": (stage.root / "typed.py").as_uri()}
        opened = {**document, "languageId": "python", "version": 0, "text": ""}
        editor.notify("textDocument/didOpen", {"textDocument": opened})
        for version in itertools.count(1):
            if time.monotonic() >= stop_at:
                return
            _type_once(editor, document, version, heard)
            time.sleep(_TYPED_EVERY_S)


def _type_once(editor: Assistant, document: dict[str, Any], version: int, heard: Heard) -> None:
    change = {"text": f"def typed_{version}():\n    return {version}\n"}
    changed = {"textDocument": {**document, "version": version}, "contentChanges": [change]}
    editor.notify("textDocument/didChange", changed)
    began = time.perf_counter()
    place = {"textDocument": document, "position": {"line": 0, "character": 5}}
    answer = editor.ask("textDocument/hover", place)
    heard.hover_ms.append((time.perf_counter() - began) * 1000)
    if f"typed_{version}()" not in str(answer):
        heard.errors.append(f"hover {version}: {answer}")


def _resident_mb(stage: Stage) -> float:
    """Return what the daemon and the processes it started hold."""
    processes = {
        each.pid: each
        for daemon in stage.daemons()
        for each in (daemon, *daemon.children(recursive=True))
    }
    held = 0
    for process in processes.values():
        with suppress(psutil.NoSuchProcess):
            held += process.memory_info().rss
    return held / 2**20


@asynccontextmanager
async def _listening(stage: Stage) -> AsyncIterator[tuple[str, str]]:
    holding = await asyncio.to_thread(stage.start, "mcp", "--http")
    try:
        assert holding.stdout is not None
        url, told, _ = [await asyncio.to_thread(holding.stdout.readline) for _ in range(3)]
        yield url.strip(), await asyncio.to_thread(Path(told.split()[-1]).read_text)
    finally:
        holding.terminate()
        await asyncio.to_thread(ended, holding)


@asynccontextmanager
async def _over_http(url: str, token: str, name: str, era: Any) -> AsyncIterator[Client]:
    asked = httpx2.AsyncClient(
        headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60
    )
    transport = streamable_http_client(url, http_client=asked)
    info = Implementation(name=name, version="1")
    async with asked, Client(transport, mode=era, client_info=info) as client:
        yield client


@asynccontextmanager
async def _over_stdio(stage: Stage, name: str, era: Any) -> AsyncIterator[Client]:
    command, *arguments = stage.command("mcp", "--workspace", str(stage.root))
    started = StdioServerParameters(command=command, args=arguments, env=stage.environment)
    info = Implementation(name=name, version="1")
    async with Client(started, mode=era, client_info=info) as client:
        yield client
