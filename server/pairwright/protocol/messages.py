"""What do our methods carry? Plain data, light to import: clients in any process share it.

On the wire names are camelCase, an absent optional field may be left out, an unknown field is an
error, money is a decimal string and never a float. Lines are zero-based.
"""

from decimal import Decimal
from typing import Literal

from pairwright.protocol.budget_messages import BudgetNotice, EstimateMade
from pairwright.protocol.commands import TaskKind
from pairwright.protocol.cost_messages import CostNotice, Receipt
from pairwright.protocol.editor_messages import DiagnosedProblem
from pairwright.protocol.message import message
from pairwright.protocol.model_messages import ModelReplaced
from pairwright.protocol.plan_messages import PlanReady
from pairwright.protocol.rung_messages import RungEnded


@message
class RunParams:
    """A task: what to do, where, with whom, for how much."""

    instruction: str
    """Empty only with a plan, whose goal is meant then, or of a kind that has words of its own."""
    kind: TaskKind = "edit"
    """What is to be done; of other kinds the instruction only adds to it."""
    problems: tuple[DiagnosedProblem, ...] = ()
    """What is to be mended, of the kinds `fix` and `fix_all`."""
    instruction_comment: str = ""
    """The whole lines of `file` that hold the instruction as a comment: the change removes them."""
    file: str | None = None
    """The focus: a path, relative to the workspace's root."""
    first_line: int | None = None
    last_line: int | None = None
    """Of the focus, included; both or none."""
    strategy: str | None = None
    strong: str | None = None
    weak: str | None = None
    budget_usd: Decimal | None = None
    """Lowers the cap of this task; it cannot raise the user's own."""
    allow_unpriced: bool = False
    """The person's yes, for this task, to models whose price nobody knows: no cap holds them."""
    test_command: tuple[str, ...] | None = None
    """A person's word: it counts only on the connection of a local client."""
    plan_id: str | None = None
    """The kept plan to follow."""
    plan: str | None = None
    """A plan to follow, as Markdown: whoever sends it is the strong model then."""
    plan_first: bool = False
    """Make a plan, keep it, and edit nothing: the task ends as `planned`."""
    local_only: bool = False
    """Ask no model that is not on this machine; it cannot allow what the settings forbid."""
    partial_result_token: str | int | None = None


@message
class TaskStarted:
    """The task exists; it is pinned to the revision."""

    kind: Literal["taskStarted"] = "taskStarted"
    task_id: str
    revision: int
    strategy: str
    strong: str
    weak: str
    shown_files: tuple[str, ...]
    """What the models see, most relevant first, each as `path (reason)`."""
    withheld: tuple[str, ...] = ()
    """What they are not shown that would have been, each with the rule: files as `path (rule)`,
    what was taken out of files and of the instruction in words."""


@message
class ProgressMade:
    """A long step goes on: a download, a model's start."""

    kind: Literal["progress"] = "progress"
    step: str
    done: int
    total: int | None = None
    unit: Literal["bytes", "files", "steps"] = "steps"


@message
class TestsRun:
    """The tests were run: before the change, or on an attempt."""

    kind: Literal["testsRun"] = "testsRun"
    when: Literal["before", "after"]
    is_green: bool
    ran: int | None
    failing: tuple[str, ...]
    duration_ms: int
    output: str


@message
class StepStarted:
    """A model begins to work."""

    kind: Literal["stepStarted"] = "stepStarted"
    step: str
    tier: Literal["weak", "strong"]
    model: str
    attempt: int


@message
class PlanDelta:
    """The next piece of the plan."""

    kind: Literal["planDelta"] = "planDelta"
    text: str


FileChange = Literal["modify", "create", "delete", "rename"]


@message
class HunkView:
    """A piece of a diff."""

    hunk_id: str
    path: str
    old_start: int
    old_lines: tuple[str, ...]
    new_start: int
    new_lines: tuple[str, ...]
    unified: str
    """The same with file heading and context, as `diff -u` shows it."""
    file_change: FileChange = "modify"
    """What becomes of the whole file; other than `modify`, the hunk is all of it."""
    new_path: str | None = None
    """Where a renamed file goes."""
    needs_approval: bool = False
    """The file can run code or steers an assistant: kept only with a yes for this path."""


@message
class HunkReady:
    """A hunk was found while the model still writes; not yet judged."""

    kind: Literal["hunkReady"] = "hunkReady"
    attempt: int
    hunk: HunkView


@message
class EditRejected:
    """Something that the model wrote cannot be used."""

    kind: Literal["editRejected"] = "editRejected"
    attempt: int
    path: str
    reason: str


CheckName = Literal["applies", "protected", "size", "parses", "problems", "mended", "tests"]


@message
class CheckView:
    """One check of the gate."""

    name: CheckName
    outcome: Literal["passed", "failed", "not_run"]
    detail: str


@message
class AffectedView:
    """A place that may not work any more, though the change does not touch what is wrong there."""

    path: str
    line: int
    symbol: str
    reason: str
    """A predicate: ``calls `load(path)`, whose signature changed``."""


@message
class VerdictView:
    """What the gate says."""

    is_sound: bool
    checks: tuple[CheckView, ...]
    badge: str = ""
    """All of it in a few words, such as `applies ✓ parses ✓ 0 new problems 3/3 tests`."""
    needs_approval: tuple[str, ...] = ()
    """Files that are written only with a yes for each of them."""
    may_break: tuple[AffectedView, ...] = ()
    """Places elsewhere that may need a change too, the certain first."""
    notes: tuple[str, ...] = ()
    """What a person should know about how the checks were run, one sentence each."""


