"""Which of several answers is meant? By vote, and by likeness.

The two ways of self-consistency in arXiv 2505.20182, whose samples are patches of one task. Long
patches are compared line by line instead of letter by letter, which would take minutes.
"""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import combinations

ALIKE = 0.8
"""Two patches whose likeness is above this belong together."""
_LONG = 4_000
"""Characters."""
_CHOICE = re.compile(r"best\s*:?\s*\W{0,3}(?:(?:patch|plan)\s*)?(?P<number>\d+)", re.IGNORECASE)


def by_name(answer: str, count: int) -> int | None:
    """Return the index that a model's "Best: 2" means; None when it means none of `count`."""
    choice = _CHOICE.search(answer)
    index = int(choice["number"]) - 1 if choice else -1
    return index if 0 <= index < count else None


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


def distinct(texts: Sequence[str], most: int) -> list[int]:
    """Return the indices of at most `most` texts that stand for all, the largest group's first.

    The two groups that are most alike, word by word and on average, become one until few enough are
    left and none are alike; the text that is most like the others of its group stands for it.
    """
    pairs = combinations(range(len(texts)), 2)
    likeness = {pair: _likeness_in_words(texts[pair[0]], texts[pair[1]]) for pair in pairs}

    def between(first: Sequence[int], second: Sequence[int]) -> float:
        across = [likeness[min(a, b), max(a, b)] for a in first for b in second if a != b]
        return sum(across) / len(across) if across else 1.0

    groups = [[index] for index in range(len(texts))]
    while len(groups) > 1:
        first, second = max(combinations(groups, 2), key=lambda pair: between(*pair))
        if len(groups) <= most and between(first, second) <= ALIKE:
            break
        groups.remove(second)
        first += second
    groups.sort(key=len, reverse=True)
    return [max(group, key=lambda index: between([index], group)) for group in groups]


def _likeness_in_words(first: str, second: str) -> float:
    return SequenceMatcher(None, first.split(), second.split(), autojunk=False).ratio()


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
