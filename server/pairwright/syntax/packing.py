"""How does an outline travel between processes, lie on disk, and rest in memory?

As columns of numbers beside tables of strings: a tenth of what objects would take, and readable in
bulk. What is packed depends on the text and the language alone, never on a path.
"""

import struct
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, count
from operator import mul
from typing import AnyStr

from pairwright.syntax.outline import (
    Binding,
    FileOutline,
    Import,
    Reference,
    ReferenceRole,
    Symbol,
    SymbolKind,
    SyntaxProblem,
)
from pairwright.text.ranges import TextRange

FORMAT_VERSION = 1
KINDS = tuple(SymbolKind)
ROLES = tuple(ReferenceRole)
TEST_FLAG = 0x100
"""Beside the kind: the definition is a test."""

_MAGIC = b"PWO" + bytes([FORMAT_VERSION])
_HEADER = struct.Struct("=4s9I")
_WORD = 4
_NEAR = 8
"""Strings that are passed one by one on the way to another."""
_FEW = 4
"""Definitions whose strings are picked out of an outline that has many."""

SYMBOL_COLUMNS = (
    "name",
    "qualified_name",
    "parent",
    "kind",
    "start",
    "end",
    "name_start",
    "name_end",
    "body_start",
    "body_end",
    "signature",
    "doc",
)
"""`name` counts in `names`, `qualified_name`, `signature` and `doc` in `strings`; `parent` is the
row of the definition around it plus one, 0 for none; a body that ends before it begins is none."""
REFERENCE_COLUMNS = ("name", "start", "receiver")
"""`name` and `receiver` count in `names`; a reference is as long as its name."""
IMPORT_COLUMNS = ("module", "name", "alias", "start", "end")
"""`module`, `name` and `alias` count in `names`."""
BINDING_COLUMNS = ("name", "type", "start", "scope")
"""`name` and `type` count in `names`; `scope` is the row of a symbol plus one, 0 for none."""
PROBLEM_COLUMNS = ("start", "end", "message")
"""`message` counts in `strings`."""

Row = Sequence[int]


class StringTable(defaultdict[AnyStr, int]):
    """Gives each string that is looked up a number, the next one where it is new.

    A file has hundreds; to number one runs no line of Python.
    """

    def __init__(self, empty: AnyStr) -> None:
        """Start with the empty string: its number is 0."""
        super().__init__(count(1).__next__)
        self[empty] = 0


def _names() -> StringTable[bytes]:
    return StringTable(b"")


def _strings() -> StringTable[str]:
    return StringTable("")


@dataclass(slots=True)
class OutlineRows:
    """An outline while it is made: rows in the order of the columns above."""

    language: str
    not_parsed: str = ""
    names: StringTable[bytes] = field(default_factory=_names)
    """In UTF-8: nearly all are cut out of what was parsed, and need no decoding."""
    strings: StringTable[str] = field(default_factory=_strings)
    symbols: list[Row] = field(default_factory=list)
    references: tuple[Row, Row, Row] = ((), (), ())
    """Columns: there are too many for a row each."""
    roles: bytes = b""
    """Of each reference, as an index into `ROLES`."""
    imports: list[Row] = field(default_factory=list)
    bindings: list[Row] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)


