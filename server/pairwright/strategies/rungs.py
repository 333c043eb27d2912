"""How much of the ladder can be afforded, and what is told of each rung?"""

from dataclasses import dataclass, replace

from pairwright.errors import BudgetExceeded, ModelError, PairwrightError
from pairwright.strategies.attempts import Attempts, Try
from pairwright.strategies.base import Proposal, RungEnded, RungOutcome, StrategyContext

TRIAL = (Try(0.2), Try(0.5))
PLANNED = (Try(0.2, sees_plan=True), Try(0.5, sees_plan=True, sees_failure=True))
TAKEOVER = (
    Try(0.2, may_repair=False),
    Try(0.3, sees_plan=True, may_repair=False),
    Try(0.4, sees_failure=True, may_repair=False),
    Try(0.5, sees_plan=True, sees_failure=True, may_repair=False),
)
FINISH = (Try(0.2),)
STRONG_TRY = 0.5
"""What one try of the strong model costs, as a share of what it is expected to cost alone; in the
study of strong-weak pairs (arXiv 2505.20182) that is two attempts."""
PLANNING = 1.0
"""The share from which on a plan, and a strong try after it, fit."""
MORE_TRIALS = (Try(0.6, sees_failure=True), Try(0.8, sees_failure=True))
"""Where nothing but the weak model can be paid for."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the climb may spend."""

    trial: tuple[Try, ...] = TRIAL
    planned: tuple[Try, ...] = PLANNED
    takeover: tuple[Try, ...] = TAKEOVER
    may_plan: bool = True


def means_for(ctx: StrategyContext) -> Means:
    """Return what a task's budget allows; all of it where nothing is known or nothing costs.

    With little room there is one weak trial less and no plan, so that a strong try still fits; with
    less than that, more weak trials. The strong model's rung is never left out: whether a call fits
    is for the wallet to say, and what was expected is rather too much.
    """
    share = None if ctx.is_free else ctx.budget_share
    if share is None or share >= PLANNING:
        # Where the weak model costs what the strong one does, one trial is enough.
        return Means(trial=TRIAL if ctx.sample_count > 1 else TRIAL[:1])
    if share >= STRONG_TRY:
        return Means(trial=TRIAL[:1], may_plan=False)
    affordable = int(share / STRONG_TRY * ctx.sample_count)
    return Means(trial=(*TRIAL, *MORE_TRIALS)[: max(len(TRIAL), affordable)], may_plan=False)


class Receipts:
    """Tells of every rung what came of it."""

    def __init__(self, attempts: Attempts) -> None:
        """Begin with none."""
        self._attempts = attempts
        self._rung = ""
        self._first = 0
        self._is_continued = False

    def begin(self, rung: str, *, is_continued: bool = False) -> None:
        """Begin a rung; one that is only continued needs no receipt when nothing more is asked."""
        self._rung = rung
        self._first = self._attempts.count
        self._is_continued = is_continued

    async def end(self, outcome: RungOutcome, reason: str = "") -> None:
        """Tell how it ended."""
        numbers = self._attempts.paid_since(self._first)
        self._first = self._attempts.count
        if numbers or not self._is_continued:
            await self._attempts.emit(RungEnded(self._rung, outcome, numbers, _one_line(reason)))

    async def end_with(self, gain: Proposal | None, why_not: str) -> None:
        """Tell of a rung that was climbed to its end."""
        if gain is None:
            await self.end("nothing", why_not)
        elif gain.verdict.is_sound:
            await self.end("sound")
        else:
            await self.end("progress", "some of the failing tests pass")

    async def end_in(self, error: PairwrightError) -> None:
        """Tell of a rung that an error broke off."""
        self._is_continued = False
        if isinstance(error, BudgetExceeded):
            await self.end("over_budget", str(error))
        else:
            await self.end("outage" if isinstance(error, ModelError) else "failed", str(error))


def with_another(tries: tuple[Try, ...]) -> tuple[Try, ...]:
    """Return tries with one more, for steps: one of them costs less than the whole."""
    return (*tries, replace(tries[-1], temperature=min(1.0, tries[-1].temperature + 0.1)))


def _one_line(reason: str) -> str:
    return reason.strip().partition("\n")[0]
