"""Which strategies are there?"""

from difflib import get_close_matches

from pairwright.errors import UnknownStrategy
from pairwright.strategies.auto import Auto
from pairwright.strategies.base import Strategy
from pairwright.strategies.best_of_n import BestOfN
from pairwright.strategies.calibrated_router import CalibratedRouter
from pairwright.strategies.cope import Cope, CopeLite
from pairwright.strategies.draft_refine import DraftRefine
from pairwright.strategies.few_shot import FewShot, FewShotRandom
from pairwright.strategies.instance_qa import InstanceQa
from pairwright.strategies.ladder import Ladder
from pairwright.strategies.pair import Pair
from pairwright.strategies.plan import PlanThenEdit
from pairwright.strategies.plan_after_trial import PlanAfterTrial
from pairwright.strategies.prompt_reduction import PromptReduction
from pairwright.strategies.repo_qa import RepoQa
from pairwright.strategies.repo_structure import RepoStructure
from pairwright.strategies.repo_summary import RepoSummary
from pairwright.strategies.routers import StrongRouter, WeakRouter
from pairwright.strategies.self_consistency import (
    SelfConsistency,
    SelfConsistencyClustering,
    SelfConsistencyUniversal,
)
from pairwright.strategies.strong import Strong
from pairwright.strategies.strong_first import StrongFirst
from pairwright.strategies.strong_single import StrongSingle
from pairwright.strategies.verified_plan import VerifiedPlan
from pairwright.strategies.weak import Weak
from pairwright.strategies.weak_first import WeakFirst

_WORKING: dict[str, Strategy] = {
    strategy.name: strategy
    for strategy in (
        Ladder(),
        Weak(),
        Strong(),
        StrongSingle(),
        StrongFirst(),
        WeakFirst(),
        PlanThenEdit(),
        InstanceQa(),
        RepoSummary(),
        RepoQa(),
        RepoStructure(),
        FewShot(),
        FewShotRandom(),
        SelfConsistency(),
        SelfConsistencyClustering(),
        SelfConsistencyUniversal(),
        BestOfN(),
        PromptReduction(),
        WeakRouter(),
        StrongRouter(),
        CalibratedRouter(),
        Cope(),
        CopeLite(),
        DraftRefine(),
        PlanAfterTrial(),
        Pair(),
        VerifiedPlan(),
    )
}
STRATEGIES: dict[str, Strategy] = {**_WORKING, Auto.name: Auto(_WORKING)}
"""By name, the default one first."""


_SHOWN = 8


def strategy_named(name: str) -> Strategy:
    """Return a strategy.

    Raises:
        UnknownStrategy: there is none of that name; the message names like ones, or the usual ones.
    """
    try:
        return STRATEGIES[name]
    except KeyError:
        like = get_close_matches(name, STRATEGIES, n=3)
        usual = [*STRATEGIES][:_SHOWN]
        shown = (
            f"did you mean {' or '.join(like)}?"
            if like
            else f"choose {', '.join(usual)}, or another of the {len(STRATEGIES)} that the "
            "documentation describes"
        )
        raise UnknownStrategy(f"there is no strategy {name!r}; {shown}") from None
