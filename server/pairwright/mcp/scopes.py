"""May this assistant do that? Reading is free; writing and spending need a person's grant."""

from dataclasses import dataclass

from pairwright.mcp.session import Session
from pairwright.protocol.grant_messages import Scope

PATIENCE_S = 45.0


@dataclass(frozen=True, slots=True)
class Assistant:
    """One client of this face: its session, and the name that it gives itself."""

    session: Session
    name: str
    patience_s: float = PATIENCE_S
    """Seconds that a tool waits by itself before it hands out a handle."""

    async def require(self, scope: Scope, purpose: str) -> None:
        """Return when the assistant has a scope; the person is asked once, where an editor can.

        Raises:
            NeedsGrant: it has not; says which command grants it.
        """
        await self.session.grants.require(self.name, scope, purpose)
