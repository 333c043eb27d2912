"""What does `pairwright demo` do? The main job on a bundled sample, in a copy of its own."""

import argparse
import asyncio
import fcntl
import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from pairwright.protocol import messages
from pairwright.protocol.rendezvous import Rendezvous, demo_state_dir
from pairwright.protocol.terminal import visible
from pairwright_client import discovery, figures
from pairwright_client.client import DaemonClient
from pairwright_client.errors import EXIT_FAILED, ClientError, UsageError
from pairwright_client.interruption import run_interruptible
from pairwright_client.receipts import show_receipt
from pairwright_client.render import TaskView, as_sentence, show_tests
from pairwright_client.replay import Recorder, replay
from pairwright_client.review import ReadLine, TypedLines, confirm
from pairwright_client.settings_notice import tell_refused_settings
from pairwright_client.stopping import stop
from pairwright_client.terminal import Screen

TEST_COMMAND = (sys.executable, "-m", "unittest", "-q")
_TESTS_TIMEOUT_S = 120.0
_OUTPUT_CHARACTERS = 4000


def demo(args: argparse.Namespace) -> int:
    """Carry out the command; return the exit code."""
    screen = Screen.of(sys.stdout)
    bundled = files("pairwright_client")
    if args.replay:
        with as_file(bundled / "replay.jsonl") as recording:
            replay(screen, recording)
        return 0
    instruction = (bundled / "instruction.txt").read_text("utf-8").strip()
    with _copy_of_sample(args.keep) as root, _own_daemon(root, is_kept=bool(args.keep)) as peer:
        is_well = run_interruptible(_demo(args, screen, instruction, root, peer))
        if args.keep:
            screen.line(f"The result lies in {visible(str(root))}")
    return 0 if is_well else EXIT_FAILED


@contextmanager
def _copy_of_sample(keep: str | None) -> Iterator[Path]:
    """Give a copy of the sample, removed in the end unless it is to be kept."""
    if keep is not None:
        root = Path(keep).resolve()
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise UsageError(f"--keep takes a new or empty directory, not {keep!r}")
        _copy_sample(root)
        yield root
        return
    with TemporaryDirectory(prefix="pairwright-demo-", ignore_cleanup_errors=True) as parent:
        root = Path(parent).resolve() / "sample"
        _copy_sample(root)
        yield root


