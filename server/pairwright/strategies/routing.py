"""Which model does a task go to? By cheap features and the local record, never by asking a model.

Routers that ask a model are no better than a coin (arXiv 2505.20182); what tells tasks apart there
is how much of the solution the request already says. The threshold is a quantile of the scores of
this workspace's own tasks, so that a wanted share goes to the strong model (RouteLLM, arXiv
2406.18665); where nothing is known, the strong model is asked.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_SCORES = 8
"""Below this many scores of earlier tasks no threshold can be told."""

_CODE = re.compile(r"`[^`]+`|\b\w+\(\)|\b\w+_\w+\b|\b[a-z]+[A-Z]\w+\b")
_VALUE = re.compile(r"\b(?:return|give|be|print|raise)s?\b\s+\S*[\d\"'\[{(]|->|→|==")
_WIDE = re.compile(
    r"\b(?:everywhere|all|every|each|across|refactor|redesign|architecture|migrate|rewrite|"
    r"race|deadlock|thread|concurren\w*|performance|slow|leak|intermittent\w*|sometimes)\b",
    re.IGNORECASE,
)
_LONG_WORDS = 60


@dataclass(frozen=True, slots=True)
class TaskFeatures:
    """What is known of a task before any model is asked."""

    words: int
    """Of the instruction."""
    named: int
    """Pieces of code that the instruction names."""
    has_values: bool
    """Whether it says what something gives, such as `f(2) == 4`."""
    wide_words: int
    """Words of changes that touch much, or of faults that are hard to see."""
    files: int
    """That the models are shown and may edit."""
    characters: int
    """Of these files."""
    failing_tests: int
    """Before anything is changed."""
    has_focus: bool
    """Whether the person pointed at something."""


def features_of(
    instruction: str, *, texts: Sequence[str], failing_tests: int, has_focus: bool
) -> TaskFeatures:
    """Return what can be told of a task: `texts` are the files that may be edited."""
    return TaskFeatures(
        words=len(instruction.split()),
        named=len(set(_CODE.findall(instruction))),
        has_values=_VALUE.search(instruction) is not None,
        wide_words=len(_WIDE.findall(instruction)),
        files=len(texts),
        characters=sum(map(len, texts)),
        failing_tests=failing_tests,
        has_focus=has_focus,
    )


def difficulty(features: TaskFeatures) -> float:
    """Return how much a task asks for, 0 to 1: what speaks for the strong model.

    The weights are a judgement, not a fit: only the order of scores matters, since the threshold
    is a quantile of them.
    """
    score = 0.0
    score += 0.9 * min(features.files - 1, 4) / 4 if features.files > 1 else 0.0
    score += 0.6 * min(features.characters / 40_000, 1.0)
    score += 0.8 * min(features.wide_words, 3) / 3
    score += 0.4 * min(features.words / _LONG_WORDS, 1.0)
    score += 0.5 * min(features.failing_tests, 5) / 5
    score -= 0.5 * min(features.named, 3) / 3
    score -= 0.4 * features.has_values
    score -= 0.3 * features.has_focus
    return 1 / (1 + math.exp(-2 * score))


def threshold_for(strong_share: float, scores: Sequence[float]) -> float:
    """Return the score from which on a task goes to the strong model.

    Args:
        strong_share: how many of the tasks it should get, 0 to 1.
        scores: of earlier tasks of this workspace.

    Returns:
        The quantile of the scores; 0, which sends every task to the strong model, while there are
        fewer than `FEWEST_SCORES`.

    Raises:
        ValueError: the share is none.
    """
    if not 0 <= strong_share <= 1:
        raise ValueError(f"{strong_share} is no share")
    if len(scores) < FEWEST_SCORES:
        return 0.0
    ordered = sorted(scores)
    count = round(strong_share * len(ordered))
    if count == 0:
        return math.nextafter(ordered[-1], math.inf)
    return ordered[len(ordered) - count]
