"""What somebody wants to buy."""


class Basket:
    """Items and how many of each."""

    def __init__(self, items=None):
        self.items = [] if items is None else items

    def add(self, item):
        """Put one more item in."""
        self.items.append(item)

    def count(self, item):
        """Return how many of an item there are."""
        return self.items.count(item)
