"""How much memory do processes hold? Read where Linux tells it; nowhere else."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pairwright.bench.children import MeasurementFailed

MOST_WAIT_S = 900.0
_POLL_S = 0.25
_END_S = 10.0
_AT_REST = 0.05
"""The most of a core that a process takes that does nothing."""
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class DaemonMemory:
    """What a daemon holds when it is at rest, in MB."""

    at_rest: float
    """With its children."""
    children: int
    highest: float
    """Of the daemon alone, since its start."""


def is_measurable() -> bool:
    """Tell whether the system says how much memory a process holds."""
    return (_PROC / "self" / "status").exists()


def resident_mb(pid: int) -> float:
    """Return the resident set of one process; 0 when it is gone."""
    return _status_mb(pid, "VmRSS")


def descendants(pid: int) -> list[int]:
    """Return the processes below one."""
    parents: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError, ValueError):
                parent = int(_fields(int(entry.name))[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found, pending = [], [pid]
    while pending:
        children = parents.get(pending.pop(), [])
        found += children
        pending += children
    return found


async def daemon_at_rest(root: Path, scratch: Path, *, rest_s: float) -> DaemonMemory:
    """Start a workspace's daemon and wait until it has done nothing for so long.

    Args:
        root: the workspace.
        scratch: an empty folder for all that the daemon writes; it needs a short path.
        rest_s: long enough that its workers have ended, if they are not to count.

    Raises:
        MeasurementFailed: it ended, or never rests.
    """
    environment = {**os.environ, **own_places(scratch)}
    command = [sys.executable, "-P", "-m", "pairwright", "daemon", "--workspace", str(root)]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        await _rested(process, rest_s)
        children = descendants(process.pid)
        total = sum(map(resident_mb, [process.pid, *children]))
        return DaemonMemory(total, len(children), _status_mb(process.pid, "VmHWM"))
    finally:
        with suppress(ProcessLookupError, TimeoutError):
            process.terminate()
            await asyncio.wait_for(process.wait(), _END_S)
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def own_places(scratch: Path) -> Mapping[str, str]:
    """Return an environment in which nothing of the user's is read or written."""
    places = {}
    for name in ("RUNTIME", "STATE", "CONFIG"):
        directory = scratch / name.lower()
        directory.mkdir(mode=0o700, exist_ok=True)
        places[f"PAIRWRIGHT_{name}_DIR"] = str(directory)
    return places


async def _rested(process: asyncio.subprocess.Process, rest_s: float) -> None:
    deadline = time.monotonic() + MOST_WAIT_S
    spent_s, since, has_worked = 0.0, time.monotonic(), False
    while time.monotonic() - since < rest_s or not has_worked:
        await asyncio.sleep(_POLL_S)
        if process.returncode is not None:
            raise MeasurementFailed(f"the daemon ended with code {process.returncode}")
        children = descendants(process.pid)
        now_s = sum(map(_processor_s, [process.pid, *children]))
        has_worked = has_worked or bool(children)
        # Less than before: a child ended.
        if abs(now_s - spent_s) > _AT_REST * _POLL_S:
            since = time.monotonic()
        spent_s = now_s
        if time.monotonic() > deadline:
            raise MeasurementFailed("the daemon does not come to rest")


def _processor_s(pid: int) -> float:
    with suppress(OSError, IndexError, ValueError):
        fields = _fields(pid)
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _fields(pid: int) -> list[str]:
    """Return what the system says of a process, from its state on."""
    return (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()


def _status_mb(pid: int, name: str) -> float:
    with suppress(OSError, ValueError, IndexError):
        for line in (_PROC / str(pid) / "status").read_text("utf-8", "replace").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
    return 0.0
