"""What is wrong with a plan, here? The document itself, then what the workspace says of each step.

Errors keep a plan from being followed; warnings are for a person to know. A file that is not
there is a mistake, unless a step says that it makes it.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from pathlib import PurePosixPath

from pairwright.disclosure.policy import withheld_reason
from pairwright.engine.spending.costs import step_usd
from pairwright.errors import StaleChange
from pairwright.llm.model import Price, Tier
from pairwright.planning.document import PlanDocument, read_document
from pairwright.planning.order import batches
from pairwright.planning.plan import Plan, Step
from pairwright.workspace.documents import Document
from pairwright.workspace.paths import (
    Protection,
    WorkspacePath,
    parse_path,
    protection_of,
)
from pairwright.workspace.snapshot import Snapshot

_MAKE = (
    r"\b(?:creat|new|add|writ|generat|introduc|mak)\w*\W+(?:(?!in\b|to\b|of\b|into\b)\w+\W+){0,5}"
)
_MAKES_A_FILE = re.compile(rf"{_MAKE}(?:file|module|script|package)\b(?!-)", re.IGNORECASE)
"""What a step says that makes a file without saying its name: "add a new module for prices"."""
_MOVE = r"\b(?:mov|renam|cop(?:y|ies)|extract|split)\w*\b[^\n]{0,300}?\b(?:to|into|as)\s+\W{0,2}"
_MOST_READ = 4_000
"""Characters of what a step says."""
_MOST_COMPARED = 2_000
_MOST_GUESSES = 20
"""Missing files of which it is said what may have been meant."""


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a plan."""

    line: int
    """Zero-based."""
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Purse:
    """What steps cost, and what may be spent."""

    prices: Mapping[Tier, Price | None]
    room_usd: Decimal | None
    """None: nobody says."""


