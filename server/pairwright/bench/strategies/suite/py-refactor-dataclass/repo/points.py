"""Points in the plane."""


class Point:
    """A point."""

    def __init__(self, x, y=0.0):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def length(self):
        """Return the distance from the origin."""
        return (self.x**2 + self.y**2) ** 0.5
