"""Years and their days."""


def is_leap_year(year):
    """Tell whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_year(year):
    """Return the number of days."""
    return 366 if is_leap_year(year) else 365
