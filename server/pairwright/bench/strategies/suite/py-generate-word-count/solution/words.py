"""Words and how often they occur."""

import re
from collections import Counter


def words_of(text):
    """Return the words of a text, in lower case."""
    return re.findall(r"[a-z]+", text.lower())


def most_common(text, count):
    """Return the most frequent words with how often they occur."""
    counted = Counter(words_of(text))
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:count]
