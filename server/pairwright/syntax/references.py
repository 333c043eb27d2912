"""Where are names used, how, and on what? Straight into columns: a workspace has too many uses for
one object each.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, compress, count, repeat
from operator import attrgetter, itemgetter

from pairwright.syntax.languages.language import Language
from pairwright.syntax.outline import UNKNOWN_RECEIVER, ReferenceRole
from pairwright.syntax.packing import ROLES, OutlineRows, StringTable
from pairwright.syntax.parser import Findings, SyntaxTree
from pairwright.syntax.regions import ChangedRegion

MAX_CHAIN = 100
"""Bytes of a receiver; a longer one is unknown."""

_READ = ROLES.index(ReferenceRole.READ)
_IMPORT = ROLES.index(ReferenceRole.IMPORT)
_INHERIT = ROLES.index(ReferenceRole.INHERIT)
_TYPE_ARGUMENTS = re.compile(rb"[<\[\s(]")
_DOT_AT_LINE_END = re.compile(rb"\.[ \t]*\r?\n\s*")
_UNKNOWN = UNKNOWN_RECEIVER.encode()
_ROLES_LAST_FIRST = [(number, role.value) for number, role in enumerate(ROLES)][::-1]
_start_byte, _end_byte = attrgetter("start_byte"), attrgetter("end_byte")


@dataclass(frozen=True, slots=True)
class Uses:
    """Where names are used and how, in the text's order; in bytes."""

    starts: list[int]
    ends: list[int]
    roles: bytes
    """Indices into `ROLES`."""


def uses_in(found: Findings) -> Uses:
    """Return every use of a name; of several roles of one place the first counts."""
    ends: dict[int, int] = {}
    roles: dict[int, int] = {}
    imports: dict[int, int] = {}
    for role_number, role in _ROLES_LAST_FIRST:
        nodes = list(chain.from_iterable(map(itemgetter(role), found[role])))
        starts, role_ends = list(map(_start_byte, nodes)), list(map(_end_byte, nodes))
        by_start = dict(zip(starts, role_ends, strict=True))
        if len(by_start) != len(starts):
            # Of several that begin at one place the shortest counts.
            by_start = dict(sorted(zip(starts, role_ends, strict=True), reverse=True))
        if role_number == _IMPORT:
            imports = by_start
        if role_number != _READ:
            roles.update(zip(by_start, repeat(role_number)))
        if ends:
            ends.update(by_start)
        else:
            ends = by_start
    starts = _outside(sorted(ends), imports)
    return Uses(
        starts,
        list(map(ends.__getitem__, starts)),
        bytes(map(roles.get, starts, repeat(_READ))),
    )


def uses_after_edit(before: Uses, changed: Uses, region: ChangedRegion) -> Uses:
    """Return what `uses_in` would, from what it gave before, and now for the region alone."""
    first = bisect_left(changed.starts, region.start)
    last = bisect_left(changed.starts, region.end)
    old_first = bisect_left(before.starts, region.start)
    old_last = bisect_left(before.starts, region.old_end)
    shift = region.end - region.old_end
    return Uses(
        before.starts[:old_first]
        + changed.starts[first:last]
        + [start + shift for start in before.starts[old_last:]],
        before.ends[:old_first]
        + changed.ends[first:last]
        + [end + shift for end in before.ends[old_last:]],
        before.roles[:old_first] + changed.roles[first:last] + before.roles[old_last:],
    )


def add_references(
    rows: OutlineRows, tree: SyntaxTree, language: Language, uses: Uses, defined: set[int]
) -> None:
    """Add the uses of names, without the places (in bytes) at which names are defined."""
    is_use = [start not in defined for start in uses.starts]
    starts, ends = list(compress(uses.starts, is_use)), list(compress(uses.ends, is_use))
    roles = bytes(compress(uses.roles, is_use))
    names, receivers = _names_and_receivers(tree.source, rows.names, language, starts, ends)
    if _INHERIT in roles:
        for row in (row for row, role in enumerate(roles) if role == _INHERIT):
            name = tree.source[starts[row] : ends[row]]
            names[row] = rows.names[_TYPE_ARGUMENTS.split(name, maxsplit=1)[0]]
    rows.references = (names, tree.offsets_in_order(starts), receivers)
    rows.roles = roles


def _outside(starts: list[int], imports: Mapping[int, int]) -> list[int]:
    """Return the uses that are no part of what is imported: `b` of `import a.b`."""
    is_outside = bytearray(b"\1") * len(starts)
    for start, end in imports.items():
        for row in range(bisect_right(starts, start), bisect_left(starts, end)):
            is_outside[row] = starts[row] in imports
    return list(compress(starts, is_outside)) if 0 in is_outside else starts


def _names_and_receivers(
    source: bytes,
    ids: StringTable[bytes],
    language: Language,
    starts: Sequence[int],
    ends: Sequence[int],
) -> tuple[list[int], list[int]]:
    """Return of each use the number of its name, and that of what stands before it."""
    names = [ids[source[start:end]] for start, end in zip(starts, ends, strict=True)]
    receivers = [0] * len(starts)
    # The chain that ends with a use is `head` with a piece of the source: it is cut, not built.
    last_row, head, head_start = -1, b"", 0
    for row in _rows_with_receiver(source, language.member_separators, starts):
        start, end_before = starts[row], ends[row - 1] if row else 0
        if row - 1 != last_row or not row:
            head, head_start = b"", starts[row - 1] if row else 0
        receiver = head + source[head_start:end_before]
        between = source[end_before:start]
        if between != b".":
            receiver = _receiver(between, receiver, language.member_separators)
            head, head_start = receiver + b".", start
        if receiver:
            if len(receiver) > MAX_CHAIN:
                receiver, head, head_start = _UNKNOWN, _UNKNOWN + b".", start
            receivers[row] = ids[receiver]
            last_row = row
    return names, receivers


def _rows_with_receiver(
    source: bytes, signs: tuple[str, ...], starts: Sequence[int]
) -> Sequence[int]:
    """Return the numbers of the uses that seem to have something before them."""
    if not starts:
        return ()
    # The byte before each use: to ask for all at once runs no line of Python.
    before = bytes(itemgetter(*starts, 0)(b" " + source))
    rows = list(compress(count(), before.translate(_is_end_of_sign(signs))))
    continued = []
    for match in _DOT_AT_LINE_END.finditer(source):
        row = bisect_left(starts, match.end())
        if row < len(starts) and starts[row] == match.end():
            continued.append(row)
    return sorted({*rows, *continued}) if continued else rows


def _receiver(between: bytes, chain: bytes, signs: tuple[str, ...]) -> bytes:
    """Return what stands before a name, by what lies between it and the chain before it."""
    separator, separator_at_end = _separators(signs)
    if separator.fullmatch(between):
        return chain
    if between.startswith(b"()") and separator.fullmatch(between, 2):
        return chain + b"()"
    if between[-1:].isspace() or not separator_at_end.search(between[-8:]):
        return b""
    return _UNKNOWN


@cache
def _is_end_of_sign(signs: tuple[str, ...]) -> bytes:
    """Return what `bytes.translate` needs to make the last bytes of signs 1, and all others 0."""
    ends = {ord(sign[-1]) for sign in signs}
    return bytes(byte in ends for byte in range(256))


@cache
def _separators(signs: tuple[str, ...]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what matches a separator with space around it, and one at the end of a text."""
    either = b"|".join(re.escape(sign.encode()) for sign in sorted(signs, key=len, reverse=True))
    return re.compile(rb"\s*(?:%b)\s*" % either), re.compile(rb"(?<!\.)(?:%b)\Z" % either)
