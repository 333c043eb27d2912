"""What does `pairwright plan` do? Has a plan made, shows those that are kept, has one edited."""

import argparse
import json
import shlex
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from pairwright.protocol import messages
from pairwright.protocol.codec import encode
from pairwright.protocol.cost_messages import Receipt
from pairwright.protocol.plan_messages import (
    PlanGetParams,
    PlanProblemView,
    PlansParams,
    PlansResult,
    PlanSummary,
    PlanView,
)
from pairwright.protocol.rendezvous import Rendezvous
from pairwright.protocol.terminal import visible
from pairwright_client import discovery, figures
from pairwright_client.client import DaemonClient
from pairwright_client.errors import EXIT_FAILED, UsageError
from pairwright_client.history import when
from pairwright_client.interruption import run_interruptible
from pairwright_client.plan_editing import edit_plan
from pairwright_client.queries import ask, write_json
from pairwright_client.receipts import notes
from pairwright_client.render import TaskView
from pairwright_client.review import TypedLines
from pairwright_client.run import params_of, repeated_options
from pairwright_client.settings_notice import tell_refused_settings
from pairwright_client.terminal import Screen
from pairwright_client.unpriced import asking, carried_out
from pairwright_client.workspaces import workspace_root

_LEAST_TITLE = 16


def plan(args: argparse.Namespace) -> int:
    """Carry out the command; return the exit code.

    Raises:
        UsageError: it is not said what to do.
    """
    wishes = (args.instruction is not None, args.edit is not None, args.list, args.show is not None)
    if sum(wishes) != 1:
        raise UsageError("say what to plan, or one of --list, --show and --edit")
    if args.list:
        return _list(args)
    if args.show is not None:
        return _show(args)
    if args.edit is not None:
        return edit_plan(args, show_problems)
    return _make(args)


def show_plan(screen: Screen, view: PlanView, *, now: datetime) -> None:
    """Write a plan: where it comes from, its document, and what is wrong with it."""
    screen.line(f"Plan {visible(view.plan_id)}, version {view.version}", "bold")
    made = f"made by {_origin(view.origin)}" if view.version == 1 else "as it was edited"
    cost = _cost(view.origin, view.cost_usd, view.unpriced_calls)
    about = [made, when(view.written_at, now), f"cost {cost}" if cost else ""]
    screen.line("  " + ", ".join(each for each in about if each), "dim")
    if view.instruction:
        screen.line(f"  for: {_first_line(view.instruction)}", "dim")
    screen.line()
    show_document(screen, view.text)
    show_problems(screen, view)


def show_document(screen: Screen, text: str) -> None:
    """Write a plan's Markdown, its headings and fields set off from the prose."""
    for line in visible(text).rstrip("\n").split("\n"):
        style = ("bold",) if line.startswith("#") else ("dim",) if line.startswith("- ") else ()
        screen.line(f"  {line}" if line else "", *style)


def show_problems(screen: Screen, view: PlanView) -> None:
    """Write what is wrong with a plan, each with its line as it stands there."""
    lines = view.text.split("\n")
    for problem in view.problems:
        screen.line()
        sign, style = ("✗", "red") if problem.severity == "error" else ("!", "yellow")
        screen.line(f"{sign} line {problem.line + 1}: {visible(problem.message)}", style)
        if problem.line < len(lines) and lines[problem.line].strip():
            screen.line(f"    {visible(lines[problem.line]).strip()}", "dim")
    if any(map(_is_error, view.problems)):
        screen.line()
        screen.line("It is kept as it is, and cannot be followed until this is mended.", "yellow")


def show_made(screen: Screen, view: PlanView, receipt: Receipt, options: Sequence[str]) -> None:
    """Write the plan that was made, what it cost, and what can be done with it."""
    screen.line()
    screen.line(f"Plan {visible(view.plan_id)}", "bold")
    screen.line()
    show_document(screen, view.text)
    show_problems(screen, view)
    screen.line()
    screen.line(_price(view, receipt))
    for note in notes(receipt):
        screen.line(note)
    screen.line()
    steps = (
        ("Have it done:", ("run", f"--plan={view.plan_id}", *options)),
        ("Change it first:", ("plan", f"--edit={view.plan_id}")),
    )
    width = max(len(purpose) for purpose, _ in steps)
    for purpose, words in steps:
        command = " ".join(map(shlex.quote, ("pairwright", *words)))
        screen.line(f"  {screen.paint(purpose.ljust(width), 'dim')}  {visible(command)}")


