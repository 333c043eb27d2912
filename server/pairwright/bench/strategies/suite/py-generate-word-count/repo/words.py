"""Words and how often they occur."""

import re


def words_of(text):
    """Return the words of a text, in lower case."""
    return re.findall(r"[a-z]+", text.lower())
