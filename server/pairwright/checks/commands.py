"""How is a command run? Bounded in time, memory, output and reach, and gone when it is over.

Running tests is running code, so only trusted workspaces have a test command. What is done here
limits accidents: no shell, no secrets in the environment, nothing on standard input, a process
group of its own that is killed as a whole; and where Linux grants namespaces, no network but the
loopback device, and a workspace that cannot be written. `HOME` stays, since interpreters and
toolchains are found through it, and code that looks for it would find it anyway.

Memory is bounded for each process and not for all together: that would need control groups, which
only the system's manager hands out. What counts is data that may be written (`RLIMIT_DATA`);
address space would be the wrong measure, because runtimes such as node's reserve much more of it
than they ever use.
"""

import asyncio
import json
import os
import re
import resource
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pairwright.checks.reports import count_of_tests, failing_tests, plain_text
from pairwright.checks.verdict import TestRun
from pairwright.errors import UserError

_SECRET_NAME = re.compile(
    r"KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|AUTH|COOKIE", re.IGNORECASE
)
_LAUNCHER = Path(__file__).with_name("launcher.py")
_HEAD_BYTES = 64 * 1024
_TAIL_BYTES = 192 * 1024
_LARGEST_FILE_BYTES = 1 << 30
_DRAIN_S = 1.0
"""How long output is awaited after the command's end: a process that fled may hold the pipe."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a command may reach and use."""

    is_offline: bool = False
    """Whether the network is denied, where the platform can; the loopback device stays."""
    read_only: tuple[Path, ...] = ()
    """Directories that it cannot write; only together with `is_offline`."""
    borrowed: tuple[tuple[Path, Path], ...] = ()
    """Directories, each with an empty one in whose place it sees them and cannot write them."""
    memory_bytes: int | None = None
    """The most writable memory of each of its processes."""


@dataclass(frozen=True, slots=True)
class CommandRun:
    """One run of a command."""

    exit_code: int | None
    """None when it was stopped at its time limit."""
    duration_ms: int
    output: str
    """What it printed, bounded; of a long one, the beginning and the end."""
    errors: str = ""
    """What it printed on standard error, when that was kept apart."""
    is_cut: bool = False
    """Whether some of the output was left out."""
    not_denied: str = ""
    """Why it had the network though it should not; empty when all is well."""


async def run_program(
    argv: Sequence[str],
    cwd: Path,
    timeout_s: float,
    *,
    environment: Mapping[str, str],
    reach: Reach,
    hide: str = "",
    shown_as: str = "",
    keeps_errors_apart: bool = False,
    head_bytes: int = _HEAD_BYTES,
    setting: str = "checks.test_command",
) -> CommandRun:
    """Run a command and return what it printed.

    Args:
        argv: the program and its arguments; no shell sees them.
        cwd: where it runs.
        timeout_s: seconds after which it is killed, with every process that it started.
        environment: its whole environment; see `clean_environment`.
        reach: what it may reach and use.
        hide: a directory that is taken out of the output: paths below it become relative.
        shown_as: what is shown for `hide` and the slash after it.
        keeps_errors_apart: whether standard error is not a part of the output.
        head_bytes: how much of the output's beginning is kept.
        setting: to which the user should see when there is no such program.

    Raises:
        UserError: there is no such program.
    """
    output, errors, status = _Output(head_bytes), _Output(_HEAD_BYTES), _Output(_HEAD_BYTES)
    started = time.monotonic()
    outputs = (output, errors if keeps_errors_apart else output, status)
    exit_code = await _run_into(outputs, argv, cwd, environment, reach, timeout_s)
    not_denied, error_number, *_ = [*status.text().split("\n"), "", ""]
    if error_number:
        raise _cannot_run(argv[0], os.strerror(int(error_number)), setting)
    return CommandRun(
        exit_code=exit_code,
        duration_ms=round((time.monotonic() - started) * 1000),
        output=_shown(output.text(), hide, shown_as),
        errors=_shown(errors.text(), hide, shown_as),
        is_cut=output.is_cut,
        not_denied=not_denied,
    )


def read_test_run(run: CommandRun) -> TestRun:
    """Return what the output of a test command says."""
    return TestRun(
        exit_code=run.exit_code,
        duration_ms=run.duration_ms,
        failing=failing_tests(run.output),
        ran=count_of_tests(run.output),
        output=run.output,
    )


