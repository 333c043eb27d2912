"""What if an explanation is all that is wanted? One model is asked, and nothing is edited.

It is no strategy that can be chosen by name: it proposes no change.
"""

from pairwright.llm.model import Model
from pairwright.strategies.attempts import Attempts
from pairwright.strategies.base import Emit, StrategyContext
from pairwright.strategies.questions import Question, ask

NAME = "explaining"
"""What the ledger and clients call the work."""
MOST_TOKENS = 600


async def explain(ctx: StrategyContext, model: Model, emit: Emit) -> str:
    """Return Markdown about the code that the task points at.

    Raises:
        BudgetExceeded: the call does not fit under a cap.
        ModelError: no answer came.
    """
    return await ask(Attempts(ctx, emit), model, Question("explain", "explain", MOST_TOKENS))
