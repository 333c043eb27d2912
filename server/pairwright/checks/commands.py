"""How is a test command run? Bounded in time, output and reach, and gone when it is over.

Running tests is running code, so only trusted workspaces have a test command. What is done here
limits accidents: no shell, no secrets in the environment, nothing on standard input, a process
group of its own that is killed as a whole. `HOME` stays, since interpreters and toolchains are
found through it, and code that looks for it would find it anyway.
"""

import asyncio
import os
import re
import resource
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pairwright.checks.reports import count_of_tests, failing_tests, plain_text
from pairwright.checks.verdict import TestRun
from pairwright.errors import UserError

_SECRET_NAME = re.compile(
    r"KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|AUTH|COOKIE", re.IGNORECASE
)
_HEAD_BYTES = 64 * 1024
_TAIL_BYTES = 192 * 1024
_LARGEST_FILE_BYTES = 1 << 30
_DRAIN_S = 1.0
"""How long output is awaited after the command's end: a process that fled may hold the pipe."""


async def run_command(
    argv: Sequence[str],
    cwd: Path,
    timeout_s: float,
    *,
    environment: Mapping[str, str],
    hide: str = "",
) -> TestRun:
    """Run a command and read its output, standard output and error together.

    Args:
        argv: the program and its arguments; no shell sees them.
        cwd: where it runs.
        timeout_s: seconds after which it is killed, with every process that it started.
        environment: its whole environment; see `clean_environment`.
        hide: a directory whose name is taken out of the output, so that paths below it are
            relative.

    Raises:
        UserError: there is no such program.
    """
    output = _Output()
    started = time.monotonic()
    read_end, write_end = os.pipe()
    try:
        try:
            process = await _start(argv, cwd, environment, write_end)
        finally:
            os.close(write_end)
        exit_code = await _watch(process, read_end, output, timeout_s)
    finally:
        os.close(read_end)
    text = plain_text(output.text())
    if hide:
        text = text.replace(f"{hide}/", "").replace(hide, ".")
    return TestRun(
        exit_code=exit_code,
        duration_ms=round((time.monotonic() - started) * 1000),
        failing=failing_tests(text),
        ran=count_of_tests(text),
        output=text,
    )


def clean_environment(parent: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Return the parent's environment without anything that smells of a secret, then changed."""
    kept = {name: value for name, value in parent.items() if not _SECRET_NAME.search(name)}
    # Colours and bytecode would only get in the way of reading and repeating a run.
    for name in ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE"):
        kept.pop(name, None)
    fixed = {"NO_COLOR": "1", "TERM": "dumb", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **fixed, **changes}


async def _start(
    argv: Sequence[str], cwd: Path, environment: Mapping[str, str], output: int
) -> Process:
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env=environment,
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise UserError(
            f"the test command cannot be run: {argv[0]!r}: {error.strerror}; "
            "see to the setting 'checks.test_command'"
        ) from None
    if hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
            resource.prlimit(
                process.pid, resource.RLIMIT_FSIZE, (_LARGEST_FILE_BYTES, _LARGEST_FILE_BYTES)
            )
    return process


async def _watch(
    process: Process, read_end: int, output: "_Output", timeout_s: float
) -> int | None:
    """Wait for the end, however it comes; return the exit code, None when time ran out."""
    loop = asyncio.get_running_loop()
    is_drained = asyncio.Event()

    def read() -> None:
        with suppress(BlockingIOError):
            piece = os.read(read_end, 1 << 16)
            output.add(piece)
            if not piece:
                loop.remove_reader(read_end)
                is_drained.set()

    os.set_blocking(read_end, False)
    loop.add_reader(read_end, read)
    try:
        async with asyncio.timeout(timeout_s):
            await process.wait()
        exit_code = process.returncode
    except TimeoutError:
        exit_code = None
    finally:
        _kill_group(process)
        try:
            # Invariant: nobody returns from here while the command still runs.
            await asyncio.shield(process.wait())
            with suppress(TimeoutError):
                async with asyncio.timeout(_DRAIN_S):
                    await is_drained.wait()
        finally:
            loop.remove_reader(read_end)
    return exit_code


def _kill_group(process: Process) -> None:
    """Kill the command and what it left behind: the group outlives its leader."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


class _Output:
    """The beginning and the end of what was printed, and how much was left out between them."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out = 0

    def add(self, piece: bytes) -> None:
        room = _HEAD_BYTES - len(self._head)
        self._head += piece[:room]
        self._tail += piece[room:]
        surplus = len(self._tail) - _TAIL_BYTES
        if surplus > 0:
            del self._tail[:surplus]
            self._left_out += surplus

    def text(self) -> str:
        head = self._head.decode("utf-8", "replace")
        tail = self._tail.decode("utf-8", "replace")
        if not self._left_out:
            return (self._head + self._tail).decode("utf-8", "replace")
        return f"{head}\n... {self._left_out} bytes left out ...\n{tail}"
