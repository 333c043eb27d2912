"""What did a task cost that just ended? A line at its place for a while, and its whole receipt."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from lsprotocol import types

from pairwright.lsp.session import Session
from pairwright.protocol.codec import encode
from pairwright.protocol.cost_messages import Receipt
from pairwright.protocol.messages import RunParams, RunResult
from pairwright.protocol.review_commands import SHOW_RECEIPT, ShowArguments
from pairwright.workspace.paths import WorkspacePath

SHOWN_S = 300.0
"""Seconds for which a receipt is shown where its task was asked for."""
MOST_RECEIPTS = 50


@dataclass(frozen=True, slots=True)
class _Shown:
    task_id: str
    line: int
    until_s: float


class Receipts:
    """The receipts of one client's tasks."""

    def __init__(self, session: Session, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with none."""
        self._session = session
        self._clock = clock
        self._known: OrderedDict[str, RunResult] = OrderedDict()
        self._shown: dict[str, _Shown] = {}
        """By path: one a file, the latest."""

    def ended(self, params: RunParams, result: RunResult) -> None:
        """Take a task's end in."""
        self._known[result.task_id] = result
        if len(self._known) > MOST_RECEIPTS:
            oldest, _ = self._known.popitem(last=False)
            self._shown = {
                path: each for path, each in self._shown.items() if each.task_id != oldest
            }
        if params.file is not None:
            until = self._clock() + SHOWN_S
            self._shown[params.file] = _Shown(result.task_id, params.first_line or 0, until)

    def lenses(self, path: WorkspacePath, last_line: int) -> Iterator[types.CodeLens]:
        """Return what is shown in a file; `last_line` is that of its text."""
        shown = self._shown.get(path)
        if shown is None or shown.until_s < self._clock():
            return
        place = types.Position(min(shown.line, last_line), 0)
        argument = encode(ShowArguments(task_id=shown.task_id))
        title = f"Pairwright: {in_a_line(self._known[shown.task_id].receipt)}"
        command = types.Command(title, SHOW_RECEIPT, arguments=[argument])
        yield types.CodeLens(types.Range(place, place), command)

    def document(self, task_id: str) -> str:
        """Return a receipt as Markdown.

        Raises:
            UnknownTask: nothing is known of what such a task cost.
        """
        known = self._known.get(task_id)
        if known is None:
            return written(task_id, self._session.receipt(task_id))
        return written(task_id, known.receipt, outcome=known.message)


def in_a_line(receipt: Receipt) -> str:
    """Return what a task cost, in a few words."""
    least = "at least " if receipt.unpriced_calls else ""
    parts = [f"{least}{usd(receipt.cost_usd)}"]
    if receipt.strong_alone_usd is not None:
        parts.append(f"the strong model alone about {usd(receipt.strong_alone_usd)}")
    parts.append(f"{receipt.duration_ms / 1000:.1f} s")
    return " · ".join(parts)


def written(task_id: str, receipt: Receipt, *, outcome: str = "") -> str:
    """Return a whole receipt as Markdown, with what came of the task where that is known."""
    lines = [
        f"# What the task {task_id} cost",
        "",
        *((f"{_cell(outcome)}.", "") if outcome else ()),
        in_a_line(receipt),
        "",
        "| who | model | calls | read | cached | written | USD |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {role.tier} | {_cell(role.model)} | {role.calls} | {role.input_tokens:,} "
        f"| {role.cached_tokens:,} | {role.output_tokens:,} | {usd(role.cost_usd)} |"
        for role in receipt.roles
    ]
    notes = [f"planned: {usd(receipt.planned_usd)}"] if receipt.planned_usd is not None else []
    notes += [f"one rung up: {each}" for each in receipt.escalations]
    if receipt.replayed_calls:
        notes.append(f"{receipt.replayed_calls} answers of an earlier run cost nothing again")
    if receipt.unpriced_calls:
        notes.append(f"{receipt.unpriced_calls} calls have no known price")
    return "\n".join([*lines, *([""] if notes else []), *(f"- {note}" for note in notes)]) + "\n"


def usd(amount: Decimal | None) -> str:
    """Return an amount for people; an unknown one is not nothing."""
    return "no price known" if amount is None else f"${amount:.4f}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
