"""One question decides which model works: the published routers.

Weak Router and Strong Router of arXiv 2505.20182: a model reads the task and says whether it is
simple or complex. They are here to be measured; `calibrated_router` is the one to use.
"""

from pairwright.llm.model import Model
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, Escalated, Proposal, StrategyContext
from pairwright.strategies.questions import Question, ask
from pairwright.strategies.tries import tries

QUESTION = Question(
    "route", "route", max_output_tokens=8, grammar='root ::= "SIMPLE" | "COMPLEX"\n'
)


class WeakRouter:
    """The weak model says who works."""

    name = "weak_router"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(_route(attempts, ctx.weak))


class StrongRouter:
    """The strong model says who works."""

    name = "strong_router"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        """Work on the instruction; see `Strategy.run`."""
        attempts = Attempts(ctx, emit)
        return await attempts.concluded(_route(attempts, ctx.strong))


async def _route(attempts: Attempts, router: Model) -> Proposal | None:
    answer = await ask(attempts, router, QUESTION)
    if "COMPLEX" not in answer.upper():
        return await attempts.work(attempts.ctx.weak, tries())
    await attempts.emit(Escalated("strong", f"the {router.tier} model calls the task complex"))
    return await attempts.work(attempts.ctx.strong, tries())
