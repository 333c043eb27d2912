"""Lists of measurements."""


def remove_negative(numbers):
    """Remove the negative numbers from the list itself."""
    numbers[:] = [number for number in numbers if number >= 0]
