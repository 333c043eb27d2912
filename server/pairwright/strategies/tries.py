"""How often is a model asked, and how do the tries differ? As in the study of strong-weak pairs.

Each try is a little warmer than the one before and is told why that one failed; in the study
(arXiv 2505.20182, kernel of every method) the question stayed the same.
"""

from pairwright.strategies.attempts import Try

MOST_TRIES = 10
WARMER = 0.1


def tries(count: int = MOST_TRIES, *, sees_plan: bool = False) -> tuple[Try, ...]:
    """Return that many tries, from temperature 0 on."""
    return tuple(
        Try(
            temperature=min(1.0, number * WARMER),
            sees_plan=sees_plan,
            sees_failure=number > 0,
            may_repair=False,
        )
        for number in range(count)
    )


def samples(count: int) -> tuple[Try, ...]:
    """Return tries that know nothing of each other, at temperatures spread from 0.4 to 0.8.

    In the study all samples began at temperature 0, so that they hardly differed; COPE's
    (arXiv 2506.11578) range is used instead.
    """
    step = 0.4 / max(1, count - 1)
    return tuple(Try(temperature=0.4 + number * step, may_repair=False) for number in range(count))