def _copy_sample(root: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    try:
        with as_file(files("pairwright_client") / "sample") as sample:
            shutil.copytree(sample, root, ignore=ignored, dirs_exist_ok=True)
    except OSError as error:
        raise ClientError(f"the sample cannot be copied: {error}") from None


@contextmanager
def _own_daemon(root: Path, *, is_kept: bool) -> Iterator[socket.socket]:
    """Give a connection to a daemon that ends with the demo, whatever happens."""
    rendezvous = Rendezvous.for_workspace(root)
    with ExitStack() as stack:
        options: tuple[str, ...] = ()
        if not is_kept:
            state = stack.enter_context(_shared_state())
            options = ("--state-dir", str(state))
            stack.callback(shutil.rmtree, rendezvous.directory, ignore_errors=True)
        stack.callback(stop, rendezvous)
        yield discovery.find_or_start(rendezvous, options=options)


@contextmanager
def _shared_state() -> Iterator[Path]:
    """Give the demos' state directory: the ledger in it stays, so that the day's cap holds.

    The journal speaks of a copy that will be gone, and would mend the next one by mistake.
    """
    directory = demo_state_dir()
    # Shared by all demos that run; who holds it alone may remove what no other one uses.
    lock = os.open(directory / "demos", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _remove_unused_journal(directory, lock)
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield directory
    finally:
        _remove_unused_journal(directory, lock)
        os.close(lock)


def _remove_unused_journal(directory: Path, lock: int) -> None:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(directory / "journal", ignore_errors=True)


async def _demo(
    args: argparse.Namespace, screen: Screen, instruction: str, root: Path, peer: socket.socket
) -> bool:
    async with DaemonClient(peer, root) as client:
        await tell_refused_settings(client)
        wish = messages.ModelsParams(strong=args.strong, weak=args.weak)
        pair = await client.models(wish)
        show_pair(screen, pair)
        read_line = TypedLines(sys.stdin.fileno()) if sys.stdin.isatty() else None
        if not args.yes and not await may_spend(screen, pair, read_line):
            screen.line("Nothing was spent.")
            return False
        params = messages.RunParams(
            instruction=instruction,
            strategy=args.strategy,
            strong=pair.strong.name,
            weak=pair.weak.name,
            test_command=TEST_COMMAND,
        )
        return await perform(client, screen, params, root, record=args.record)


def show_pair(screen: Screen, pair: messages.ModelsResult) -> None:
    """Write which models will work, and why."""
    for model in (pair.strong, pair.weak):
        where = "runs on this machine" if model.is_local else "remote"
        fetched = (
            f", {figures.size(model.download_bytes)} to download first"
            if model.download_bytes
            else ""
        )
        screen.line(f"{model.tier.capitalize():<7} {visible(model.name)} ({where}{fetched})")
    screen.line(f"Why     {visible(pair.reason)}")


async def may_spend(
    screen: Screen, pair: messages.ModelsResult, read_line: ReadLine | None
) -> bool:
    """Return whether the demo may go on; what costs nothing is not asked.

    Raises:
        UsageError: it would cost money and nobody can be asked.
    """
    if pair.strong.is_local and pair.weak.is_local:
        return True
    estimate = pair.estimate_usd
    price = "an unknown amount" if estimate is None else f"about {figures.usd(estimate)}"
    if read_line is None:
        raise UsageError(f"this would cost {price} and nobody can be asked: add --yes to agree")
    return await confirm(screen, read_line, f"This will cost {price}. Go on?")


async def perform(
    client: DaemonClient,
    screen: Screen,
    params: messages.RunParams,
    root: Path,
    *,
    record: str | None,
) -> bool:
    """Have the task done in the sample's copy; return whether its tests pass in the end."""
    screen.line(f"Task    {visible(params.instruction)}")
    view = TaskView(screen)
    recorder = Recorder(params.instruction)

    def hear(event: messages.TaskEvent) -> None:
        recorder.hear(event)
        view.show(event)

    result = await client.run(params, hear)
    is_green = False
    if result.is_sound and result.state == "review":
        accepted = await client.accept(messages.AcceptParams(task_id=result.task_id))
        screen.line()
        written = figures.counted(len(accepted.files), "file")
        screen.line(f"Wrote {written}: {visible(', '.join(accepted.files))}", "bold")
        tests = await run_tests(TEST_COMMAND, root)
        recorder.hear(tests)
        show_tests(screen, "Tests where it was written", tests)
        is_green = tests.is_green
    elif result.state == "review":
        # Nobody decides it later: the copy goes away.
        await client.reject(messages.RejectParams(task_id=result.task_id))
    if record is not None:
        recorder.write(Path(record), result)
    show_receipt(screen, result.receipt)
    screen.line()
    if result.state == "review" and not result.is_sound:
        # The daemon's own words advise on what to keep, and here nobody keeps anything.
        screen.line("The gate is not content with the best attempt.", "yellow")
    else:
        screen.line(as_sentence(result.message), "bold" if is_green else "yellow")
    if not is_green:
        screen.line("The models did not mend the sample this time.")
    return is_green


async def run_tests(command: tuple[str, ...], root: Path) -> messages.TestsRun:
    """Run the tests where the change was written; they are stopped at a time limit."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=root,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(_TESTS_TIMEOUT_S):
            printed, _ = await process.communicate()
    except BaseException as error:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if not isinstance(error, TimeoutError):
            raise
        printed = b"stopped at the time limit"
    output = printed.decode("utf-8", "replace")
    ran = re.search(r"^Ran (\d+) test", output, re.MULTILINE)
    return messages.TestsRun(
        when="after",
        is_green=process.returncode == 0,
        ran=int(ran.group(1)) if ran else None,
        failing=(),
        duration_ms=round(1000 * (time.monotonic() - began)),
        output=output[-_OUTPUT_CHARACTERS:],
    )
