"""What may a change break, and which tests can tell? From the index, without running anything.

Changed definitions lead to who uses them (CodePlan's may-impact relation, arXiv 2309.12499) and to
the tests that may reach them.
"""

import time
from dataclasses import dataclass

from pairwright.checks.comparison import Comparison
from pairwright.checks.dependents import Affected, affected_by
from pairwright.checks.selection import selection_for
from pairwright.checks.symbol_changes import ChangedSymbol, ChangeKind, changed_symbols
from pairwright.index.resolving.bounds import ShouldStop, never
from pairwright.workspace.paths import WorkspacePath

__all__ = ["Affected", "ChangeKind", "ChangedSymbol", "Impact", "impact_of"]

MAX_SECONDS = 2.0
"""Of processor time, for each of the two questions."""
_MOST_WAITING = 5
"""How much longer an answer may take on a machine that is busy with others."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What follows from a change."""

    changed: tuple[ChangedSymbol, ...]
    affected: tuple[Affected, ...]
    """Who may break, the certain first."""
    tests: tuple[WorkspacePath, ...] | None
    """The files of tests that may reach the change, nearest first; None: unknown, so run all."""
    nearest_tests: tuple[WorkspacePath, ...] = ()
    """Those of them that were found, nearest first, even where there may be more."""
    is_complete: bool = True
    """Whether `affected` is everything that the index knows; False: it was cut short."""


def impact_of(
    comparison: Comparison,
    *,
    should_stop: ShouldStop = never,
    max_seconds: float = MAX_SECONDS,
) -> Impact:
    """Return what a change may break; for a thread, because it may take long.

    Args:
        comparison: the touched files before the change and after it.
        should_stop: asked now and then; once it says so, what was found by then is returned.
        max_seconds: how much processor time each half of the answer may take.
    """
    changed = changed_symbols(comparison)
    affected, is_complete = affected_by(
        comparison, changed, should_stop=_within(max_seconds, should_stop)
    )
    selection = selection_for(comparison, changed, should_stop=_within(max_seconds, should_stop))
    return Impact(changed, affected, selection.tests, selection.nearest, is_complete)


def _within(seconds: float, should_stop: ShouldStop) -> ShouldStop:
    # The thread's own time: how much is answered must not hang on how busy the machine is.
    end, last_end = time.thread_time() + seconds, time.monotonic() + _MOST_WAITING * seconds
    return lambda: should_stop() or time.thread_time() > end or time.monotonic() > last_end
