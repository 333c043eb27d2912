"""How far is a question followed? Not in circles, not too far, and not when nobody waits."""

from collections.abc import Callable

from pairwright.index.resolving.meanings import UNKNOWN, Meanings

MAX_STEPS_OF_USE = 2_000
"""Names that are followed for one use of a name; beyond, what it means counts as unknown."""
MAX_STEPS = 400_000
"""Names that are followed for one question."""
USES_BETWEEN_CHECKS = 100
"""After how many uses it is asked again whether to stop."""

ShouldStop = Callable[[], bool]
"""Tells whether nobody waits for the answer to a question any more."""


def never() -> bool:
    """Let a question be followed to its end."""
    return False


class Bounds:
    """Counts what one question follows. Not for two threads at once."""

    def __init__(self, should_stop: ShouldStop) -> None:
        """Start with all steps; stop when this says so."""
        self._should_stop = should_stop
        self._was_stopped = False
        self._uses = 0
        self._left = MAX_STEPS
        self._left_of_use = 0
        self._open: set[tuple[object, ...]] = set()

    @property
    def is_stopped(self) -> bool:
        """Whether the question is not to be followed any more."""
        self._was_stopped = self._was_stopped or self._should_stop()
        return self._was_stopped

    def within(self, follow: Callable[[], Meanings]) -> Meanings:
        """Return what is found in the steps that one use of a name may take."""
        self._uses += 1
        if self._was_stopped or (self._uses % USES_BETWEEN_CHECKS == 0 and self.is_stopped):
            return UNKNOWN
        self._left_of_use = min(MAX_STEPS_OF_USE, self._left)
        self._open.clear()
        try:
            return follow()
        except _OutOfSteps:
            return UNKNOWN

    def opens(self, key: tuple[object, ...]) -> bool:
        """Take a step; tell whether this is not being followed already, and note that it is."""
        if self._left_of_use <= 0:
            raise _OutOfSteps
        self._left_of_use -= 1
        self._left -= 1
        if key in self._open:
            return False
        self._open.add(key)
        return True

    def closes(self, key: tuple[object, ...]) -> None:
        """Note that this has been followed."""
        self._open.discard(key)


class _OutOfSteps(Exception):
    """A use leads further than is worth following."""
