"""What do faces tell each other of a proposed change? Who proposed it, what was decided, by whom.

A change belongs to a task and to its proposer, and any client may decide it. Worded like
`messages`: camelCase on the wire, an unknown field is an error.
"""

from typing import Literal

from pairwright.protocol.message import message
from pairwright.protocol.messages import Conflict, HunkView, VerdictView

HunkState = Literal["pending", "kept", "rejected"]


@message
class ProposeParams:
    """Edits that somebody else wrote, such as an assistant: judged here and decided by a person."""

    edits: str
    """A unified diff, or edit blocks below `### FILE path` lines as the models write them."""
    why: str
    """What it is for, in one sentence for the person who decides."""
    revision: int | None = None
    """The workspace's revision that the proposer has read; None: the present one is good enough."""


@message
class Refusal:
    """An edit that means no change, or not exactly one."""

    path: str
    reason: str


@message
class HunkDecision:
    """A hunk of a change, and what was said of it."""

    hunk_id: str
    path: str
    state: HunkState
    by: str = ""
    """The client that decided."""
    remark: str = ""
    """Why it was rejected, in a person's words."""


@message
class InUse:
    """A hunk that lies where a person types now."""

    hunk_id: str
    client: str
    """The editor in which they type."""
    where: str
    """The definition, or the line."""


@message
class ChangeView:
    """A proposed change as it stands."""

    task_id: str
    proposer: str
    """The client that asked for it, or wrote it."""
    label: str
    """The instruction, or what the proposer says it is for."""
    state: Literal["running", "review", "done", "failed", "cancelled"]
    verdict: VerdictView | None
    """None before the gate has judged it."""
    hunks: tuple[HunkDecision, ...]
    """All of them, in the order of the change."""
    decisions: int
    """How often somebody decided; what `ChangeParams.seen` is compared with."""
    pending: tuple[HunkView, ...] = ()
    """What is left to decide, on the text as it is now."""
    conflicts: tuple[Conflict, ...] = ()
    """Hunks that do not fit the text now."""
    entry_ids: tuple[str, ...] = ()
    """What `pairwright/undo` takes, of all that was written of it."""
    in_use: tuple[InUse, ...] = ()
    """Hunks in places where a person types now."""


@message
class ProposeResult:
    """What became of the edits: a change in review, or why there is none."""

    change: ChangeView | None
    refusals: tuple[Refusal, ...] = ()
    """One edit that cannot be placed refuses all of them."""


@message
class ChangeParams:
    """Which change to tell, and whether to wait for news of it."""

    task_id: str
    wait_s: float = 0.0
    """Seconds to wait for a decision beyond those seen; one minute at most."""
    seen: int = 0
    """The `decisions` that the client knows of."""


@message
class ChangesParams:
    """Nothing to say."""


@message
class ChangesResult:
    """The changes that wait for a decision, oldest first."""

    changes: tuple[ChangeView, ...]


@message
class ChangeNotice:
    """A change came up for review, or was decided further; its hunks are asked for."""

    task_id: str
    proposer: str
    label: str
    state: Literal["running", "review", "done", "failed", "cancelled"]
    pending: int
    decisions: int
