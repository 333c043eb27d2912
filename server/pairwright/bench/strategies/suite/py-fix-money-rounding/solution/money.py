"""Amounts of money in cents."""


def split(cents, people):
    """Return what each of several people pays; the first pay what is left over."""
    share, rest = divmod(cents, people)
    return [share + 1] * rest + [share] * (people - rest)
