"""Lists within lists."""


def depth(items):
    """Return how deep lists are nested."""
    return 1 + max((depth(item) for item in items if isinstance(item, list)), default=0)
