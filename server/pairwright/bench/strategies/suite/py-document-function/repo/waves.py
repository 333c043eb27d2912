"""Waves and their measures."""


def frequency(period):
    return 1 / period


def wavelength(speed, period):
    return speed * period
