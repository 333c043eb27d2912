"""Finding."""

from loading import load


def contains(path, word):
    """Tell whether a word is in a file."""
    return word in load(path, "utf-8")


def first_line(path):
    """Return the first line of a file."""
    return load(path, "utf-8").split("\n", 1)[0]
