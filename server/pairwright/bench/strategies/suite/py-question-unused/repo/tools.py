"""Odds and ends."""


def double(value):
    return value * 2


def halve(value):
    return value / 2


def negate(value):
    return -value
