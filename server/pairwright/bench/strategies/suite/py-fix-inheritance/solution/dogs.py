"""Dogs."""

from animals import Animal


class Dog(Animal):
    """A dog of some breed."""

    def __init__(self, name, breed):
        super().__init__(name)
        self.breed = breed

    def describe(self):
        """Return what it is, in words."""
        return f"{self.name}, a {self.breed}"