@message
class Checked:
    """An attempt was judged."""

    kind: Literal["checked"] = "checked"
    attempt: int
    verdict: VerdictView


@message
class ProgressKept:
    """An attempt mends some failing tests and breaks none: the next one builds on it."""

    kind: Literal["progressKept"] = "progressKept"
    attempt: int
    still_failing: int
    shown_files: tuple[str, ...]
    """What the models see from now on, each as `path (reason)`."""


@message
class StrategyChosen:
    """Which strategy does the work, of a task that left the choice open."""

    kind: Literal["strategyChosen"] = "strategyChosen"
    strategy: str
    reason: str
    """One line, for a person."""


@message
class Escalated:
    """One rung up."""

    kind: Literal["escalated"] = "escalated"
    rung: str
    reason: str


@message
class Conflict:
    """A hunk that the text has moved away from."""

    path: str
    reason: str
    ours: str = ""
    """What the change wants at that place."""
    theirs: str = ""
    """What stands there now."""
    hunk_id: str | None = None
    """Of a hunk that is still to be decided; None when it is not part of the proposal any more."""


@message
class FollowUp:
    """A further step that a change asks for, in a file that it does not touch."""

    intent: str
    """What to do, worded so that it can be the instruction of a task of its own."""
    files: tuple[str, ...]
    symbols: tuple[str, ...] = ()
    """Qualified names of the definitions that may be broken."""


@message
class ChangeReady:
    """The proposal, as hunks to keep or discard."""

    kind: Literal["changeReady"] = "changeReady"
    task_id: str
    verdict: VerdictView
    hunks: tuple[HunkView, ...]
    conflicts: tuple[Conflict, ...]
    follow_ups: tuple[FollowUp, ...] = ()
    """What is to be done once it is kept, one step a file; nothing of it is done unasked."""


TaskEvent = (
    TaskStarted
    | StrategyChosen
    | ProgressMade
    | TestsRun
    | StepStarted
    | PlanDelta
    | PlanReady
    | HunkReady
    | EditRejected
    | Checked
    | ProgressKept
    | Escalated
    | RungEnded
    | CostNotice
    | EstimateMade
    | BudgetNotice
    | ModelReplaced
    | ChangeReady
)


@message
class RunResult:
    """How a task ended: `review` with hunks to decide, `planned`, `answered`, else `failed`."""

    task_id: str
    state: Literal["review", "planned", "answered", "failed"]
    message: str
    """One sentence for a person."""
    is_sound: bool
    """Whether the gate found nothing wrong with the proposal, and all of it still fits the text."""
    receipt: Receipt
    plan_id: str | None = None
    """Of a task that made a plan: what to run next."""
    answer: str | None = None
    """Of a task that explains: Markdown."""
    can_continue: bool = False
    """Whether the task was stopped before its end, by a cap or a model that does not answer."""


@message
class AcceptParams:
    """Which pending hunks to keep; None keeps all that are pending."""

    task_id: str
    hunk_ids: tuple[str, ...] | None = None
    approved_paths: tuple[str, ...] = ()
    """Files that a person agreed to by name, of those that need it."""
    check_only: bool = False
    """Decide and write nothing: say what would be written, what speaks against it."""


@message
class AcceptResult:
    """What was written, and what is left to decide."""

    entry_id: str | None
    """What `pairwright/undo` takes; None when nothing was written."""
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """What a person should know of what was kept: where it does not parse."""
    needs_approval: tuple[str, ...] = ()
    """Only of a check: files that would have to be in `approved_paths`."""
    pending: tuple[HunkView, ...] = ()
    """What is left to decide, on the text as it is now."""
    conflicts: tuple[Conflict, ...] = ()
    """Pending hunks that do not fit the text now."""


@message
class RejectParams:
    """Which pending hunks to reject; None rejects all that are pending."""

    task_id: str
    hunk_ids: tuple[str, ...] | None = None
    remark: str = ""
    """Why, in a person's words."""


@message
class RejectResult:
    """What is left to decide."""

    rejected: tuple[str, ...]
    """The ids of the hunks that are rejected by this request."""
    pending: tuple[HunkView, ...] = ()
    """On the text as it is now."""
    conflicts: tuple[Conflict, ...] = ()
    """Pending hunks that do not fit the text now."""


@message
class StatusParams:
    """Nothing to say."""


@message
class TaskView:
    """A task of this daemon."""

    task_id: str
    instruction: str
    state: str


@message
class StatusResult:
    """How the daemon is."""

    version: str
    pid: int
    revision: int
    files: int
    unreadable: int
    symbols: int
    pending: int
    """Files that are known and not yet read."""
    notice: str
    """What a person should know about how files are watched; empty when all is well."""
    clients: int
    tasks: tuple[TaskView, ...]
    settings_problems: tuple[str, ...]
    client_names: tuple[str, ...] = ()
    """What the connected clients call themselves, in alphabetical order."""


@message
class ModelsParams:
    """A wish; None leaves the choice to the daemon."""

    strong: str | None = None
    weak: str | None = None


@message
class ModelView:
    """One model of the pair."""

    name: str
    tier: Literal["weak", "strong"]
    is_local: bool
    download_bytes: int
    """What must be fetched before its first use; 0 when it is there or remote."""


@message
class ModelsResult:
    """The pair that a task would use."""

    strong: ModelView
    weak: ModelView
    reason: str
    """Why this pair: one sentence."""
    estimate_usd: Decimal | None
    """What a typical task costs with it; None when a price is unknown."""
