"""Amounts of money in cents."""


def split(cents, people):
    """Return what each of several people pays."""
    return [cents // people] * people
