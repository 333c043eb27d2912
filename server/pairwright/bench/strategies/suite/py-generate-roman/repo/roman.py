"""Numbers as the Romans wrote them."""

SYMBOLS = [(1000, "M"), (500, "D"), (100, "C"), (50, "L"), (10, "X"), (5, "V"), (1, "I")]


def to_roman(number):
    """Return a number as a Roman numeral."""
    raise NotImplementedError
