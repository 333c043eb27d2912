"""Money from one account to another."""


def transfer(source, target, amount):
    """Move an amount."""
    source.withdraw(amount)
    target.balance += amount
