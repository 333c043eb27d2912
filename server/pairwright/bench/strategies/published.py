"""What did the study of strong-weak collaboration find? Its table, as its authors published it.

"An Empirical Study on Strong-Weak Model Collaboration for Repo-level Code Generation"
(arXiv 2505.20182): 21 methods and six pairs of models on the 300 tasks of SWE-bench Lite. The
figures are those of the authors' public repository.
"""

import csv
from dataclasses import dataclass
from importlib import resources

from pairwright.bench.strategies.frontier import Outcome

STRONG_ALONE = "Base Strong"
WEAK_ALONE = "Base Weak"
TASKS = 300


@dataclass(frozen=True, slots=True)
class PublishedPair:
    """What one pair of models reached with every method."""

    strong: str
    weak: str
    outcomes: tuple[Outcome, ...]
    """Costs are in USD for all 300 tasks."""


def published_pairs() -> tuple[PublishedPair, ...]:
    """Return the published table, pair by pair."""
    by_pair: dict[tuple[str, str], list[Outcome]] = {}
    file = resources.files("pairwright.bench.strategies") / "published.csv"
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        outcome = Outcome(
            row["method"], float(row["resolve_rate"]), float(row["cost_usd_300_tasks"])
        )
        by_pair.setdefault((row["strong_model"], row["weak_model"]), []).append(outcome)
    return tuple(
        PublishedPair(strong, weak, tuple(outcomes)) for (strong, weak), outcomes in by_pair.items()
    )
