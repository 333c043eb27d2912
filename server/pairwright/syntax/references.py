"""Where are names used, how, and on what? Straight into columns: a workspace has too many uses for
one object each.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, repeat
from operator import attrgetter

from pairwright.syntax.languages.language import Language
from pairwright.syntax.outline import UNKNOWN_RECEIVER, ReferenceRole
from pairwright.syntax.packing import ROLES, OutlineRows, StringTable
from pairwright.syntax.parser import ChangedRegion, Node, SyntaxTree

MAX_CHAIN = 100
"""Bytes of a receiver; a longer one is unknown."""

_READ = ROLES.index(ReferenceRole.READ)
_IMPORT = ROLES.index(ReferenceRole.IMPORT)
_INHERIT = ROLES.index(ReferenceRole.INHERIT)
_TYPE_ARGUMENTS = re.compile(rb"[<\[\s(]")
_DOT_AT_LINE_END = re.compile(rb"\.[ \t]*\r?\n\s*")
_UNKNOWN = UNKNOWN_RECEIVER.encode()
_byte_range = attrgetter("byte_range")


@dataclass(frozen=True, slots=True)
class Uses:
    """Where names are used and how, in the text's order; in bytes."""

    starts: list[int]
    ends: list[int]
    roles: bytes
    """Indices into `ROLES`."""


def uses_in(tree: SyntaxTree, language: Language) -> Uses:
    """Return every use of a name; of several roles of one place the first counts."""
    return _uses(tree.captures(language, language.references))


def uses_after_edit(
    tree: SyntaxTree, language: Language, before: Uses, region: ChangedRegion
) -> Uses:
    """Return what `uses_in` would, from what it gave before; only the region is looked at."""
    captures = tree.captures(language, language.references, (region.start, region.end))
    changed = _uses(captures)
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
    names, receivers = _Chains(tree.source, rows.names, language).of(starts, ends, roles)
    offsets = starts if tree.is_ascii else list(map(tree.to_offset, starts))
    rows.references = (names, offsets, receivers)
    rows.roles = roles


def _uses(captures: Mapping[str, list[Node]]) -> Uses:
    ends: dict[int, int] = {}
    roles: dict[int, int] = {}
    imports: dict[int, int] = {}
    for role_number, role in reversed(list(enumerate(ROLES))):
        # The binding gives nodes in the order of a set: without this, of two that begin at one
        # place now the one and now the other would count.
        places = list(map(_byte_range, captures.get(role.value, ())))
        by_start = dict(places)
        if len(by_start) != len(places):
            by_start = dict(sorted(places, reverse=True))
        ends.update(by_start)
        if role_number == _IMPORT:
            imports = by_start
        if role_number != _READ:
            roles.update(zip(by_start, repeat(role_number)))
    starts = _outside(sorted(ends), imports)
    return Uses(
        starts,
        list(map(ends.__getitem__, starts)),
        bytes(map(roles.get, starts, repeat(_READ))),
    )


def _outside(starts: list[int], imports: Mapping[int, int]) -> list[int]:
    """Return the uses that are no part of what is imported: `b` of `import a.b`."""
    inside = [
        slice(bisect_right(starts, start), bisect_left(starts, end))
        for start, end in imports.items()
    ]
    parts = {start for each in inside for start in starts[each]} - imports.keys()
    return [start for start in starts if start not in parts] if parts else starts


class _Chains:
    """Names and what stands before them, each as a number in a table."""

    def __init__(self, source: bytes, names: StringTable, language: Language) -> None:
        self._source = source
        self._ids = _ByteIds(names)
        signs = language.member_separators
        self._separator_ends = frozenset(ord(sign[-1]) for sign in signs)
        self._separator, self._separator_at_end = _separators(signs)

    def of(
        self, starts: Sequence[int], ends: Sequence[int], roles: Sequence[int]
    ) -> tuple[list[int], list[int]]:
        """Return of each use its name and its receiver."""
        source, ids = self._source, self._ids
        names = [ids[source[start:end]] for start, end in zip(starts, ends, strict=True)]
        receivers = [0] * len(starts)
        chains: dict[int, bytes] = {}
        for row in self._rows_with_receiver(starts):
            start_before, end_before = (starts[row - 1], ends[row - 1]) if row else (0, 0)
            chain = chains.get(row - 1) or source[start_before:end_before]
            between = source[end_before : starts[row]]
            receiver = chain if between == b"." else self._receiver(between, chain)
            if receiver:
                if len(receiver) > MAX_CHAIN:
                    receiver = _UNKNOWN
                chains[row] = receiver + b"." + source[starts[row] : ends[row]]
                receivers[row] = ids[receiver]
        if _INHERIT in roles:
            for row in (row for row, role in enumerate(roles) if role == _INHERIT):
                name = source[starts[row] : ends[row]]
                names[row] = ids[_TYPE_ARGUMENTS.split(name, maxsplit=1)[0]]
        return names, receivers

    def _rows_with_receiver(self, starts: Sequence[int]) -> list[int]:
        """Return the numbers of the uses that seem to have something before them."""
        source, signs = self._source, self._separator_ends
        rows = [row for row, start in enumerate(starts) if source[start - 1] in signs]
        continued = {match.end() for match in _DOT_AT_LINE_END.finditer(source)}
        continued.intersection_update(starts)
        if not continued:
            return rows
        return sorted({*rows, *(bisect_left(starts, start) for start in continued)})

    def _receiver(self, between: bytes, last_chain: bytes) -> bytes:
        """Return what stands before a name, by what lies between it and the name before it."""
        if self._separator.fullmatch(between):
            return last_chain
        if between.startswith(b"()") and self._separator.fullmatch(between, 2):
            return last_chain + b"()"
        if between[-1:].isspace() or not self._separator_at_end.search(between[-8:]):
            return b""
        return _UNKNOWN


class _ByteIds(dict[bytes, int]):
    """The numbers of strings in a table, by their UTF-8."""

    def __init__(self, names: StringTable) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: bytes) -> int:
        number = self[name] = self._names[name.decode("utf-8", "surrogatepass")]
        return number


@cache
def _separators(signs: tuple[str, ...]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what matches a separator with space around it, and one at the end of a text."""
    either = b"|".join(re.escape(sign.encode()) for sign in sorted(signs, key=len, reverse=True))
    return re.compile(rb"\s*(?:%b)\s*" % either), re.compile(rb"(?<!\.)(?:%b)\Z" % either)
