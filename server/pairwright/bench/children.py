"""How is a measurement run in a fresh process? One JSON value a line, to it and from it."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from pairwright.errors import PairwrightError

MOST_WAIT_S = 1800.0
_END_S = 10.0
_LINE_BYTES = 1 << 24


class MeasurementFailed(PairwrightError):
    """A measuring process ended without its figures; the message says which."""


class MeasuringChild:
    """A process of ours that measures something."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        """Use `measuring`."""
        self._name = name
        self._process = process

    def send(self, value: Mapping[str, Any]) -> None:
        """Tell it something; if it is gone, the next `receive` says so."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(OSError):
            self._process.stdin.write(json.dumps(value).encode() + b"\n")

    async def receive(self) -> tuple[Mapping[str, Any], float]:
        """Return what it says next, and when that came, on the monotonic clock.

        Raises:
            MeasurementFailed: it ended, or is silent for longer than anything takes.
        """
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            async with asyncio.timeout(MOST_WAIT_S):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise MeasurementFailed(f"measuring {self._name!r} takes too long") from None
        came_at = time.monotonic()
        if not line:
            raise MeasurementFailed(f"measuring {self._name!r} failed; it says above why")
        return json.loads(line), came_at


@asynccontextmanager
async def measuring(module: str, request: Mapping[str, Any]) -> AsyncIterator[MeasuringChild]:
    """Start a module of this package as a process, and tell it what to do."""
    pipe = asyncio.subprocess.PIPE
    # `-P` keeps Python from importing modules of the current directory.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        f"pairwright.bench.{module}",
        stdin=pipe,
        stdout=pipe,
        limit=_LINE_BYTES,
    )
    child = MeasuringChild(str(request.get("probe", module)), process)
    try:
        child.send(request)
        yield child
        # It has said all: a signal now would only race with its own end.
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _END_S)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def say(value: Mapping[str, Any]) -> None:
    """In the process: tell whoever started it."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def hear() -> dict[str, Any]:
    """In the process: wait until whoever started it says something; empty when it is gone."""
    line = sys.stdin.readline()
    value: dict[str, Any] = json.loads(line) if line else {}
    return value