class PackedOutline:
    """An outline in little memory; equal contents mean equal outlines."""

    def __init__(self, content: bytes) -> None:
        """Take what `pack` gave.

        Raises:
            ValueError: it is nothing that this version packed.
        """
        numbers: list[int]
        try:
            magic, *numbers = _HEADER.unpack_from(content)
        except struct.error as error:
            raise ValueError("not a packed outline") from error
        counts = numbers[:5]
        names_length, strings_length, self._language, self._not_parsed = numbers[5:]
        expected = sum(map(mul, counts, _WIDTHS)) + counts[1] + names_length + strings_length
        if magic != _MAGIC or len(content) != _HEADER.size + expected:
            raise ValueError("not a packed outline of this version")
        self.content = content
        self._counts = counts
        self._names_length = names_length
        self._strings_length = strings_length

    @property
    def names(self) -> list[str]:
        """The identifiers, receivers and modules that occur, each once; the first is empty."""
        return self._split(self._names_at, self._names_length)

    @property
    def strings(self) -> list[str]:
        """Qualified names, signatures, documentation and messages; the first is empty."""
        return self._split(self._names_at + self._names_length, self._strings_length)

    @property
    def language(self) -> str:
        """The language's name."""
        return self.strings[self._language]

    @property
    def not_parsed(self) -> str:
        """Why the text was not read; empty when it was."""
        return self.strings[self._not_parsed] if self._not_parsed else ""

    def name(self, number: int) -> str:
        """Return one of `names` without making all of them."""
        end = self._names_at + self._names_length
        return self._string_from(self._start_of(self._names_at, end, number), end)

    def string(self, number: int) -> str:
        """Return one of `strings` without making all of them."""
        return self.some_strings([number])[0]

    def some_strings(self, numbers: Sequence[int]) -> list[str]:
        """Return some of `strings` without making all; quickest where their numbers are near."""
        start, known, found = self._names_at + self._names_length, 0, {}
        for number in sorted(set(numbers)):
            start = self._start_of(start, len(self.content), number - known)
            known, found[number] = number, self._string_from(start, len(self.content))
        return [found[number] for number in numbers]

    def number_of_name(self, name: str) -> int | None:
        """Return where a name stands in `names`; None when it does not occur."""
        if not name:
            return 0
        end = self._names_at + self._names_length
        names = self.content[self._names_at : end] + b"\0"
        place = names.find(b"\0" + name.encode("utf-8", "surrogatepass") + b"\0")
        return None if place < 0 else names.count(b"\0", 0, place) + 1

    @property
    def symbol_count(self) -> int:
        """How many definitions there are."""
        return self._counts[0]

    @property
    def reference_count(self) -> int:
        """How many uses of names there are."""
        return self._counts[1]

    @property
    def has_problems(self) -> bool:
        """Whether something does not parse, or the text was not read."""
        return self._counts[4] > 0 or self._not_parsed > 0

    def symbol_column(self, column: str) -> memoryview:
        """Return one of `SYMBOL_COLUMNS`, as 32-bit numbers."""
        return self._column(0, column)

    def reference_column(self, column: str) -> memoryview:
        """Return one of `REFERENCE_COLUMNS`, as 32-bit numbers."""
        return self._column(1, column)

    def symbol_row(self, row: int) -> Row:
        """Return what all of `SYMBOL_COLUMNS` say of one definition."""
        end = _HEADER.size + self._counts[0] * _WIDTHS[0]
        table = memoryview(self.content)[_HEADER.size : end].cast("I")
        return table[row :: self._counts[0]].tolist()

    @property
    def reference_roles(self) -> memoryview:
        """Of each reference the role, one byte: an index into `ROLES`."""
        return memoryview(self.content)[self._names_at - self._counts[1] : self._names_at]

    def import_column(self, column: str) -> memoryview:
        """Return one of `IMPORT_COLUMNS`, as 32-bit numbers."""
        return self._column(2, column)

    def binding_column(self, column: str) -> memoryview:
        """Return one of `BINDING_COLUMNS`, as 32-bit numbers."""
        return self._column(3, column)

    def problem_column(self, column: str) -> memoryview:
        """Return one of `PROBLEM_COLUMNS`, as 32-bit numbers."""
        return self._column(4, column)

    @property
    def _names_at(self) -> int:
        return len(self.content) - self._strings_length - self._names_length

    def _column(self, table: int, column: str) -> memoryview:
        start = _HEADER.size
        for rows, columns in zip(self._counts[:table], _TABLES[:table], strict=True):
            start += rows * len(columns) * _WORD
        length = self._counts[table] * _WORD
        start += _TABLES[table].index(column) * length
        return memoryview(self.content)[start : start + length].cast("I")

    def _split(self, start: int, length: int) -> list[str]:
        return self.content[start : start + length].decode("utf-8", "surrogatepass").split("\0")

    def _start_of(self, start: int, end: int, number: int) -> int:
        """Return where a string of a pool begins: halves are counted through until it is near."""
        content, upper = self.content, end
        while number > _NEAR:
            middle = (start + upper) // 2
            count = content.count(b"\0", start, middle)
            if count < number:
                start, number = middle, number - count
            else:
                upper = middle
        for _ in range(number):
            start = content.index(b"\0", start, end) + 1
        return start

    def _string_from(self, start: int, end: int) -> str:
        stop = self.content.find(b"\0", start, end)
        return self.content[start : stop if stop >= 0 else end].decode("utf-8", "surrogatepass")


def pack(rows: OutlineRows) -> PackedOutline:
    """Return an outline as columns."""
    language, not_parsed = rows.strings[rows.language], rows.strings[rows.not_parsed]
    names = _joined(rows.names, b"\0", "\ufffd".encode())
    strings = _joined(rows.strings, "\0", "\ufffd").encode("utf-8", "surrogatepass")
    starts = rows.references[1]
    tables = (rows.symbols, starts, rows.imports, rows.bindings, rows.problems)
    counts = [len(table) for table in tables]
    header = _HEADER.pack(_MAGIC, *counts, len(names), len(strings), language, not_parsed)
    parts = (
        header,
        _columns(rows.symbols),
        *(array("I", column).tobytes() for column in rows.references),
        _columns(rows.imports),
        _columns(rows.bindings),
        _columns(rows.problems),
        rows.roles,
        names,
        strings,
    )
    return PackedOutline(b"".join(parts))


