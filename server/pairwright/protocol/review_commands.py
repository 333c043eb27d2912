"""Which commands decide a change and run a plan? Their names, and what they take.

For editors that have no extension of ours: code lenses and menus carry them. Light to import, since
the handshake names them all. Each takes one argument.
"""

from decimal import Decimal
from typing import Literal

from pairwright.protocol.message import message

KEEP_HUNK = "pairwright.keepHunk"
"""`DecisionArguments`: keep the hunks that are named."""

DISCARD_HUNK = "pairwright.discardHunk"
"""`DecisionArguments`: decide against the hunks that are named."""

KEEP_FILE = "pairwright.keepFile"
"""`DecisionArguments`: keep what is pending in a file; without a path, all of the change."""

DISCARD_FILE = "pairwright.discardFile"
"""`DecisionArguments`: decide against what is pending in a file, or in all of the change."""

SHOW_DIFF = "pairwright.showDiff"
"""`DecisionArguments`: open what is pending as a unified diff."""

SHOW_VERDICT = "pairwright.showVerdict"
"""`DecisionArguments`: say why the gate says what it says of a change."""

SHOW_PLAN = "pairwright.showPlan"
"""`ShowArguments`: open a plan as a document; the latest one, when none is named."""

SHOW_RECEIPT = "pairwright.showReceipt"
"""`ShowArguments`: open what a task cost."""

RUN_PLAN = "pairwright.runPlan"
"""`PlanArguments`: follow a plan's document, from a step on when one is named."""

MARK_STEP = "pairwright.markStep"
"""`PlanArguments`: change a step's mark in a plan's document."""

REVIEW_COMMANDS = (
    *(KEEP_HUNK, DISCARD_HUNK, KEEP_FILE, DISCARD_FILE, SHOW_DIFF),
    *(SHOW_VERDICT, SHOW_PLAN, SHOW_RECEIPT, RUN_PLAN, MARK_STEP),
)
"""All of them, in the order in which they are listed."""

StepMark = Literal["skip", "approve", "only", "strong", "weak"]
"""`approve` takes a skip back, `only` skips all other steps, the others are what they say."""


@message
class DecisionArguments:
    """What is decided, or shown, of a change."""

    task_id: str
    hunk_ids: tuple[str, ...] | None = None
    """None: all that is pending, in the file if one is named."""
    path: str | None = None
    remark: str = ""
    """Why it is discarded, in a person's words."""


@message
class ShowArguments:
    """What is to be opened."""

    task_id: str | None = None
    plan_id: str | None = None


@message
class PlanArguments:
    """Which plan is meant, and which step of it."""

    uri: str
    """Of the plan's document, open in this editor or a virtual one."""
    version: int | None = None
    """Of the document when the command was offered: on another one, it is refused."""
    step: int | None = None
    """From 1, by their order in the document."""
    mark: StepMark | None = None
    budget_usd: Decimal | None = None
    """The cap of the task that follows the plan, as in `RunParams`."""


@message
class CommandResult:
    """What became of a command; what went wrong was shown to the person as well."""

    is_done: bool
    message: str = ""
    """Why not, or what should be known, in a sentence."""
    uri: str | None = None
    """What was opened, for an editor that cannot be asked to open it."""
    entry_id: str | None = None
    """What `pairwright/undo` takes, of what was kept."""
    pending: int | None = None
    """How many hunks of the change are left to decide."""
