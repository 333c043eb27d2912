from calendars import days_in_year, is_leap_year

assert is_leap_year(2000) and is_leap_year(1600)
assert not is_leap_year(2100) and not is_leap_year(1800)
assert days_in_year(2024) == 366
assert days_in_year(1900) == 365
