"""Lists within lists."""


def depth(items):
    """Return how deep lists are nested."""
    return 1 + max((depth(item) for item in items if isinstance(item, list)), default=0)


def flatten(items):
    """Return the items of nested lists as one list."""
    flat = []
    for item in items:
        if isinstance(item, list):
            flat += flatten(item)
        else:
            flat.append(item)
    return flat
