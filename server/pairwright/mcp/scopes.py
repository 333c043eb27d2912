"""May this assistant do that? Reading is free; writing and spending need a person's grant."""

from dataclasses import dataclass, field

from pairwright.mcp.session import Session
from pairwright.protocol.change_messages import ChangeView
from pairwright.protocol.grant_messages import Scope

PATIENCE_S = 45.0
_MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Assistant:
    """One client of this face: its session, and the name that it gives itself."""

    session: Session
    name: str
    patience_s: float = PATIENCE_S
    """Seconds that a tool waits by itself before it hands out a handle."""
    _told: dict[str, tuple[str, int]] = field(default_factory=dict)

    def tell(self, change: ChangeView) -> None:
        """Note that the assistant is told how a change stands."""
        self._told.pop(change.task_id, None)
        self._told[change.task_id] = change.state, change.decisions
        while len(self._told) > _MOST_TOLD:
            del self._told[next(iter(self._told))]

    def was_told_state(self, change: ChangeView) -> bool:
        """Tell whether the assistant knows in which state a change is."""
        return self._told.get(change.task_id, ("", 0))[0] == change.state

    def was_told_decisions(self, change: ChangeView) -> bool:
        """Tell whether the assistant knows all that was decided of a change so far."""
        return self._told.get(change.task_id, ("", 0))[1] >= change.decisions

    async def require(self, scope: Scope, purpose: str) -> None:
        """Return when the assistant has a scope; the person is asked once, where an editor can.

        Raises:
            NeedsGrant: it has not; says which command grants it.
        """
        await self.session.grants.require(self.name, scope, purpose)
