"""How are like problems fixed in many places? One plan by the strong model, many edits by the weak.

Each place is judged by itself: whoever reported the problem there must report it no more, and
nothing else in its stead. What could not be mended stays as it was, and is told. It is no strategy
that can be chosen by name: it needs to know what is reported.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pairwright.checks.mending import Reports, rule_of
from pairwright.checks.verdict import Check, Outcome, Problem
from pairwright.disclosure.policy import clean_for_model
from pairwright.errors import BudgetExceeded, InvalidRequest, ModelError
from pairwright.index.analysis import Analysis
from pairwright.planning.plan import Plan
from pairwright.strategies.answering import Asked
from pairwright.strategies.attempts import Attempts, Draft
from pairwright.strategies.base import (
    ContextFile,
    EditRejected,
    Emit,
    Proposal,
    StrategyContext,
)
from pairwright.strategies.planner import make_plan
from pairwright.strategies.progress import new_lines, snapshot_with
from pairwright.strategies.prompting import Failure
from pairwright.workspace.paths import WorkspacePath, is_protected

MOST_PLACES = 50
"""Of one task; those that come after them are left as they are, and told."""
TEMPERATURES = (0.0, 0.6)
"""Of the tries at one place."""
_MOST_TOLD = 10
_NAMES = re.compile(r"""["'`][^"'`]*["'`]|\d+""")

Texts = Mapping[WorkspacePath, str | None]


@dataclass(frozen=True, slots=True)
class _Place:
    """A line where one or more reporters see the problem."""

    path: WorkspacePath
    line: int
    reports: tuple[Problem, ...]

    @property
    def in_words(self) -> str:
        return f"{self.path}:{self.line + 1}"


class FixAll:
    """Fixes every problem that is like the given ones, in their files."""

    name = "fix_all"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Take what is reported; at least one problem."""
        self._problems = problems

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the places; see `Strategy.run`.

        Raises:
            InvalidRequest: nobody who could be asked again reports such a problem, so nobody could
                say that it is mended.
        """
        attempts = Attempts(ctx, emit)
        files = dict.fromkeys(WorkspacePath(problem.path) for problem in self._problems)
        texts = {
            path: document.text
            for path in files
            if (document := ctx.analysis.snapshot.documents.get(path)) is not None
        }
        places = _places(self._problems, (await ctx.gate.reports_on(texts)).problems)
        if not places:
            raise InvalidRequest(
                "neither the editor nor a linter of the project reports this problem now, so "
                "nobody could say that it is mended: use 'Fix this problem', or edit by hand"
            )
        plan = await make_plan(attempts)
        return await _Fixing(attempts, plan, texts).work(places)


class _Fixing:
    """The places of one task, one after the other."""

    def __init__(self, attempts: Attempts, plan: Plan, texts: Mapping[WorkspacePath, str]) -> None:
        self._attempts = attempts
        self._plan = plan
        self._texts: dict[WorkspacePath, str | None] = dict(texts)
        """The files with all that is mended so far."""
        self._before = dict(texts)
        self._drafts: list[Draft] = []
        self._left: list[str] = []

    async def work(self, places: Sequence[_Place]) -> Proposal | None:
        """Mend what can be mended, and have it judged as one change."""
        for number, place in enumerate(places[:MOST_PLACES]):
            try:
                await self._mend(place)
            except (BudgetExceeded, ModelError) as error:
                if not self._drafts:
                    raise
                reason = str(error).partition("\n")[0]
                self._leave(places[number:MOST_PLACES], reason)
                break
        self._leave(places[MOST_PLACES:], f"{MOST_PLACES} places are the most of one task")
        changed: dict[WorkspacePath, str | None] = {
            path: text for path, text in self._texts.items() if text != self._before.get(path)
        }
        if not changed:
            return None
        proposal = await self._attempts.judge(self._attempts.sample_from(self._drafts, changed))
        return self._told(proposal, len(places))

    async def _mend(self, place: _Place) -> None:
        """Have one place written until its problem is gone; else leave it as it was."""
        attempts, failure = self._attempts, None
        task = self._task_at(place)
        if task is None:
            self._leave([place], "the file is not shown to models")
            return
        known = await attempts.ctx.gate.reports_on({place.path: self._texts[place.path]})
        reason = ""
        for temperature in TEMPERATURES:
            asked = Asked(
                attempts.ctx.weak, temperature, plan=self._plan, failure=failure, may_repair=False
            )
            draft = await attempts.draft(task, asked)
            if draft is None:
                failure = attempts.failure
                reason = failure.evidence if failure is not None else "no edit could be used"
                continue
            reason = await self._why_not_mended(place, known, draft)
            if not reason:
                self._texts.update(draft.texts)
                self._drafts.append(draft)
                return
            await attempts.emit(EditRejected(draft.attempt, place.path, reason))
            failure = Failure(new_lines(task.analysis.snapshot, draft.texts), reason)
        self._leave([place], reason)

    async def _why_not_mended(self, place: _Place, known: Reports, draft: Draft) -> str:
        """Return why a draft does not mend a place; empty when it does."""
        if set(draft.texts) != {place.path} or draft.texts[place.path] is None:
            return f"only {place.path} may be changed"
        found = await self._attempts.ctx.gate.reports_on(draft.texts)
        reporters = _reporters(place, known)
        if not reporters:
            return "nobody could say again that the problem is there, so nor that it is gone"
        kind = _likeness(place.reports[0])
        for who in reporters:
            if who not in found.by_reporter:
                return f"{who} could not look again, so nobody can tell whether the problem is gone"
            if _count(found.by_reporter[who], kind) >= _count(known.by_reporter[who], kind):
                return f"the problem is still there: {place.reports[0].in_words}"
        for who, reports in found.by_reporter.items():
            before = known.by_reporter.get(who)
            if before is not None and len(reports) > len(before) - (who in reporters):
                new = [each for each in reports if each not in before]
                return f"it brings another problem: {(new or [*reports])[0].in_words}"
        return ""

    def _task_at(self, place: _Place) -> StrategyContext | None:
        """Return the task as one place finds it; None where its file cannot be shown."""
        ctx, text = self._attempts.ctx, self._texts[place.path] or ""
        is_too_long = len(text) > ctx.weak.context_tokens
        if is_too_long or is_protected(place.path) or ctx.withheld(place.path, text):
            return None
        shown = ContextFile(place.path, clean_for_model(text), "it has the problem", True)
        problem = ctx.wording.filled("intents/fix_all", problem=place.reports[0].in_words)
        moved = snapshot_with(ctx.analysis.snapshot, self._texts)
        return replace(
            ctx,
            analysis=Analysis(moved, ctx.analysis.index),
            instruction=problem,
            context=(shown,),
            evidence="",
        )

    def _leave(self, places: Sequence[_Place], reason: str) -> None:
        self._left += [f"{place.in_words} ({reason.partition(chr(10))[0]})" for place in places]

    def _told(self, proposal: Proposal, count: int) -> Proposal:
        """Return the proposal with what is mended and what was left said to whoever decides."""
        # Each place was judged by itself; what could not be mended is not in the proposal.
        gone = Check(Outcome.PASSED, f"gone at {count - len(self._left)} of {count} places")
        proposal = replace(proposal, verdict=replace(proposal.verdict, mended=gone))
        if not self._left:
            return proposal
        more = len(self._left) - _MOST_TOLD
        told = "; ".join(self._left[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
        note = f"{len(self._left)} of {count} places are left as they were: {told}"
        verdict = replace(proposal.verdict, notes=(*proposal.verdict.notes, note))
        return replace(proposal, verdict=verdict)


def _places(problems: tuple[Problem, ...], reports: tuple[Problem, ...]) -> tuple[_Place, ...]:
    """Return where problems like the given are reported: by file, the last lines first.

    So an edit moves no place that is still to come.
    """
    kinds = {_likeness(problem) for problem in problems}
    found: dict[tuple[str, int], list[Problem]] = {}
    for report in reports:
        if _likeness(report) in kinds:
            found.setdefault((report.path, report.line), []).append(report)
    order = sorted(found, key=lambda place: (place[0], -place[1]))
    return tuple(
        _Place(WorkspacePath(path), line, tuple(found[path, line])) for path, line in order
    )


def _likeness(problem: Problem) -> str:
    """Return what problems of a kind have in common: their rule, or their message without names."""
    return rule_of(problem) or _NAMES.sub("…", problem.message)


def _reporters(place: _Place, reports: Reports) -> tuple[str, ...]:
    """Return who reports the problem at a place."""
    kind = _likeness(place.reports[0])
    return tuple(
        who
        for who, found in reports.by_reporter.items()
        if any(each.line == place.line and _likeness(each) == kind for each in found)
    )


def _count(reports: tuple[Problem, ...], kind: str) -> int:
    return sum(_likeness(each) == kind for each in reports)
