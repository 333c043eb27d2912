"""Points in the plane."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """A point."""

    x: float
    y: float = 0.0

    def length(self):
        """Return the distance from the origin."""
        return (self.x**2 + self.y**2) ** 0.5
