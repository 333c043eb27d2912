"""How long things take."""

import re

UNITS = {"h": 3600, "m": 60, "s": 1}


def parse_duration(text):
    """Return the seconds of a duration."""
    if not re.fullmatch(r"(\d+h)?(\d+m)?(\d+s)?", text) or not text:
        raise ValueError(text)
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([hms])", text))
