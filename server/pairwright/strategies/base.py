"""What is a strategy? A coroutine that emits what it does and returns what it proposes.

A strategy is handed metered models, so it cannot spend unrecorded money, and a gate, so it cannot
call a change good by itself. It never sees a provider, a budget, a task or the ledger.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pairwright.checks.gate import Gate
from pairwright.checks.verdict import TestRun, Verdict
from pairwright.disclosure.policy import Withheld, withheld_reason
from pairwright.editing.change import FileEditKind, SourceChange
from pairwright.editing.formats import FormatRecord
from pairwright.index.analysis import Analysis
from pairwright.llm.model import Message, Model, Tier
from pairwright.planning.plan import Plan
from pairwright.strategies.wording import Wording
from pairwright.workspace.paths import WorkspacePath


@dataclass(frozen=True, slots=True)
class ContextFile:
    """A file that the models are shown, and why."""

    path: WorkspacePath
    text: str
    reason: str
    is_editable: bool
    """Whether a change may touch it; a failing test, say, is only shown."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the models are told beside the task."""

    kind: str
    """The name of the prompt, below `prompts/notes`, that introduces it."""
    text: str


@dataclass(frozen=True, slots=True)
class KeptChange:
    """A change that people kept in this workspace."""

    instruction: str
    paths: tuple[str, ...]
    diff: str
    """A unified diff."""


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """How an earlier task of this workspace ended."""

    strategy: str
    is_good: bool
    """People kept it; where they did not decide, the gate was content."""
    suffix: str
    """Of the most relevant file that the models saw, such as ".py"."""
    difficulty: float
    """How much it asked for, 0 to 1; see `routing`."""
    cost_share: float | None
    """What it cost, as a share of what the task at hand is expected to cost with the strong model
    alone; None when one of the two is not known."""


@dataclass(frozen=True, slots=True)
class LocalRecord:
    """What this workspace's earlier tasks taught, oldest first."""

    kept: tuple[KeptChange, ...] = ()
    difficulties: tuple[float, ...] = ()
    """How much each of them asked for, 0 to 1; see `routing`."""
    outcomes: tuple[TaskOutcome, ...] = ()
    """Of those that a model answered."""


class Memory(Protocol):
    """Texts that were dear to make, kept from task to task."""

    def recall(self, key: str) -> str | None:
        """Return the text that was kept under a key; None when there is none."""
        ...

    def remember(self, key: str, text: str) -> None:
        """Keep a text; what cannot be kept is made anew next time."""
        ...


class NoMemory:
    """Keeps nothing."""

    def recall(self, key: str) -> str | None:
        """There is never a text."""
        return None

    def remember(self, key: str, text: str) -> None:
        """It is forgotten at once."""


@dataclass(frozen=True, slots=True)
class StrategyContext:
    """All that a strategy knows."""

    analysis: Analysis
    instruction: str
    strong: Model
    weak: Model
    gate: Gate
    context: tuple[ContextFile, ...]
    """Most relevant first; fits the smaller model's window."""
    select: Callable[[Analysis, TestRun], tuple[ContextFile, ...]]
    """Chooses the context anew, for a text that moved on and the tests' run on it."""
    evidence: str = ""
    """What the tests say of the text as it is; empty when they were not run or passed."""
    failing_tests: tuple[str, ...] = ()
    """The tests that fail before anything is changed, as far as the test output names them."""
    format_records: Mapping[str, tuple[FormatRecord, ...]] = field(default_factory=dict)
    """How either model did in each edit format until this task, by the model's name."""
    first_formats: Mapping[str, str] = field(default_factory=dict)
    """In which edit format a person wants a model to be asked first, by the model's name."""
    has_focus: bool = False
    """Whether the person pointed at a file or at lines of it."""
    sample_count: int = 8
    """Answers of the weak model that cost about as much as the strong model's work."""
    budget_share: float | None = None
    """What may still be spent, as a share of what the strong model alone is expected to cost; None
    when that is not known or is nothing."""
    strong_share: float = 0.4
    """The share of tasks that a person wants the strong model to have, where a record decides."""
    is_free: bool = False
    """Whether neither model costs anything."""
    has_tests: bool = False
    """Whether tests judge every attempt."""
    wording: Wording = field(default_factory=Wording)
    """The prompts, ours or the person's own."""
    record: LocalRecord = LocalRecord()
    memory: Memory = field(default_factory=NoMemory)
    plan: Plan | None = None
    """What a person or an assistant gave to follow; whoever would ask for a plan takes this one."""
    only: WorkspacePath | None = None
    """The one file that may be changed, whether it exists or not; None: all that are editable."""
    withheld: Withheld = withheld_reason
    """Says of what else might be quoted why it may not; the context passed it already."""


@dataclass(frozen=True, slots=True)
class StrategyChosen:
    """Another strategy does the work from here on."""

    strategy: str
    reason: str
    """One line, for a person."""


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A model begins a step: "plan", "edit", "repair"."""

    step: str
    tier: Tier
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class PlanDelta:
    """The next piece of the plan's text."""

    text: str


@dataclass(frozen=True, slots=True)
class PlanReady:
    """The plan is whole."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class EditProposed:
    """A finished block found its one place; the model may still be writing."""

    attempt: int
    path: WorkspacePath
    kind: FileEditKind
    old_text: str
    """What the block speaks of: the file with the progress that was kept so far."""
    new_text: str


@dataclass(frozen=True, slots=True)
class EditRejected:
    """A block, or a whole answer, that cannot be used; the reason is worded for the model."""

    attempt: int
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """An answer was read to its end: how its edit format fared."""

    attempt: int
    model: str
    edit_format: str
    blocks: int
    """How many edits were found in it."""
    is_well_formed: bool
    """It is whole, holds an edit, and no block of it is broken."""
    is_applied: bool
    """Every edit found its place, and they can be made together."""
    tier: Tier
    question: tuple[Message, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The gate has judged an attempt."""

    attempt: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ProgressKept:
    """An attempt mends some failing tests and breaks none: the next attempt builds on it."""

    attempt: int
    still_failing: int
    context: tuple[ContextFile, ...]
    """What the models see from now on."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """The strategy goes up one rung."""

    rung: str
    reason: str


RungOutcome = Literal["sound", "progress", "nothing", "skipped", "outage", "over_budget", "failed"]


@dataclass(frozen=True, slots=True)
class RungEnded:
    """A rung's receipt: what came of it; all that was asked since the receipt before is its."""

    rung: str
    """"tool", "weak", "plan", "strong", or "finish": the weak model ends what the strong began."""
    outcome: RungOutcome
    attempts: tuple[int, ...]
    """The answers that were read, in order."""
    reason: str
    """Why it ended so, in one line; empty when the gate was content."""


StrategyEvent = (
    StrategyChosen
    | StepStarted
    | PlanDelta
    | PlanReady
    | EditProposed
    | EditRejected
    | AnswerRead
    | Checked
    | ProgressKept
    | Escalated
    | RungEnded
)
Emit = Callable[[StrategyEvent], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a strategy ends with: its best change and what the gate said of it."""

    change: SourceChange
    verdict: Verdict
    attempts: tuple[int, ...] = ()
    """The attempts that it is made of, in order."""


class Strategy(Protocol):
    """One way for a strong and a weak model to work together."""

    @property
    def name(self) -> str:
        """What a person types to choose it."""
        ...

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; None when no attempt gave a change that applies.

        Raises:
            BudgetExceeded: no call fits any more and nothing usable was found before.
            ModelError: a model did not answer and nothing usable was found before.
            UserError: an attempt cannot be judged and nothing usable was found before.
        """
        ...
