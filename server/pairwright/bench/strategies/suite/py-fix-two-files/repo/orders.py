"""Orders and what they cost."""


class Order:
    """Positions (price, count) and a discount between 0 and 1."""

    def __init__(self, positions, discount=0):
        self.positions = positions
        self.discount = discount

    def total(self):
        """Return what is to be paid."""
        return sum(price * count for price, count in self.positions)
