"""Animals."""


class Animal:
    """Anything that lives and has a name."""

    def __init__(self, name):
        self.name = name

    def describe(self):
        """Return what it is, in words."""
        return self.name
