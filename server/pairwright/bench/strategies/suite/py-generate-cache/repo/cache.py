"""Values that are dear to compute."""


class Cache:
    """At most `size` values."""

    def __init__(self, size):
        self.size = size
        self.values = {}
