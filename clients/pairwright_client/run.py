"""What does `pairwright run` do? Checks the request, has the task done, has its hunks decided."""

import argparse
import json
import os
import shlex
import socket
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from pathlib import Path
from typing import Any, Protocol, TextIO

from pairwright.protocol import messages
from pairwright.protocol.budget_messages import ContinueParams
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery, figures
from pairwright_client.client import DaemonClient
from pairwright_client.errors import EXIT_FAILED, UsageError
from pairwright_client.interruption import run_interruptible
from pairwright_client.keeping import keep_hunks
from pairwright_client.next_steps import show_next_steps
from pairwright_client.receipts import show_receipt
from pairwright_client.render import TaskView, as_sentence
from pairwright_client.review import ReadLine, TypedLines, choose_hunks
from pairwright_client.settings_notice import tell_refused_settings
from pairwright_client.terminal import Screen
from pairwright_client.unpriced import asking, carried_out
from pairwright_client.workspaces import path_in_workspace, workspace_root


class Decision(Enum):
    """Who decides which hunks are written."""

    APPLY = auto()
    """All of a sound change."""
    DRY_RUN = auto()
    """None."""
    ASK = auto()
    """The person at the terminal."""


class Output(Protocol):
    """Where a task's events and its end go."""

    def show(self, event: messages.TaskEvent) -> None:
        """Write an event."""

    def end(
        self, result: messages.RunResult, accepted: messages.AcceptResult | None, message: str
    ) -> None:
        """Write how the task ended."""

    def propose(self, steps: Sequence[messages.FollowUp]) -> None:
        """Write what is to be done next."""


def run(args: argparse.Namespace) -> int:
    """Carry out the command; return the exit code."""
    decision = decide_by(args, is_terminal=sys.stdin.isatty() and sys.stdout.isatty())
    root = workspace_root(args.workspace)
    params = params_of(args, root)
    screen = Screen.of(sys.stdout)
    output: Output = (
        JsonLines(sys.stdout) if args.json else Narration(screen, repeated_options(args))
    )
    rendezvous = Rendezvous.for_workspace(root)
    if not args.json:
        screen.status("  reaching the daemon …")
    peer = discovery.find_or_start(rendezvous)
    read_line = TypedLines(sys.stdin.fileno()) if decision is Decision.ASK else no_answer
    return run_interruptible(converse(peer, root, params, decision, output, screen, read_line))


def decide_by(args: argparse.Namespace, *, is_terminal: bool) -> Decision:
    """Return who decides.

    Raises:
        UsageError: nobody can, or the options contradict each other.
    """
    if args.apply:
        return Decision.APPLY
    if args.dry_run:
        return Decision.DRY_RUN
    if args.json:
        raise UsageError("--json cannot ask: add --apply or --dry-run")
    if not is_terminal:
        raise UsageError("not a terminal, so nobody can be asked: add --apply or --dry-run")
    return Decision.ASK


def params_of(args: argparse.Namespace, root: Path) -> messages.RunParams:
    """Return the request that the options make.

    Raises:
        UsageError: an option's value makes no sense.
    """
    instruction = (args.instruction or "").strip()
    plan_id, plan = plan_of(args.plan)
    if not (instruction or args.plan):
        raise UsageError("the instruction is empty: say what is to be done")
    first_line, last_line = _lines_of(args.lines)
    if args.lines is not None and args.file is None:
        raise UsageError("--lines needs --file")
    return messages.RunParams(
        instruction=instruction,
        file=None if args.file is None else path_in_workspace(args.file, root, Path.cwd()),
        first_line=first_line,
        last_line=last_line,
        strategy=args.strategy,
        strong=args.strong,
        weak=args.weak,
        budget_usd=budget_of(args.budget),
        allow_unpriced=args.allow_unpriced,
        test_command=_test_command_of(args.test),
        local_only=args.local_only,
        plan_id=plan_id,
        plan=plan,
    )


