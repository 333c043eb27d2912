"""How long does a client wait whose workspace has no daemon yet? A real one, over its socket."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any

from pairwright.bench.children import MeasurementFailed
from pairwright.bench.memory import own_places
from pairwright.protocol.framing import frame
from pairwright.protocol.methods import SYMBOLS
from pairwright.protocol.rendezvous import RUNTIME_DIR_VARIABLE

MOST_WAIT_S = 120.0
_POLL_S = 0.001
_END_S = 10.0
_HEADER = b"Content-Length: "


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What the first client of a daemon got."""

    seconds: float
    """From the daemon's start to the answer."""
    listens_after_s: float
    initialized_after_s: float
    names: tuple[str, ...]
    """What was found, each as `path:qualified name`."""
    is_complete: bool


async def first_answer(root: Path, scratch: Path, state: Path, query: str) -> FirstAnswer:
    """Start the daemon of a workspace, ask it for symbols at once, and end it.

    Args:
        root: the workspace.
        scratch: a folder for whatever else the daemon writes; it needs a short path.
        state: what was kept of the workspace.
        query: what to ask for.

    Raises:
        MeasurementFailed: it ended, or does not answer.
    """
    environment = {**os.environ, **own_places(scratch)}
    # As a client starts it, with what an interpreter keeps compiled.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-P", "-m", "pairwright", "daemon", "--workspace", str(root)]
    runtime = Path(environment[RUNTIME_DIR_VARIABLE])
    began_at = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *command, "--state-dir", str(state), env=environment, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(MOST_WAIT_S):
            client = await _connected(process, runtime)
            listens_at = time.monotonic()
            await client.ask("initialize", {"capabilities": {}, "processId": None})
            initialized_at = time.monotonic()
            found = await client.ask(SYMBOLS, {"query": query, "limit": 20})
            answered_at = time.monotonic()
            client.writer.close()
    except (TimeoutError, OSError, ValueError, KeyError, EOFError) as error:
        raise MeasurementFailed(f"the daemon does not answer: {error!r}") from error
    finally:
        with suppress(ProcessLookupError, TimeoutError):
            process.terminate()
            await asyncio.wait_for(process.wait(), _END_S)
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return FirstAnswer(
        seconds=answered_at - began_at,
        listens_after_s=listens_at - began_at,
        initialized_after_s=initialized_at - began_at,
        names=tuple(f"{each['place']['path']}:{each['name']}" for each in found["symbols"]),
        is_complete=found["freshness"]["isComplete"],
    )


@dataclass(frozen=True, slots=True)
class _Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, method: str, params: Mapping[str, Any]) -> Any:
        request = {"jsonrpc": "2.0", "id": method, "method": method, "params": params}
        self.writer.write(frame(json.dumps(request).encode()))
        while True:
            header = await self.reader.readuntil(b"\r\n\r\n")
            length = int(header.removeprefix(_HEADER).split(b"\r\n")[0])
            answer = json.loads(await self.reader.readexactly(length))
            if answer.get("id") == method:
                return answer["result"]


async def _connected(process: asyncio.subprocess.Process, runtime: Path) -> _Client:
    """Connect as soon as somebody listens in a folder where nobody else does."""
    while process.returncode is None:
        for place in glob(f"{runtime}/*/sock"):
            with suppress(FileNotFoundError, ConnectionRefusedError):
                return _Client(*await asyncio.open_unix_connection(place))
        await asyncio.sleep(_POLL_S)
    raise MeasurementFailed(f"the daemon ended with code {process.returncode}")
