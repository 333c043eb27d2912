"""When does trying again lead nowhere? The same again, nothing at all, or no check gained.

As in PairCoder (arXiv 2409.05001), whose driver gives a plan up once code or error repeats; there
either is enough, here it takes both: two changes may fail the same test for different reasons.
"""

from pairwright.checks.verdict import Verdict

MOST_EMPTY = 2
PLATEAU = 2
"""Judged changes in a row that raise no score."""


class Stall:
    """Watches tries for a standstill."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.reason = ""
        """Why going on leads nowhere, in a few words; empty while it may lead somewhere."""
        self.is_plateau = False
        """Whether it is only that other changes were no better, and none came twice."""
        self._failed: set[tuple[str, str]] = set()
        self._best: int | None = None
        self._since_best = 0
        self._empty = 0

    def note(self, diff: str, verdict: Verdict) -> None:
        """Take in a judged change."""
        if verdict.is_sound:
            return
        pair = (diff, verdict.evidence)
        if pair in self._failed:
            self.reason, self.is_plateau = "the same change failed on the same again", False
        self._failed.add(pair)
        is_better = self._best is None or verdict.score > self._best
        self._since_best = 0 if is_better else self._since_best + 1
        if is_better:
            self._best = verdict.score
        elif self._since_best >= PLATEAU and not self.reason:
            self.reason = f"{PLATEAU + 1} attempts passed no more checks than one"
            self.is_plateau = True

    def note_empty(self) -> None:
        """Take in an answer that would change nothing."""
        self._empty += 1
        if self._empty >= MOST_EMPTY:
            self.reason = self.reason or f"{self._empty} answers changed nothing"
