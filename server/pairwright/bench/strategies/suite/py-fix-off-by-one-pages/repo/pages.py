"""Long lists in pages."""


def page(items, number, size):
    """Return the items of one page."""
    return items[number * size : (number + 1) * size]


def page_count(items, size):
    """Return how many pages there are."""
    return len(items) // size
