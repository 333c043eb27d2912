"""Small statistics."""


def mean(values):
    """Return the arithmetic mean."""
    return sum(values) / len(values)


def median(values):
    """Return the middle value."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
