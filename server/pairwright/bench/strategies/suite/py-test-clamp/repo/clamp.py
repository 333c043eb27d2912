"""Numbers within bounds."""


def clamp(value, low, high):
    """Return the value, or the bound that it exceeds."""
    if low > high:
        raise ValueError("low is greater than high")
    if value < low:
        return low
    if value > high:
        return high
    return value
