"""Values that are dear to compute."""


class Cache:
    """At most `size` values."""

    def __init__(self, size):
        self.size = size
        self.values = {}

    def get(self, key, make):
        """Return the stored value, or store and return a new one."""
        value = self.values.pop(key) if key in self.values else make()
        self.values[key] = value
        if len(self.values) > self.size:
            del self.values[next(iter(self.values))]
        return value
