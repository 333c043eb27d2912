"""Which uses in a file can mean a definition at all? Told from columns, before a scope is read."""

import numpy as np

from pairwright.index.resolving.dialects import dialect_of
from pairwright.index.resolving.meanings import Meaning
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
            rows = rows[np.asarray(packed.reference_column("receiver"))[rows] != 0]
    uses = unpack_references(packed, file.path, rows.tolist()) if len(rows) else []
    if is_guessable:
        return uses
    return [use for use in uses if not use.receiver.startswith(UNKNOWN_RECEIVER)]


def _aliases(packed: PackedOutline, number: int) -> list[int]:
    """Return what a file's imports call a name."""
    names = np.asarray(packed.import_column("name"))
    aliases = np.asarray(packed.import_column("alias"))[names == number]
    return [each for each in set(aliases.tolist()) if each not in (0, number)]
