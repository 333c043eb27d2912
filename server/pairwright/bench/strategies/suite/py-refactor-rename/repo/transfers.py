"""Money from one account to another."""


def transfer(source, target, amount):
    """Move an amount."""
    source.take(amount)
    target.balance += amount
