"""What may a name mean, and how sure is that? The values only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

MAX_MEANINGS = 8
"""Of one name; more are cut off."""


class Confidence(IntEnum):
    """Why a name is taken to mean a definition; the higher, the surer."""

    BY_NAME = 1
    """Only the name is the same, and few places define it."""
    LIKELY = 2
    """What stands before it was seen to have a type that has it."""
    EXACT = 3
    """A scope or an import decides."""


class Meaning(NamedTuple):
    """A definition, a file or a directory, as a name refers to it."""

    path: str
    qualified_name: str = ""
    """Empty: the module itself."""
    is_object: bool = False
    """It is an object of that class."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a chain of names may mean."""

    found: tuple[Meaning, ...] = ()
    confidence: Confidence = Confidence.EXACT
    is_known: bool = True
    """False: there may be more that was not seen."""


NOTHING = Meanings()
"""Something outside the workspace, or a local value of a type from there."""
UNKNOWN = Meanings(is_known=False)


def merged(parts: Iterable[Meanings]) -> Meanings:
    """Return all that was found, as sure as the least sure of it."""
    found: dict[Meaning, None] = {}
    confidence, is_known = Confidence.EXACT, True
    for part in parts:
        found.update(dict.fromkeys(part.found))
        is_known = is_known and part.is_known
        if part.found:
            confidence = min(confidence, part.confidence)
    return Meanings(tuple(found)[:MAX_MEANINGS], confidence, is_known)
