"""Which uses in a file can mean a definition at all? Told from columns, before a scope is read."""

import numpy as np
from numpy.typing import NDArray

from pairwright.index.resolving.dialects import dialect_of
from pairwright.index.resolving.meanings import Meaning
from pairwright.index.resolving.script_types import is_pattern
from pairwright.index.segment import IndexedFile
from pairwright.syntax.outline import UNKNOWN_RECEIVER, Reference
from pairwright.syntax.packing import PackedOutline, unpack_references


def candidates_in(file: IndexedFile, wanted: Meaning, *, is_guessable: bool) -> list[Reference]:
    """Return the uses in a file that must be followed, in its order.

    Args:
        file: where they stand.
        wanted: what they should mean.
        is_guessable: the name alone lets them mean it, whatever stands before it.
    """
    packed = file.packed
    holder, _, name = wanted.qualified_name.rpartition(".")
    number = packed.number_of_name(name) if packed is not None else None
    if packed is None or number is None:
        return []
    called = [number, *_aliases(packed, number)]
    names = np.asarray(packed.reference_column("name"))
    rows = np.flatnonzero(np.isin(names, called) if len(called) > 1 else names == number)
    if not len(rows):
        return []
    if holder and wanted.path != file.path:
        dialect = dialect_of(file.language)
        if dialect.are_imports_explicit and not dialect.are_members_bare:
            # What another file has inside of something is only reached through a receiver.
            is_reached = np.asarray(packed.reference_column("receiver"))[rows] != 0
            if dialect.is_scripted:
                is_reached |= _are_in_patterns(packed, name, rows)
            rows = rows[is_reached]
    uses = unpack_references(packed, file.path, rows.tolist()) if len(rows) else []
    if is_guessable:
        return uses
    return [use for use in uses if not use.receiver.startswith(UNKNOWN_RECEIVER)]


def _are_in_patterns(packed: PackedOutline, name: str, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell of each use whether a pattern may take it out of an object."""
    starts = np.asarray(packed.reference_column("start"))[rows]
    found = np.zeros(len(rows), np.bool_)
    patterns = {
        number: len(word)
        for number, word in enumerate(packed.names)
        if is_pattern(word) and name in word
    }
    if patterns:
        bound, places = packed.binding_column("name"), packed.binding_column("start")
        for number, place in zip(bound, places, strict=True):
            if number in patterns:
                found |= (starts > place) & (starts < place + patterns[number])
    return found


def _aliases(packed: PackedOutline, number: int) -> list[int]:
    """Return what a file's imports call a name."""
    names = np.asarray(packed.import_column("name"))
    aliases = np.asarray(packed.import_column("alias"))[names == number]
    return [each for each in set(aliases.tolist()) if each not in (0, number)]
