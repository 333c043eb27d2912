"""Waves and their measures."""


def frequency(period):
    """Return how often a wave swings in a second."""
    return 1 / period


def wavelength(speed, period):
    """Return how far a wave goes in one period."""
    return speed * period
