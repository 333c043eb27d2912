"""Are the ranks those of the definition, whatever the graph?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.index.pagerank import DAMPING, MOST_STEPS, TOLERANCE, Vector, pagerank

NODES = 6
_WEIGHTS = st.lists(st.sampled_from([0.0, 0.0, 1.0, 2.5]), min_size=NODES**2, max_size=NODES**2)
_HOMES = st.lists(st.floats(0, 10), min_size=NODES, max_size=NODES).filter(
    lambda home: sum(home) > 1e-3
)


def check_ranks(weights: Vector, home: Vector) -> Vector:
    """Return the ranks of a graph given as a matrix; they sum to 1 and none is below 0."""
    shares = _shares(weights)
    ranks = pagerank(lambda rank: rank @ shares, home)
    assert ranks.sum() == pytest.approx(1.0)
    assert ranks.min() >= 0.0
    return ranks


@settings(deadline=None, max_examples=50)
@given(_WEIGHTS, _HOMES)
def test_ranks_solve_the_equation_that_defines_them(
    weights: list[float], home: list[float]
) -> None:
    matrix, homes = np.array(weights).reshape(NODES, NODES), np.array(home)
    # The error that is left is less than the last step times the sum of all that would follow.
    most = 2 * TOLERANCE / (1 - DAMPING) + 2 * DAMPING**MOST_STEPS
    assert np.abs(check_ranks(matrix, homes) - _solved(matrix, homes)).sum() < most


@settings(deadline=None, max_examples=50)
@given(_WEIGHTS, _HOMES, st.permutations(range(NODES)))
def test_ranks_do_not_depend_on_the_order_of_nodes(
    weights: list[float], home: list[float], order: list[int]
) -> None:
    matrix, homes = np.array(weights).reshape(NODES, NODES), np.array(home)
    ranks = check_ranks(matrix, homes)
    permuted = check_ranks(matrix[np.ix_(order, order)], homes[order])
    assert permuted == pytest.approx(ranks[order], abs=2 * TOLERANCE)


@settings(deadline=None, max_examples=50)
@given(_WEIGHTS, _HOMES)
def test_ranks_are_the_same_every_time(weights: list[float], home: list[float]) -> None:
    matrix, homes = np.array(weights).reshape(NODES, NODES), np.array(home)
    assert check_ranks(matrix, homes).tolist() == check_ranks(matrix, homes).tolist()


def test_rank_flows_from_where_someone_is() -> None:
    chain = np.zeros((4, 4))
    chain[0, 1] = chain[1, 2] = 1.0
    ranks = check_ranks(chain, np.array([1.0, 0.0, 0.0, 0.0]))
    assert ranks[0] > ranks[1] > ranks[2] > ranks[3] == 0.0


def test_no_nodes_have_no_ranks() -> None:
    assert len(pagerank(lambda rank: rank, np.zeros(0))) == 0


@pytest.mark.parametrize("home", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0], [-1.0, 2.0]])
def test_ranks_must_come_from_somewhere(home: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        pagerank(lambda rank: rank, np.array(home))


def _shares(weights: Vector) -> Vector:
    given = weights.sum(axis=1, keepdims=True)
    shares: Vector = weights / np.where(given == 0.0, 1.0, given)
    return shares


def _solved(weights: Vector, home: Vector) -> Vector:
    """Return the ranks by solving the equations instead of by steps."""
    shares, home = _shares(weights), home / home.sum()
    kept_back = 1.0 - shares.sum(axis=1)
    passed_on = DAMPING * (shares + np.outer(kept_back, home))
    solution = np.linalg.solve((np.eye(len(home)) - passed_on).T, (1 - DAMPING) * home)
    return np.asarray(solution, np.float64)
