"""How important is each node of a graph, seen from some of them?

Personalised PageRank by power iteration (Page, Brin, Motwani, Winograd: "The PageRank Citation
Ranking", 1999, section 6). The graph is whatever can pass ranks on: no matrix is made.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

DAMPING = 0.85
"""How much of its rank a node passes on; the rest goes back to where the ranks come from."""
TOLERANCE = 1e-6
"""The ranks are good when a step moves less than this, all nodes together."""
MOST_STEPS = 50

Vector = NDArray[np.float64]


def pagerank(push: Callable[[Vector], Vector], personalisation: Vector) -> Vector:
    """Return the nodes' ranks, which sum to 1.

    Args:
        push: takes each node's rank and returns what each node gets of it. What a node does not
            give away goes back to where the ranks come from.
        personalisation: where the ranks come from: a weight of 0 or more for each node.

    Raises:
        ValueError: there are nodes, and no rank can come from any.
    """
    if not len(personalisation):
        return personalisation
    total = personalisation.sum()
    if not np.isfinite(total) or total <= 0 or personalisation.min() < 0:
        raise ValueError("a personalisation needs finite weights of which one is above 0")
    home: Vector = personalisation / total
    rank = home
    for _ in range(MOST_STEPS):
        step: Vector = DAMPING * push(rank)
        step += (1.0 - step.sum()) * home
        moved = np.abs(step - rank).sum()
        rank = step
        if moved < TOLERANCE:
            break
    return rank
