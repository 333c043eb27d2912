"""Small helps with texts."""


def shorten(text, length):
    """Return the beginning of a text."""
    return text if len(text) <= length else text[: length - 1] + "…"


def vowels(text):
    """Return how many vowels a text has."""
    return sum(letter in "aeiou" for letter in text.lower())
