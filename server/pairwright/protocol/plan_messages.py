"""What do the methods about plans carry? A plan as a document, what it means, and what is wrong.

The document is the plan: whoever shows or edits it needs its text and its version, nothing else.
"""

from decimal import Decimal
from typing import Literal

from pairwright.protocol.message import message


@message
class PlanExpectation:
    """What is to be seen once a step is done."""

    kind: Literal["test", "diagnostic", "value"]
    text: str


@message
class PlanStep:
    """One step of a plan."""

    intent: str
    files: tuple[str, ...]
    symbols: tuple[str, ...] = ()
    expectation: PlanExpectation | None = None
    tier: Literal["weak", "strong"] = "weak"
    """Which model writes it."""
    weight: float = 1.0
    """How much work it is beside the other steps."""
    after: tuple[int, ...] = ()
    """The numbers, from 1, of steps that must be done before."""
    is_skipped: bool = False
    detail: str = ""
    line: int | None = None
    """Where its heading stands in the document; None when it comes from none."""
    estimate_usd: Decimal | None = None
    """About what it costs; None when a price is unknown or nobody estimated it."""


@message
class PlanReady:
    """The plan is whole."""

    kind: Literal["planReady"] = "planReady"
    goal: str
    steps: tuple[PlanStep, ...]
    plan_id: str | None = None
    """Of a plan that is kept: what `pairwright/plan/get` takes."""


@message
class PlanProblemView:
    """What is wrong with a plan's document."""

    line: int
    message: str
    severity: Literal["error", "warning"]
    """A plan with an error is not followed."""


@message
class PlanGetParams:
    """Which plan; None: the one that was written last."""

    plan_id: str | None = None
    """Some of its first letters are enough where only one plan begins with them."""


@message
class PlanUpdateParams:
    """What a person wrote; it is kept whatever it says."""

    text: str
    plan_id: str | None = None
    """None: it is a new plan."""
    base_version: int | None = None
    """The version that was edited; none of a new plan."""
    instruction: str = ""
    """Of a new plan: what it is for; empty: its goal says it."""


@message
class PlanView:
    """A plan as it is now."""

    plan_id: str
    version: int
    """One higher with each text."""
    text: str
    """The document, as it was written."""
    instruction: str
    file: str | None = None
    first_line: int | None = None
    last_line: int | None = None
    """The focus, as in `RunParams`."""
    origin: str
    """Who made it: `strong model`, `person`, or the name of an assistant."""
    written_at: str
    """UTC, ISO 8601."""
    task_id: str | None = None
    """Of the task that made it, when a model did."""
    cost_usd: Decimal | None = None
    """What is known of what it cost to make; None: nothing was asked for it, or no price."""
    unpriced_calls: int = 0
    goal: str = ""
    steps: tuple[PlanStep, ...] = ()
    """What the document means: with `is_outdated`, what it meant when it was last a plan."""
    is_outdated: bool = False
    problems: tuple[PlanProblemView, ...] = ()
    """In the order of their lines."""
    estimate_usd: Decimal | None = None
    """About what it costs to follow; None when a price is unknown."""


@message
class PlansParams:
    """How many plans to list; the latest."""

    limit: int = 20


@message
class PlanSummary:
    """One plan of a list."""

    plan_id: str
    version: int
    title: str
    """The instruction, or the goal where there is none; one line."""
    origin: str
    written_at: str
    step_count: int
    """Of those that are not skipped."""
    error_count: int
    cost_usd: Decimal | None = None
    unpriced_calls: int = 0


@message
class PlansResult:
    """The plans of this workspace, the one that was written last first."""

    plans: tuple[PlanSummary, ...]
    total: int
    notices: tuple[str, ...] = ()
    """Plans that are kept and cannot be read, one sentence each."""