def plan_of(given: str | None) -> tuple[str | None, str | None]:
    """Return the id of a kept plan, or the text of one that lies in a file.

    Raises:
        UsageError: the file cannot be read.
    """
    if given is None:
        return None, None
    if not given.strip():
        raise UsageError("--plan takes the id of a plan, or a Markdown file")
    is_file = os.path.isfile(given) or "/" in given or given.endswith(".md")
    if not is_file:
        return given, None
    try:
        return None, Path(given).read_text("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"the plan {given!r} is no text in UTF-8") from None
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else "that is no file's name"
        raise UsageError(f"the plan {given!r} cannot be read: {problem}") from None


def _lines_of(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    first, _, last = text.partition(":")
    if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
        raise UsageError(f"--lines takes two line numbers, such as 10:25, not {text!r}")
    if not 1 <= int(first) <= int(last):
        raise UsageError(f"--lines counts from 1, and the first is not after the last: {text!r}")
    return int(first) - 1, int(last) - 1


def budget_of(text: str | None) -> Decimal | None:
    """Return the amount that an option gives.

    Raises:
        UsageError: it is none.
    """
    if text is None:
        return None
    try:
        budget = Decimal(text)
    except InvalidOperation:
        raise UsageError(f"a budget is an amount in USD, such as 0.25, not {text!r}") from None
    if not budget.is_finite() or budget < 0:
        raise UsageError(f"a budget is an amount in USD, at least 0, not {text!r}")
    return budget


def _test_command_of(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    try:
        command = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"--test cannot be split into arguments: {error}") from None
    if not command:
        raise UsageError("--test takes a command, such as --test 'python -m pytest -q'")
    return command


def repeated_options(args: argparse.Namespace) -> tuple[str, ...]:
    """Return the options that another task of the same kind takes too."""
    given = {
        "--strategy": args.strategy,
        "--strong": args.strong,
        "--weak": args.weak,
        "--budget": args.budget,
        "--test": args.test,
        "--workspace": args.workspace,
    }
    return tuple(f"{name}={value}" for name, value in given.items() if value is not None)


async def no_answer() -> str | None:
    """Answer nothing: there is nobody to ask."""
    return None


async def converse(
    peer: socket.socket,
    root: Path,
    params: messages.RunParams | ContinueParams,
    decision: Decision,
    output: Output,
    screen: Screen,
    read_line: ReadLine,
) -> int:
    """Connect, have a task done and its hunks decided; return the exit code."""
    async with DaemonClient(peer, root) as client:
        await tell_refused_settings(client)
        return await run_task(client, params, decision, output, screen, read_line)


async def run_task(
    client: DaemonClient,
    params: messages.RunParams | ContinueParams,
    decision: Decision,
    output: Output,
    screen: Screen,
    read_line: ReadLine,
) -> int:
    """Have a task done and its hunks decided; return the exit code."""
    changes: list[messages.ChangeReady] = []

    def hear(event: messages.TaskEvent) -> None:
        if isinstance(event, messages.ChangeReady):
            changes.append(event)
        output.show(event)

    say = asking(screen, read_line) if decision is Decision.ASK else None
    result = await carried_out(client, params, hear, say)
    if result.state == "failed" or not changes:
        output.end(result, None, result.message)
        return EXIT_FAILED
    change, accepted = changes[-1], messages.AcceptResult(entry_id=None, files=())
    needs_a_look = any(hunk.needs_approval for hunk in change.hunks)
    if decision is Decision.ASK:
        chosen = await choose_hunks(screen, read_line, change.hunks, change.verdict)
        hunks = [hunk for hunk in change.hunks if hunk.hunk_id in chosen]
        accepted = await keep_hunks(client, screen, read_line, result.task_id, hunks)
    elif decision is Decision.APPLY and result.is_sound and change.hunks and not needs_a_look:
        accepted = await client.accept(messages.AcceptParams(task_id=result.task_id))
    # What can go on is not decided: to reject it would throw away what was paid for.
    if accepted.pending or (accepted.entry_id is None and not result.can_continue):
        await client.reject(messages.RejectParams(task_id=result.task_id))
    is_refused = decision is Decision.APPLY and (needs_a_look or not result.is_sound)
    output.end(result, accepted, _outcome(is_refused, result, change, accepted))
    if accepted.files:
        output.propose(change.follow_ups)
    is_well = result.is_sound and not is_refused
    return 0 if decision is Decision.ASK or is_well else EXIT_FAILED


def _outcome(
    is_refused: bool,
    result: messages.RunResult,
    change: messages.ChangeReady,
    accepted: messages.AcceptResult,
) -> str:
    if accepted.files:
        files = figures.counted(len(accepted.files), "file")
        names = ", ".join(accepted.files)
        return f"Wrote {files}: {names}. Take it back with 'pairwright undo'."
    if result.can_continue:
        return f"Nothing was written: {result.message}"
    if is_refused and result.is_sound:
        paths = ", ".join(sorted({hunk.path for hunk in change.hunks if hunk.needs_approval}))
        return (
            f"Nothing was written: builds, tests or assistants obey {paths}. "
            "Run it again on a terminal without --apply to look at it and decide."
        )
    if is_refused:
        return (
            "Nothing was written: the gate did not pass this change. "
            "Run it again on a terminal without --apply to decide hunk by hunk."
        )
    return "Nothing was written."


class Narration:
    """A task told to a person."""

    def __init__(self, screen: Screen, options: Sequence[str] = ()) -> None:
        """Take a screen, and the options with which a next step is to be run."""
        self._screen = screen
        self._options = options
        self._view = TaskView(screen)

    def show(self, event: messages.TaskEvent) -> None:
        """Write an event."""
        self._view.show(event)

    def end(
        self, result: messages.RunResult, accepted: messages.AcceptResult | None, message: str
    ) -> None:
        """Write the receipt, and below it how the task ended."""
        show_receipt(self._screen, result.receipt)
        self._screen.line()
        is_well = result.is_sound and accepted is not None
        self._screen.line(as_sentence(message), "bold" if is_well else "yellow")

    def propose(self, steps: Sequence[messages.FollowUp]) -> None:
        """Write each step as the command that does it."""
        show_next_steps(self._screen, steps, self._options)


class JsonLines:
    """A task told to a program: one object a line, the last of kind `result`."""

    def __init__(self, stream: TextIO) -> None:
        """Take a text stream."""
        self._stream = stream

    def show(self, event: messages.TaskEvent) -> None:
        """Write an event as it came over the wire."""
        self._write(encode(event))

    def end(
        self, result: messages.RunResult, accepted: messages.AcceptResult | None, message: str
    ) -> None:
        """Write the result, with what was written."""
        files = [] if accepted is None else list(accepted.files)
        entry_id = None if accepted is None else accepted.entry_id
        outcome = {"message": message, "files": files, "entryId": entry_id}
        self._write({"kind": "result", **encode(result), **outcome})

    def propose(self, steps: Sequence[messages.FollowUp]) -> None:
        """The event of the change has them already."""

    def _write(self, line: dict[str, Any]) -> None:
        self._stream.write(json.dumps(line) + "\n")
        self._stream.flush()
