"""Rows as comma-separated values."""


def to_line(values):
    """Return the values as one line."""
    return ",".join(_quoted(str(value)) for value in values)


def _quoted(value):
    if "," in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value
