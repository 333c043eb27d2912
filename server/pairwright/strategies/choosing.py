"""Which of several answers is meant? By vote, and by likeness.

The two ways of self-consistency in arXiv 2505.20182, whose samples are patches of one task. Long
patches are compared line by line instead of letter by letter, which would take minutes.
"""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

ALIKE = 0.8
"""Two patches whose likeness is above this belong together."""
_LONG = 4_000
"""Characters."""


def by_vote(texts: Sequence[str]) -> int:
    """Return the index of the text that occurs most often; of several, the one seen first.

    Raises:
        ValueError: there are none.
    """
    if not texts:
        raise ValueError("there is nothing to choose from")
    counts = Counter(texts)
    return texts.index(max(counts, key=counts.__getitem__))


def by_likeness(texts: Sequence[str]) -> int:
    """Return the index of the first text of the largest cluster; of several, the first cluster.

    Raises:
        ValueError: there are none.
    """
    if not texts:
        raise ValueError("there is nothing to choose from")
    return max(clusters(texts), key=len)[0]


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """Return indices in clusters: each text joins the first that holds one like it."""
    found: list[list[int]] = []
    for index, text in enumerate(texts):
        for cluster in found:
            if any(_are_alike(text, texts[member]) for member in cluster):
                cluster.append(index)
                break
        else:
            found.append([index])
    return found


def _are_alike(first: str, second: str) -> bool:
    if first == second:
        return True
    is_long = max(len(first), len(second)) > _LONG
    matcher: SequenceMatcher[str] = SequenceMatcher(
        None,
        first.split("\n") if is_long else first,
        second.split("\n") if is_long else second,
        autojunk=False,
    )
    # Cheap upper bounds first: most pairs are not alike.
    return (
        matcher.real_quick_ratio() > ALIKE
        and matcher.quick_ratio() > ALIKE
        and matcher.ratio() > ALIKE
    )
