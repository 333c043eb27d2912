"""Is this change sound? Stub for the foundation: the owner of this module completes it."""

from typing import Protocol

from pairwright.checks.verdict import TestRun, Verdict
from pairwright.editing.change import SourceChange


class Gate(Protocol):
    """Judges whole changes against one snapshot."""

    async def baseline(self) -> TestRun | None:
        """Run the tests on the unchanged snapshot, once; None when there is no test command."""
        ...

    async def check(self, change: SourceChange) -> Verdict:
        """Judge a change."""
        ...
