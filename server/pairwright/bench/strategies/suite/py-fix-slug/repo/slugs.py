"""Titles as parts of addresses."""

import re


def slugify(title):
    """Return the title in lower case, with dashes between its words."""
    return re.sub(r"[^a-z0-9]", "-", title.lower())