UNKNOWN_PURSE = Purse({}, None)


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """A document with what is to be said of it."""

    document: PlanDocument
    findings: tuple[Finding, ...]
    """In the order of their lines."""
    estimates: tuple[Decimal | None, ...]
    """About what each step costs; nothing for one that is skipped, None where nobody knows."""

    @property
    def plan(self) -> Plan | None:
        """The plan, when the document is one; it may have errors all the same."""
        return self.document.plan

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being followed."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def estimate_usd(self) -> Decimal | None:
        """About what all of it costs; None when that of a step is not known."""
        known = [each for each in self.estimates if each is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(self.estimates) else None


def check_plan(text: str, snapshot: Snapshot, purse: Purse = UNKNOWN_PURSE) -> CheckedPlan:
    """Return what a document means in a workspace, and what is wrong with it.

    Not for the loop: it may read the files that the plan names.
    """
    document = read_document(text)
    findings = [Finding(problem.line, problem.message) for problem in document.problems]
    estimates: tuple[Decimal | None, ...] = ()
    if document.plan is not None:
        findings += _order_findings(document, document.plan)
        steps = document.plan.steps
        findings += _file_findings(document, steps, snapshot)
        estimates = tuple(_estimate(step, snapshot, purse) for step in steps)
        findings += _budget_findings(document, estimates, purse.room_usd)
    return CheckedPlan(
        document, tuple(sorted(findings, key=lambda finding: finding.line)), estimates
    )


def _order_findings(document: PlanDocument, plan: Plan) -> Iterator[Finding]:
    if all(step.is_skipped for step in plan.steps):
        yield Finding(document.step_lines[0], "every step is skipped, so nothing would be done")
    try:
        batches(plan)
    except ValueError:
        waiting = next(place for place, step in enumerate(plan.steps) if step.after)
        yield Finding(
            document.line_of(waiting, "after"),
            "these steps wait for one another in a circle: steps that edit the same file are done "
            "as they stand here, so move this one below those that it comes after",
        )


def _file_findings(
    document: PlanDocument, steps: Sequence[Step], snapshot: Snapshot
) -> Iterator[Finding]:
    to_do = [step for step in steps if not step.is_skipped]
    guesses = _MOST_GUESSES
    made = {path for step in to_do for path in step.files if _makes(step, path)}
    for place, step in enumerate(steps):
        if step.is_skipped:
            continue
        line = document.line_of(place, "files")
        for name in step.files:
            path = parse_path(name)
            if (why_not := _why_not(path, made, snapshot, may_guess=guesses > 0)) is not None:
                guesses -= 1
                yield Finding(line, why_not)
            elif protection_of(path) is Protection.ONLY_WITH_APPROVAL:
                yield Finding(
                    line,
                    f"builds, tests or assistants obey {path!r}: what becomes of it is written "
                    "only with your yes",
                    Severity.WARNING,
                )


def _makes(step: Step, path: str) -> bool:
    """Tell whether a step says that it makes a file: by its name, or because it makes one."""
    said = f"{step.intent}\n{step.detail}"[:_MOST_READ]
    if _MAKES_A_FILE.search(said):
        return True
    name = rf"(?:{re.escape(path)}|{re.escape(PurePosixPath(path).name)})"
    return bool(re.search(rf"(?:{_MAKE}|{_MOVE}){name}", said, re.IGNORECASE))


def _why_not(
    path: WorkspacePath, made: Collection[str], snapshot: Snapshot, *, may_guess: bool
) -> str | None:
    """Return why a step cannot edit a file; None when it can."""
    document = snapshot.documents.get(path)
    if document is not None:
        reason = withheld_reason(path, _text_of(document))
        return None if reason is None else f"{path!r} is not shown to models: {reason}"
    if path in snapshot.unreadable:
        return f"{path!r} cannot be edited: {snapshot.unreadable[path]}"
    if path in made or path in snapshot.pending:
        return None
    if any(known.startswith(f"{path}/") for known in snapshot.documents):
        return f"{path!r} is a folder: name the files in it"
    like = _like(path, snapshot) if may_guess else None
    meant = f"did you mean {like!r}? " if like else ""
    return f"there is no file {path!r}: {meant}If the step makes it, say so: 'create {path}'"


def _text_of(document: Document) -> str:
    """Return what a file says; nothing of one that changes just now."""
    try:
        return document.text
    except StaleChange:
        return ""


def _like(path: WorkspacePath, snapshot: Snapshot) -> str | None:
    """Return a file that may have been meant: one of that name elsewhere, else a like one."""
    name = PurePosixPath(path).name
    same = [known for known in snapshot.documents if PurePosixPath(known).name == name]
    if same:
        return min(same, key=len)
    folder = path.rpartition("/")[0]
    near = [known for known in snapshot.documents if known.rpartition("/")[0] == folder]
    compared = near or list(snapshot.documents)[:_MOST_COMPARED]
    return next(iter(get_close_matches(path, compared[:_MOST_COMPARED], n=1)), None)


def _estimate(step: Step, snapshot: Snapshot, purse: Purse) -> Decimal | None:
    if step.is_skipped:
        return Decimal(0)
    documents = (snapshot.documents.get(WorkspacePath(path)) for path in step.files)
    length = sum(len(_text_of(document)) for document in documents if document is not None)
    return step_usd(purse.prices.get(step.tier), length, step.weight)


def _budget_findings(
    document: PlanDocument, estimates: Sequence[Decimal | None], room_usd: Decimal | None
) -> Iterator[Finding]:
    """Tell at which step the money is gone, if it is; the wallet itself never spends more."""
    if room_usd is None:
        return
    spent = Decimal(0)
    for place, estimate in enumerate(estimates):
        spent += estimate or Decimal(0)
        if spent > room_usd:
            yield Finding(
                document.step_lines[place],
                f"up to here the plan costs about ${spent:.4f}, and ${room_usd:.4f} may be spent: "
                "what does not fit is not done",
                Severity.WARNING,
            )
            return