def clean_environment(parent: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Return the parent's environment without anything that smells of a secret, then changed."""
    kept = {name: value for name, value in parent.items() if not _SECRET_NAME.search(name)}
    # Colours and bytecode would only get in the way of reading and repeating a run.
    for name in ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE"):
        kept.pop(name, None)
    fixed = {"NO_COLOR": "1", "TERM": "dumb", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **fixed, **changes}


def _shown(output: str, directory: str, shown_as: str) -> str:
    text = plain_text(output)
    if not directory:
        return text
    return text.replace(f"{directory}/", shown_as).replace(directory, shown_as or ".")


async def _run_into(
    outputs: "tuple[_Output, _Output, _Output]",
    argv: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    reach: Reach,
    timeout_s: float,
) -> int | None:
    """Run a command; what it prints, says on standard error, and is told of its start go there."""
    ends = [os.pipe() for _ in outputs]
    (_, out), (_, err), (_, told) = ends
    try:
        try:
            is_one = outputs[0] is outputs[1]
            process = await _start(
                argv,
                cwd,
                environment,
                reach,
                output=out,
                errors=out if is_one else err,
                status=told,
            )
        finally:
            for _, write_end in ends:
                os.close(write_end)
        readers = {read_end: kept for (read_end, _), kept in zip(ends, outputs, strict=True)}
        return await _watch(process, readers, timeout_s)
    finally:
        for read_end, _ in ends:
            os.close(read_end)


async def _start(
    argv: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    reach: Reach,
    *,
    output: int,
    errors: int,
    status: int,
) -> Process:
    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": _LARGEST_FILE_BYTES}
    if reach.memory_bytes is not None:
        limits["RLIMIT_DATA"] = reach.memory_bytes
    options = {
        "status": status,
        "limits": {name: most for name, most in limits.items() if hasattr(resource, name)},
        "is_offline": reach.is_offline,
        "read_only": [os.fspath(path) for path in reach.read_only],
        "borrowed": [[os.fspath(source), os.fspath(to)] for source, to in reach.borrowed],
    }
    launcher = (sys.executable, "-I", "-S", os.fspath(_LAUNCHER), json.dumps(options))
    try:
        return await asyncio.create_subprocess_exec(
            *launcher,
            *argv,
            cwd=cwd,
            env=environment,
            stdin=DEVNULL,
            stdout=output,
            stderr=errors,
            pass_fds=(status,),
            start_new_session=True,
        )
    except OSError as error:
        # Of our own interpreter: the command's own failure to begin is told by the launcher.
        raise UserError(f"{sys.executable!r} cannot be run: {error.strerror}") from None


def _cannot_run(program: str, reason: str, setting: str) -> UserError:
    return UserError(f"{program!r} cannot be run: {reason}; see to the setting {setting!r}")


async def _watch(
    process: Process, readers: Mapping[int, "_Output"], timeout_s: float
) -> int | None:
    """Wait for the end, however it comes; return the exit code, None when time ran out."""
    loop = asyncio.get_running_loop()
    is_drained = asyncio.Event()
    open_ends = set(readers)

    def read(read_end: int) -> None:
        with suppress(BlockingIOError):
            piece = os.read(read_end, 1 << 16)
            readers[read_end].add(piece)
            if not piece:
                loop.remove_reader(read_end)
                open_ends.discard(read_end)
                if not open_ends:
                    is_drained.set()

    for read_end in readers:
        os.set_blocking(read_end, False)
        loop.add_reader(read_end, read, read_end)
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
            for read_end in open_ends:
                loop.remove_reader(read_end)
    return exit_code


def _kill_group(process: Process) -> None:
    """Kill the command and what it left behind: the group outlives its leader."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


@dataclass(slots=True)
class _Output:
    """The beginning and the end of what was printed, and how much was left out between them."""

    head_bytes: int
    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)
    left_out: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether something was left out."""
        return self.left_out > 0

    def add(self, piece: bytes) -> None:
        room = self.head_bytes - len(self.head)
        self.head += piece[:room]
        self.tail += piece[room:]
        surplus = len(self.tail) - _TAIL_BYTES
        if surplus > 0:
            del self.tail[:surplus]
            self.left_out += surplus

    def text(self) -> str:
        if not self.left_out:
            return (self.head + self.tail).decode("utf-8", "replace")
        head = self.head.decode("utf-8", "replace")
        tail = self.tail.decode("utf-8", "replace")
        return f"{head}\n... {self.left_out} bytes left out ...\n{tail}"
