"""What does a person see of a task? Its events, as they come, as calm lines of text."""

import time
from collections.abc import Callable
from functools import singledispatchmethod
from typing import Any

from pairwright.protocol import cost_messages, messages
from pairwright.protocol.budget_messages import BudgetNotice, EstimateMade
from pairwright.protocol.model_messages import ModelReplaced
from pairwright.protocol.plan_messages import PlanReady, PlanStep
from pairwright.protocol.rung_messages import RungEnded
from pairwright.protocol.terminal import visible
from pairwright_client import figures
from pairwright_client.estimates import estimate_line, notice_line
from pairwright_client.progress import ProgressLine
from pairwright_client.terminal import Screen

_SIGNS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "not_run": ("–", "dim")}
_DIFF_STYLES = {"+": ("green",), "-": ("red",), "@": ("cyan",)}
_SHOWN_FAILURES = 5
_SHOWN_OUTPUT_LINES = 8
_SHOWN_SIDE_LINES = 6


class TaskView:
    """Writes a task's events to a screen."""

    def __init__(self, screen: Screen, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a screen; the clock gives seconds, for the speed of downloads."""
        self._screen = screen
        self._progress = ProgressLine(screen, clock)
        self._is_planning = False
        self._is_mid_line = False
        self._is_thinking = False
        self._heading: tuple[int, str] | None = None
        self._shown: dict[int, set[str]] = {}

    @singledispatchmethod
    def show(self, event: Any) -> None:
        """Write one event."""
        raise TypeError(f"no event of a task: {type(event).__name__}")

    @show.register
    def _(self, event: messages.TaskStarted) -> None:
        self._screen.line()
        strategy, strong, weak = map(visible, (event.strategy, event.strong, event.weak))
        self._screen.line(f"Strategy {strategy}: {strong} is strong, {weak} is weak", "bold")
        self._show_files(event.shown_files)
        if event.withheld:
            withheld = ", ".join(visible(each) for each in event.withheld)
            self._screen.line(f"  Withheld from them: {withheld}", "yellow")

    @show.register
    def _(self, event: messages.ProgressMade) -> None:
        self._progress.show(event)

    @show.register
    def _(self, event: messages.TestsRun) -> None:
        if event.when == "before":
            show_tests(self._screen, "Tests before", event)
        else:
            # What failed is in the gate's verdict, which comes next.
            self._screen.line()
            self._screen.line(_headline(self._screen, "Tests after", event))

    @show.register
    def _(self, event: messages.StepStarted) -> None:
        self._end_answer()
        again = f", attempt {event.attempt}" if event.attempt > 1 else ""
        self._screen.line()
        title = f"{event.tier.capitalize()} model: {visible(event.step)}{again}"
        model = self._screen.paint(visible(event.model), "dim")
        self._screen.line(f"{self._screen.paint(title, 'bold')}  {model}")
        self._screen.status("  thinking …")
        self._is_thinking = True

    @show.register
    def _(self, event: messages.PlanDelta) -> None:
        first, *rest = visible(event.text).split("\n")
        lines = [first if self._is_mid_line else _indented(first), *map(_indented, rest)]
        self._screen.stream("\n".join(lines), "cyan")
        self._is_mid_line = bool(lines[-1]) or (self._is_mid_line and not rest)
        self._is_planning = True
        self._is_thinking = False

    @show.register
    def _(self, event: PlanReady) -> None:
        was_streamed = self._is_planning
        self._end_answer()
        if was_streamed:
            return
        if event.plan_id is not None:
            self._screen.line()
            self._screen.line(f"Plan {visible(event.plan_id)}", "bold")
        self._screen.line(f"  Goal: {visible(event.goal)}", "cyan")
        for number, step in enumerate(event.steps, 1):
            self._screen.line(f"  {number}. {visible(step.intent)}{_aside(step)}", "cyan")

    @show.register
    def _(self, event: messages.HunkReady) -> None:
        self._end_answer()
        self._shown.setdefault(event.attempt, set()).add(event.hunk.unified)
        show_hunk(
            self._screen,
            event.hunk,
            has_heading=self._heading != (event.attempt, event.hunk.path),
        )
        self._heading = (event.attempt, event.hunk.path)

    @show.register
    def _(self, event: messages.EditRejected) -> None:
        self._end_answer()
        what = f"an edit of {visible(event.path)}" if event.path else "the answer"
        self._screen.line(f"  ✗ cannot use {what}:", "yellow")
        self._show_dim(event.reason)

    @show.register
    def _(self, event: messages.Checked) -> None:
        self._end_answer()
        if event.verdict.checks[-1].outcome == "not_run":
            self._screen.line()
        show_verdict(self._screen, f"Gate, attempt {event.attempt}", event.verdict)

    @show.register
    def _(self, event: messages.ProgressKept) -> None:
        self._end_answer()
        still = figures.counted(event.still_failing, "test")
        verb = "fails" if event.still_failing == 1 else "fail"
        self._screen.line()
        self._screen.line(f"→ kept, the next attempt builds on it: {still} still {verb}", "green")
        self._show_files(event.shown_files)

    @show.register
    def _(self, event: messages.StrategyChosen) -> None:
        self._end_answer()
        reason = visible(event.reason).strip().partition("\n")[0]
        self._screen.line(f"→ {visible(event.strategy)} is chosen ({reason})")

    @show.register
    def _(self, event: messages.Escalated) -> None:
        self._end_answer()
        self._screen.line()
        reason = visible(event.reason).strip().partition("\n")[0]
        self._screen.line(f"↑ up to {visible(event.rung)}: {reason}", "yellow")

    @show.register
    def _(self, event: RungEnded) -> None:
        self._end_answer()
        spent = ""
        if event.cost_usd or event.unpriced_calls:
            spent = f", {figures.usd_at_least(event.cost_usd, event.unpriced_calls)}"
        tried = figures.counted(len(event.attempts), "attempt")
        outcome = event.outcome.replace("_", " ")
        self._screen.line(f"  {visible(event.rung)}: {outcome} ({tried}{spent})", "dim")

    @show.register
    def _(self, event: cost_messages.CostNotice) -> None:
        if event.task_usd or event.task_unpriced_calls:
            spent = figures.usd_at_least(event.task_usd, event.task_unpriced_calls)
            cap = figures.usd(event.task_cap_usd)
            # An open call counts at its worst case.
            what = f"thinking … at most {spent}" if self._is_thinking else f"spent {spent}"
            self._screen.status(f"  {what} of {cap}")

    @show.register
    def _(self, event: EstimateMade) -> None:
        self._screen.line(f"  {estimate_line(event.estimate)}", "dim")

    @show.register
    def _(self, event: BudgetNotice) -> None:
        self._end_answer()
        self._screen.line(notice_line(event), "yellow")

    @show.register
    def _(self, event: ModelReplaced) -> None:
        self._end_answer()
        self._screen.line(
            f"! {visible(event.reason)}; {visible(event.replaced_by)} is asked in place of the "
            f"{event.tier} model",
            "yellow",
        )

    @show.register
    def _(self, event: messages.ChangeReady) -> None:
        self._end_answer()
        self._screen.line()
        files = len({hunk.path for hunk in event.hunks})
        proposal = (
            f"{figures.counted(len(event.hunks), 'hunk')} in {figures.counted(files, 'file')}"
        )
        self._screen.line(f"Proposal: {proposal}", "bold")
        proposed = {hunk.unified for hunk in event.hunks}
        if proposed not in self._shown.values():
            for hunk in event.hunks:
                show_hunk(self._screen, hunk)
        for conflict in event.conflicts:
            show_conflict(self._screen, conflict)

    def _show_files(self, files: tuple[str, ...]) -> None:
        if files:
            self._screen.line("  The models see:", "dim")
        for file in files:
            self._screen.line(f"    {visible(file)}", "dim")

    def _end_answer(self) -> None:
        self._is_planning = self._is_mid_line = self._is_thinking = False

    def _show_dim(self, text: str) -> None:
        for line in visible(text).splitlines():
            self._screen.line(f"    {line}", "dim")


def _aside(step: PlanStep) -> str:
    """Return what a step's intent does not say by itself: its files, and who writes it."""
    asides = [visible(path) for path in step.files if path not in step.intent]
    asides += ["by the strong model"] if step.tier == "strong" else []
    return f" ({', '.join(asides)})" if asides else ""


def show_hunk(screen: Screen, hunk: messages.HunkView, *, has_heading: bool = True) -> None:
    """Write a hunk as a coloured unified diff."""
    is_heading = True
    # Not splitlines(): a form feed or U+2028 inside a line is no line end.
    for line in hunk.unified.rstrip("\n").split("\n"):
        is_heading = is_heading and not line.startswith("@@")
        if is_heading and not has_heading:
            continue
        style = ("bold",) if is_heading else _DIFF_STYLES.get(line[:1], ())
        text = visible(line.removesuffix("\r"))
        screen.line(f"  {text}", *style)


def show_conflict(screen: Screen, conflict: messages.Conflict) -> None:
    """Write why a hunk does not fit any more: what it wants, and what stands there."""
    path, reason = visible(conflict.path), visible(conflict.reason)
    screen.line(f"  ✗ conflict in {path}: {reason}", "yellow")
    if conflict.ours or conflict.theirs:
        _show_side(screen, "the change wants", conflict.ours)
        _show_side(screen, "there stands now", conflict.theirs)


def _show_side(screen: Screen, title: str, text: str) -> None:
    lines = visible(text).removesuffix("\n").split("\n") if text else ["(nothing)"]
    screen.line(f"      {title}:", "dim")
    for line in lines[:_SHOWN_SIDE_LINES]:
        screen.line(f"        {line}")
    if len(lines) > _SHOWN_SIDE_LINES:
        screen.line(f"        … {len(lines) - _SHOWN_SIDE_LINES:,} more lines", "dim")


def show_verdict(screen: Screen, title: str, verdict: messages.VerdictView) -> None:
    """Write what the gate says: its badge, then what failed or was not run, and what to know."""
    screen.line(f"{screen.paint(title, 'bold')}  {_painted_badge(screen, verdict)}")
    for check in verdict.checks:
        detail = visible(check.detail).strip()
        if check.outcome == "passed" or not detail:
            continue
        first, *rest = detail.splitlines()
        screen.line(f"  {check.name}: {first}")
        if check.outcome == "failed":
            for line in rest[-_SHOWN_OUTPUT_LINES:]:
                screen.line(f"    {line}", "dim")
    for place in verdict.may_break[:_SHOWN_FAILURES]:
        where = f"{visible(place.path)}:{place.line + 1}"
        screen.line(f"  may break: {where} {visible(place.reason)}", "yellow")
    for path in verdict.needs_approval:
        screen.line(f"  {visible(path)} is written only if you say yes to it", "yellow")
    for note in verdict.notes:
        screen.line(f"  {visible(note)}", "yellow")


def _painted_badge(screen: Screen, verdict: messages.VerdictView) -> str:
    badge = visible(verdict.badge)
    for sign, style in _SIGNS.values():
        badge = badge.replace(sign, screen.paint(sign, style))
    return badge


def show_tests(screen: Screen, when: str, tests: messages.TestsRun) -> None:
    """Write how the tests ended, and what of them failed."""
    screen.line()
    screen.line(_headline(screen, when, tests))
    for name in tests.failing[:_SHOWN_FAILURES]:
        screen.line(f"    {visible(name)}", "dim")
    if len(tests.failing) > _SHOWN_FAILURES:
        screen.line(f"    and {len(tests.failing) - _SHOWN_FAILURES:,} more", "dim")
    if not tests.is_green and not tests.failing:
        for line in visible(tests.output).splitlines()[-_SHOWN_OUTPUT_LINES:]:
            screen.line(f"    {line}", "dim")


def _headline(screen: Screen, when: str, tests: messages.TestsRun) -> str:
    sign, style = _SIGNS["passed" if tests.is_green else "failed"]
    took = figures.seconds(tests.duration_ms)
    title = screen.paint(f"{when}:", "bold")
    return f"{title} {screen.paint(sign, style)} {_outcome(tests)} ({took})"


def _outcome(tests: messages.TestsRun) -> str:
    if tests.is_green:
        if tests.ran is None:
            return "all pass"
        return "1 test passes" if tests.ran == 1 else f"{tests.ran:,} tests pass"
    if not tests.failing:
        return "fail"
    of = "" if tests.ran is None else f" of {tests.ran:,}"
    return f"{len(tests.failing):,}{of} fail"


def as_sentence(message: str) -> str:
    """Return a message of the daemon as a line of its own."""
    shown = visible(message)
    return f"{shown[:1].upper()}{shown[1:]}{'' if shown.endswith(('.', '!', '?')) else '.'}"


def _indented(line: str) -> str:
    return f"  {line}" if line else ""
