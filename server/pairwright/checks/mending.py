"""Are the problems that a task is about gone? Whoever reported one before the change says so after.

Nobody's word is guessed: where nobody who can be asked reports a problem before the change, or who
did cannot look after it, it is not known. A problem is told from its like by its place, which moves
with the lines around it, and by how many of its kind the file has.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pairwright.checks.overlay import text_before
from pairwright.checks.verdict import Check, Outcome, Problem
from pairwright.text.diff import Hunk, diff_texts
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_MOST_TOLD = 3
_NUMBERS = re.compile(r"\d+")
_RULE_BEHIND = re.compile(r"\s*[\[(][\w./-]+[\])]\s*$")

Texts = Mapping[WorkspacePath, str | None]


@dataclass(frozen=True, slots=True)
class Reports:
    """What is reported of files, were these their texts, new or not."""

    by_reporter: Mapping[str, tuple[Problem, ...]]
    """By who looked: a tool's name, `the editor`, `the parser`; who could not look is not in it."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them."""
        return tuple(chain.from_iterable(self.by_reporter.values()))


AskReports = Callable[[Texts, Sequence[WorkspacePath]], Awaitable[Reports]]
"""Asks everybody about some files, with the texts laid over the workspace."""


class Mending:
    """Tells of one task's problems whether a change takes them away."""

    def __init__(self, problems: tuple[Problem, ...], snapshot: Snapshot, ask: AskReports) -> None:
        """Take the problems, as somebody saw them in the snapshot; nobody is asked yet."""
        self._problems = problems
        self._snapshot = snapshot
        self._ask = ask
        self._before: Reports | None = None

    async def judge(
        self, texts: Texts, renamed: Mapping[WorkspacePath, WorkspacePath]
    ) -> Check | None:
        """Return whether all are gone with these texts; None where there are no problems.

        Args:
            texts: what is laid over the snapshot; None: the file is gone.
            renamed: of each file that was renamed, the old path by the new one.
        """
        if not self._problems:
            return None
        paths = list(dict.fromkeys(WorkspacePath(each.path) for each in self._problems))
        known = [path for path in paths if text_before(self._snapshot, path) is not None]
        if self._before is None:
            self._before = await self._ask({}, known)
        # A diff of long files takes longer than the event loop may be held.
        moves = await asyncio.to_thread(self._moves, paths, texts, renamed)
        still = [moves[path].path for path in known if not moves[path].is_gone]
        after = await self._ask(texts, still) if still else Reports({})
        left: list[Problem] = []
        unknown: list[str] = []
        who_says: dict[str, None] = {}
        for problem in self._problems:
            move = moves[WorkspacePath(problem.path)]
            said = _Asked(problem, self._problems, self._before, after, move)
            left += said.left
            who_says.update(dict.fromkeys(said.witnesses))
            if said.is_unknown and not move.is_gone:
                unknown.append(f"{problem.in_words} ({said.why_unknown})")
        return _check(left, unknown, who_says)

    def _moves(
        self,
        paths: Iterable[WorkspacePath],
        texts: Texts,
        renamed: Mapping[WorkspacePath, WorkspacePath],
    ) -> dict[WorkspacePath, "_Move"]:
        new_paths = {old: new for new, old in renamed.items()}
        return {path: self._moved(path, new_paths.get(path, path), texts) for path in paths}

    def _moved(self, path: WorkspacePath, new_path: WorkspacePath, texts: Texts) -> "_Move":
        old = text_before(self._snapshot, path)
        new = texts.get(new_path, old if new_path == path else None)
        hunks = diff_texts(old or "", new or "")
        return _Move(new_path, hunks, is_gone=old is not None and new is None)


@dataclass(frozen=True, slots=True)
class _Move:
    """What became of a file's lines."""

    path: WorkspacePath
    """Where the file is now."""
    hunks: tuple[Hunk, ...]
    is_gone: bool

    def spans(self, line: int) -> tuple[range, range]:
        """Return which old lines became which new ones, around one old line."""
        shift = 0
        for hunk in self.hunks:
            if line < hunk.old_start:
                break
            if line < hunk.old_end:
                return (
                    range(hunk.old_start, hunk.old_end),
                    range(hunk.new_start, hunk.new_start + len(hunk.new_lines)),
                )
            shift += hunk.growth
        return range(line, line + 1), range(line + shift, line + shift + 1)


