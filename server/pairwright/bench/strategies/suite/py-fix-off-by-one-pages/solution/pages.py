"""Long lists in pages."""


def page(items, number, size):
    """Return the items of one page, from 1."""
    return items[(number - 1) * size : number * size]


def page_count(items, size):
    """Return how many pages there are."""
    return -(-len(items) // size)
