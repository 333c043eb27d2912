"""Dogs."""

from animals import Animal


class Dog(Animal):
    """A dog of some breed."""

    def __init__(self, name, breed):
        self.breed = breed
