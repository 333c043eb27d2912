"""Rows as comma-separated values."""


def to_line(values):
    """Return the values as one line."""
    return ",".join(str(value) for value in values)