def unpack(packed: PackedOutline, path: str, digest: str) -> FileOutline:
    """Return an outline as values, said of a file."""
    return _Unpacking(packed, path).outline(digest)


def unpack_symbols(packed: PackedOutline, path: str, rows: Sequence[int]) -> list[Symbol]:
    """Return some of an outline's definitions, by their rows."""
    return list(_Unpacking(packed, path).symbols(rows))


def unpack_references(packed: PackedOutline, path: str, rows: Iterable[int]) -> list[Reference]:
    """Return some of an outline's uses of names, by their rows."""
    return list(_Unpacking(packed, path).references(rows))


def unpack_imports(packed: PackedOutline) -> list[Import]:
    """Return what an outline's file imports."""
    return list(_Unpacking(packed, "").imports())


def unpack_problems(packed: PackedOutline) -> list[SyntaxProblem]:
    """Return what of an outline's file does not parse."""
    return list(_Unpacking(packed, "").problems())


class _Unpacking:
    """One outline on its way to values."""

    def __init__(self, packed: PackedOutline, path: str) -> None:
        self._packed = packed
        self._path = path

    @cached_property
    def _names(self) -> list[str]:
        return self._packed.names

    @cached_property
    def _strings(self) -> list[str]:
        return self._packed.strings

    def outline(self, digest: str) -> FileOutline:
        return FileOutline(
            path=self._path,
            digest=digest,
            language=self._packed.language,
            symbols=tuple(self.symbols(range(self._packed.symbol_count))),
            references=tuple(self.references(range(self._packed.reference_count))),
            imports=tuple(self.imports()),
            bindings=tuple(self._bindings()),
            problems=tuple(self.problems()),
            not_parsed=self._packed.not_parsed,
        )

    def symbols(self, rows: Sequence[int]) -> Iterable[Symbol]:
        packed, is_few = self._packed, len(rows) <= _FEW
        name_of = packed.name if is_few else self._names.__getitem__
        for row in rows:
            name, qualified, _, kind, *values = packed.symbol_row(row)
            start, end, name_start, name_end, *body, signature, doc = values
            texts = qualified, signature, doc
            said = packed.some_strings(texts) if is_few else [self._strings[at] for at in texts]
            yield Symbol(
                qualified_name=said[0],
                name=name_of(name),
                kind=KINDS[kind & ~TEST_FLAG],
                path=self._path,
                range=TextRange(start, end),
                name_range=TextRange(name_start, name_end),
                signature=said[1],
                doc=said[2],
                body_range=TextRange(*body) if body[0] <= body[1] else None,
                is_test=bool(kind & TEST_FLAG),
            )

    def references(self, rows: Iterable[int]) -> Iterable[Reference]:
        packed, names = self._packed, self._names
        name_ids, starts, receivers = map(packed.reference_column, REFERENCE_COLUMNS)
        roles = packed.reference_roles
        for row in rows:
            name, start = names[name_ids[row]], starts[row]
            text_range = TextRange(start, start + len(name))
            role = ROLES[roles[row]]
            yield Reference(name, self._path, text_range, role, names[receivers[row]])

    def imports(self) -> Iterable[Import]:
        packed, names = self._packed, self._names
        columns = map(packed.import_column, IMPORT_COLUMNS)
        for module, name, alias, start, end in zip(*columns, strict=True):
            yield Import(names[module], names[name], names[alias], TextRange(start, end))

    def _bindings(self) -> Iterable[Binding]:
        packed, names = self._packed, self._names
        columns = map(packed.binding_column, BINDING_COLUMNS)
        for name, type_id, start, scope in zip(*columns, strict=True):
            yield Binding(names[name], names[type_id], start, scope - 1)

    def problems(self) -> Iterable[SyntaxProblem]:
        columns = map(self._packed.problem_column, PROBLEM_COLUMNS)
        for start, end, message in zip(*columns, strict=True):
            yield SyntaxProblem(TextRange(start, end), self._strings[message])


_TABLES = (SYMBOL_COLUMNS, REFERENCE_COLUMNS, IMPORT_COLUMNS, BINDING_COLUMNS, PROBLEM_COLUMNS)
_WIDTHS = [len(columns) * _WORD for columns in _TABLES]


def _columns(rows: list[Row]) -> bytes:
    if not rows:
        return b""
    return array("I", chain.from_iterable(zip(*rows, strict=True))).tobytes()


def _joined(strings: Collection[AnyStr], nul: AnyStr, instead: AnyStr) -> AnyStr:
    """Return all strings, with NUL between them and in none of them."""
    joined = nul.join(strings)
    if joined.count(nul) >= len(strings):
        joined = nul.join(string.replace(nul, instead) for string in strings)
    return joined
