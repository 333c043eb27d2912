"""What does a pattern with `*` mean for a name? As in `paths`, `exports` and `workspaces`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase


def substituted(name: str, patterns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Give what a name stands for, the likeliest first.

    The name itself comes before patterns, of these that which fits most of its beginning. Patterns
    and targets with more than one `*` mean nothing.
    """
    yield from patterns.get(name, ())
    for before, after, targets in _by_length(patterns):
        if (
            name.startswith(before)
            and name.endswith(after)
            and len(name) >= len(before) + len(after)
        ):
            matched = name[len(before) : len(name) - len(after)]
            yield from (each.replace("*", matched) for each in targets if each.count("*") < 2)


def matches_one(directory: str, patterns: Iterable[str]) -> bool:
    """Tell whether patterns, of which later ones with `!` take back, choose a directory."""
    is_chosen = False
    for pattern in patterns:
        is_taken_back = pattern.startswith("!")
        if is_taken_back is is_chosen:
            parts = [part for part in pattern.lstrip("!").split("/") if part not in ("", ".")]
            if _fits(directory.split("/"), parts):
                is_chosen = not is_taken_back
    return is_chosen


def _by_length(patterns: Mapping[str, Sequence[str]]) -> list[tuple[str, str, Sequence[str]]]:
    found: list[tuple[str, str, Sequence[str]]] = []
    for pattern, targets in patterns.items():
        before, star, after = pattern.partition("*")
        if star and "*" not in after:
            found.append((before, after, targets))
    return sorted(found, key=lambda each: -len(each[0]))


def _fits(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether a path is as a pattern says, in which `**` are any directories.

    All that the pattern may have come to is followed at once: no pattern takes long.
    """
    places = _reached(wanted, {0})
    for part in parts:
        following = set()
        for place in places:
            if place < len(wanted) and wanted[place] == "**":
                following.add(place)
            elif place < len(wanted) and fnmatchcase(part, wanted[place]):
                following.add(place + 1)
        places = _reached(wanted, following)
    return len(wanted) in places


def _reached(wanted: Sequence[str], places: set[int]) -> set[int]:
    """Return the places, and those behind each `**`, which may be no directory at all."""
    for place in sorted(places):
        while place < len(wanted) and wanted[place] == "**":
            place += 1
            places.add(place)
    return places