def show_plans(screen: Screen, result: PlansResult, *, now: datetime) -> None:
    """Write plans as a table, the one that was written last first."""
    if not result.plans:
        screen.line("No plan was made in this workspace yet: 'pairwright plan INSTRUCTION' does.")
    else:
        _show_table(screen, result, now)
    for notice in result.notices:
        screen.line(f"! {notice[:1].upper()}{visible(notice[1:])}.", "yellow")
    if result.plans:
        screen.line(
            "'pairwright plan --show ID' shows one of them, 'pairwright run --plan ID' does it.",
            "dim",
        )


def _show_table(screen: Screen, result: PlansResult, now: datetime) -> None:
    headings = ("plan", "when", "steps", "state", "cost")
    rows = [headings, *(_row(each, now) for each in result.plans)]
    titles = ["for", *(_first_line(each.title) or "(no goal)" for each in result.plans)]
    right = frozenset({2, 4})
    # The title takes what is left of the line.
    used = max(len(line) for line in figures.columns(rows, right=right))
    width = max(_LEAST_TITLE, min(max(map(len, titles)), screen.width - used - 2))
    cells = [(*row, _cut(title, width)) for row, title in zip(rows, titles, strict=True)]
    heading, *lines = figures.columns(cells, right=right)
    screen.line(heading, "dim")
    for line in lines:
        screen.line(line)
    screen.line()
    if result.total > len(result.plans):
        screen.line(f"{result.total - len(result.plans):,} older: --limit shows more of them.")


def _make(args: argparse.Namespace) -> int:
    root = workspace_root(args.workspace)
    params = replace(params_of(args, root), plan_first=True)
    screen = Screen.of(sys.stdout)
    if not args.json:
        screen.status("  reaching the daemon …")
    peer = discovery.find_or_start(Rendezvous.for_workspace(root))
    return run_interruptible(_have_made(peer, root, params, args, screen))


async def _have_made(
    peer: socket.socket,
    root: Path,
    params: messages.RunParams,
    args: argparse.Namespace,
    screen: Screen,
) -> int:
    view = TaskView(screen)
    async with DaemonClient(peer, root) as client:
        await tell_refused_settings(client)
        is_terminal = screen.is_terminal and sys.stdin.isatty() and not args.json
        say = asking(screen, TypedLines(sys.stdin.fileno())) if is_terminal else None
        hear = _write_event if args.json else view.show
        result = await carried_out(client, params, hear, say)
        if result.plan_id is None:
            return EXIT_FAILED
        made = await client.plan(PlanGetParams(plan_id=result.plan_id))
    if args.json:
        _write_line({"kind": "result", **encode(result), "plan": encode(made)})
    else:
        show_made(screen, made, result.receipt, repeated_options(args))
    return 0


def _list(args: argparse.Namespace) -> int:
    params = PlansParams(limit=args.limit)
    result = ask(args, lambda client: client.plans(params))
    if args.json:
        write_json(result)
    else:
        show_plans(Screen.of(sys.stdout), result, now=datetime.now().astimezone())
    return 0


def _show(args: argparse.Namespace) -> int:
    params = PlanGetParams(plan_id=args.show or None)
    view = ask(args, lambda client: client.plan(params))
    screen = Screen.of(sys.stdout)
    if args.json:
        write_json(view)
    elif screen.is_terminal:
        show_plan(screen, view, now=datetime.now().astimezone())
    else:
        # What reads a pipe or a file wants the document, byte for byte.
        sys.stdout.write(view.text)
    return 0


def _price(view: PlanView, receipt: Receipt) -> str:
    cost = figures.usd_at_least(receipt.cost_usd, receipt.unpriced_calls)
    written = sum(role.output_tokens for role in receipt.roles)
    read = sum(role.input_tokens for role in receipt.roles)
    took = figures.seconds(receipt.duration_ms)
    made = f"The plan cost {cost}: {read:,} tokens in, {written:,} out, {took}"
    if view.estimate_usd is None:
        return f"{made}."
    return f"{made}. To follow it costs about {figures.usd(view.estimate_usd)}."


def _row(each: PlanSummary, now: datetime) -> tuple[str, ...]:
    state = figures.counted(each.error_count, "error") if each.error_count else "ready"
    cost = _cost(each.origin, each.cost_usd, each.unpriced_calls)
    return (visible(each.plan_id), when(each.written_at, now), f"{each.step_count}", state, cost)


def _cost(origin: str, known_usd: Decimal | None, unpriced_calls: int) -> str:
    if origin != "strong model":
        return ""
    return figures.usd_at_least(known_usd, unpriced_calls)


def _origin(origin: str) -> str:
    return {"strong model": "the strong model", "person": "hand"}.get(origin, visible(origin))


def _is_error(problem: PlanProblemView) -> bool:
    return problem.severity == "error"


def _first_line(text: str) -> str:
    return visible(text).strip().partition("\n")[0]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _write_event(event: messages.TaskEvent) -> None:
    _write_line(encode(event))


def _write_line(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
