"""Which words does a name or a text consist of?

Words are parts of names, brought to a common form. Two names that differ only in capitals and
underscores are also one word as a whole, and so are two plain words that stand side by side.
"""

import re
from collections import Counter
from functools import lru_cache
from math import log

MOST_WORDS = 400
"""Of a text that is searched for; the first ones count."""
_MIN_COMPOUND = 6
_COMPOUND_WEIGHT = 0.7
_MAX_NAME = 100

NAME = re.compile(r"[A-Za-z_$][\w$]*|[^\W\d_]\w*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_COMMON = """
a about add added adding adds after all also an and any are as at avoid be because been before being
but by can cannot change changed changes changing closes code could did do does doesn don done each
ensure even fail failed failing fails file fix fixed fixes fixing for from get gets had has have he
how i if implement implemented improve in instead into is isn issue it its just like make makes
making may method more most must need needs new no non not now of on one only or other our out over
pass passed passes passing properly ref refs related remove removed removes removing same see should
since small so some still such support test testing tests than that the their them then there these
they this those through to too try turn under up update updated updates updating us use used uses
using very via want was way we well were what when where which while who why will with without work
works would you
"""
_STOP_WORDS = frozenset(_COMMON.split())
"""The commonest words of English, and of requests: they say nothing of where."""


@lru_cache(maxsize=16_384)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name: its parts' common forms, and the whole when it has several."""
    parts = _PART.findall(name[:_MAX_NAME])
    words = [common_form(part.lower()) for part in parts if len(part) > 1]
    if len(parts) > 1:
        words.append("".join(parts).lower())
    return tuple(words)


def common_form(word: str) -> str:
    """Return a form that a word shares with its plural, its past, its `-ing` and its noun.

    Only such endings go as hardly ever make two things one: `handles`, `handled` and `handling`
    are `handl`; what is left need not be a word.
    """
    if len(word) < 4:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, shortest in (("ing", 6), ("ed", 5), ("ation", 8), ("ion", 7)):
        if word.endswith(ending) and len(word) >= shortest:
            word = word[: -len(ending)] + ("at" if ending == "ation" else "")
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def words_sought(text: str) -> dict[str, float]:
    """Return the words of a text that is searched for, each with its weight.

    A word that is used more often weighs a little more; the most common English words and those
    that requests begin with are left out.
    """
    counts: Counter[str] = Counter()
    weights: dict[str, float] = {}
    before = ""
    for match in NAME.finditer(text):
        name = match[0]
        plain = name.lower()
        is_stop_word = plain in _STOP_WORDS
        if not is_stop_word:
            counts.update(words_of(name))
        compound = before + plain
        if before and not is_stop_word and len(compound) >= _MIN_COMPOUND:
            weights[compound] = _COMPOUND_WEIGHT
        before = "" if is_stop_word or not plain.isalpha() else plain
        if len(counts) >= MOST_WORDS:
            break
    weights |= {word: 1 + log(count) for word, count in counts.items()}
    return {word: weight for word, weight in weights.items() if word not in _STOP_WORDS}
