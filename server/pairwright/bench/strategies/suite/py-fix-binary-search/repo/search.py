"""Searching in sorted lists."""


def find(items, wanted):
    """Return the index of an item in a sorted list."""
    low, high = 0, len(items) - 1
    while low < high:
        middle = (low + high) // 2
        if items[middle] < wanted:
            low = middle + 1
        elif items[middle] > wanted:
            high = middle - 1
        else:
            return middle
    return None