class _Asked:
    """What those who reported one problem say of it after the change."""

    def __init__(
        self,
        problem: Problem,
        all_problems: Sequence[Problem],
        before: Reports,
        after: Reports,
        move: _Move,
    ) -> None:
        self.left: list[Problem] = []
        self.witnesses: list[str] = []
        silent: list[str] = []
        for who, reports in before.by_reporter.items():
            report = report_of(problem, reports)
            if report is None:
                continue
            if who not in after.by_reporter:
                silent.append(who)
                continue
            self.witnesses.append(who)
            asked = {found for each in all_problems if (found := report_of(each, reports))}
            self.left += _left(report, asked, reports, after.by_reporter[who], move)[:1]
        self.is_unknown = not self.witnesses
        self.why_unknown = (
            f"{', '.join(silent)} could not look again"
            if silent
            else "nobody who can be asked reports it"
        )


def report_of(problem: Problem, reports: Iterable[Problem]) -> Problem | None:
    """Return the report that speaks of a problem that somebody else may have worded; None: none.

    On its line, or else the nearest with its words: an editor may lag behind its buffer.
    """
    here = [each for each in reports if each.path == problem.path]
    alike = [each for each in here if _is_worded_alike(each, problem)]
    if alike:
        return min(alike, key=lambda each: abs(each.line - problem.line))
    rule = rule_of(problem)
    same_rule = (each for each in here if each.line == problem.line and rule_of(each) == rule)
    return next(same_rule, None) if rule else None


def rule_of(problem: Problem) -> str:
    """Return a rule as both write it: TypeScript's server leaves the `TS` out."""
    rule = problem.rule.casefold()
    return rule[2:] if rule[:2] == "ts" and rule[2:].isdigit() else rule


def _left(
    report: Problem,
    asked: Iterable[Problem],
    before: Sequence[Problem],
    after: Sequence[Problem],
    move: _Move,
) -> list[Problem]:
    """Return the reports by which a problem is still there; empty: it is gone."""
    if move.is_gone:
        return []
    old_lines, new_lines = move.spans(report.line)
    were = [each for each in before if each.path == report.path and _kind(each) == _kind(report)]
    wanted = [each for each in asked if each.path == report.path and _kind(each) == _kind(report)]
    are = [each for each in after if each.path == move.path and _kind(each) == _kind(report)]
    here = [each for each in are if each.line in new_lines]
    if len(here) > _within(were, old_lines) - _within(wanted, old_lines):
        return here
    # Its lines may have been taken elsewhere in the file.
    return are if len(are) > len(were) - len(wanted) else []


def _within(problems: Iterable[Problem], lines: range) -> int:
    return sum(each.line in lines for each in problems)


def _check(left: Sequence[Problem], unknown: Sequence[str], who_says: Iterable[str]) -> Check:
    if left:
        told = _told(each.in_words for each in dict.fromkeys(left))
        return Check(Outcome.FAILED, "\n".join(["the reported problem is still there:", *told]))
    if unknown:
        told = _told(unknown)
        return Check(
            Outcome.NOT_RUN, "\n".join(["nobody can tell whether the problem is gone:", *told])
        )
    said = ", ".join(who_says)
    return Check(Outcome.PASSED, f"gone, says {said}" if said else "gone with its file")


def _told(lines: Iterable[str]) -> list[str]:
    all_lines = list(lines)
    more = len(all_lines) - _MOST_TOLD
    return [*all_lines[:_MOST_TOLD], *([f"and {more} more"] if more > 0 else [])]


def _is_worded_alike(one: Problem, other: Problem) -> bool:
    is_other_rule = one.rule and other.rule and rule_of(one) != rule_of(other)
    return not is_other_rule and _words(one) == _words(other)


def _kind(problem: Problem) -> tuple[str, str]:
    return rule_of(problem), _words(problem)


def _words(problem: Problem) -> str:
    """Return a message as tools and the editors' servers for them have it in common."""
    first_line = problem.message.strip().partition("\n")[0]
    words = " ".join(_RULE_BEHIND.sub("", first_line).split()).rstrip(".").casefold()
    # Numbers in it may move with the text: `line 7`, `101 > 100`.
    return _NUMBERS.sub("0", words)
