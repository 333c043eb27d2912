"""Bank accounts."""


class Account:
    """Somebody's money."""

    def __init__(self, balance=0):
        self.balance = balance

    def take(self, amount):
        """Take money out."""
        if amount > self.balance:
            raise ValueError("not enough money")
        self.balance -= amount
