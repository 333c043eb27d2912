"""What does `pairwright demo` do? The main job on a bundled sample, in a copy of its own."""

import argparse
import asyncio
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from pairwright.protocol import messages
from pairwright.protocol.rendezvous import Rendezvous, state_dir
from pairwright_client import discovery, figures
from pairwright_client.client import DaemonClient
from pairwright_client.errors import EXIT_FAILED, ClientError, UsageError
from pairwright_client.receipts import show_receipt
from pairwright_client.render import TaskView, show_tests
from pairwright_client.replay import Recorder, replay
from pairwright_client.review import ReadLine, TypedLines, confirm
from pairwright_client.terminal import Screen, visible

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
        is_well = asyncio.run(_demo(args, screen, instruction, root, peer))
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
    try:
        yield discovery.find_or_start(rendezvous)
    finally:
        discovery.stop(rendezvous)
        if not is_kept:
            shutil.rmtree(rendezvous.directory, ignore_errors=True)
            shutil.rmtree(state_dir(root), ignore_errors=True)


async def _demo(
    args: argparse.Namespace, screen: Screen, instruction: str, root: Path, peer: socket.socket
) -> bool:
    async with DaemonClient(peer, root) as client:
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
    screen.line()
    view = TaskView(screen)
    recorder = Recorder(params.instruction)

    def hear(event: messages.TaskEvent) -> None:
        recorder.hear(event)
        view.show(event)

    result = await client.run(params, hear)
    is_green = False
    if result.is_sound and result.state == "review":
        await client.accept(messages.AcceptParams(task_id=result.task_id))
        tests = await run_tests(TEST_COMMAND, root)
        recorder.hear(tests)
        show_tests(screen, "Tests after", tests)
        is_green = tests.is_green
    if record is not None:
        recorder.write(Path(record), result)
    show_receipt(screen, result.receipt)
    screen.line()
    screen.line(visible(result.message), "bold" if is_green else "yellow")
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
