"""Who uses a name, and which definition is around that use? By name alone, out of columns.

For following uses backwards, thousands of names at a time; what a use means is told, where that
matters, by `index.resolution`.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pairwright.checks.symbol_changes import FUNCTIONS, TYPES
from pairwright.index.index import Index
from pairwright.index.resolving.dialects import Dialect, dialect_of
from pairwright.syntax.languages.registry import is_test_path
from pairwright.syntax.outline import ReferenceRole, Symbol
from pairwright.syntax.packing import KINDS, ROLES, TEST_FLAG, PackedOutline
from pairwright.workspace.paths import WorkspacePath

_CALL = ROLES.index(ReferenceRole.CALL)
_INHERIT = ROLES.index(ReferenceRole.INHERIT)
_IMPORT = ROLES.index(ReferenceRole.IMPORT)
_TYPE = ROLES.index(ReferenceRole.TYPE)
_FUNCTION_KINDS = frozenset(KINDS.index(kind) for kind in FUNCTIONS)
_TYPE_KINDS = frozenset(KINDS.index(kind) for kind in TYPES)
_MAX_KIN = 200
_PLAIN_DECORATOR_NAMES = """
abstractmethod asynccontextmanager cache cached_property classmethod contextmanager
dataclass deprecated final fixture getter lru_cache overload override parametrize property setter
staticmethod total_ordering wraps
"""
_PLAIN_DECORATORS = frozenset(_PLAIN_DECORATOR_NAMES.split())
"""What they decorate is found by its own name only."""
_PLAIN_BASE_NAMES = """
object Exception BaseException ValueError TypeError KeyError RuntimeError LookupError ABC Generic
Protocol NamedTuple TypedDict Enum IntEnum StrEnum
"""
_PLAIN_BASES = frozenset(_PLAIN_BASE_NAMES.split())
"""They call nothing that classes below them define, but for what has no name of its own."""


@dataclass(frozen=True, slots=True)
class Definition:
    """As much of a symbol as it takes to find who uses it."""

    qualified_name: str
    name: str
    path: WorkspacePath
    start: int
    name_start: int

    @classmethod
    def of(cls, symbol: Symbol) -> "Definition":
        """Return what stands for a symbol."""
        path, starts = WorkspacePath(symbol.path), (symbol.range.start, symbol.name_range.start)
        return cls(symbol.qualified_name, symbol.name, path, *starts)


@dataclass(frozen=True, slots=True)
class NameUse:
    """A place where a name is used."""

    path: WorkspacePath
    around: Definition | None
    """The outermost function, else the innermost definition, that it is in."""
    is_run_at_import: bool
    alias: str = ""
    """What the file calls it, when it imports it under another name."""


class NameUses:
    """Finds the uses of names in one index. Not for two threads at once."""

    def __init__(self, index: Index) -> None:
        """Read nothing yet."""
        self._index = index
        self._files: dict[WorkspacePath, _File | None] = {}
        self._holds_tests: dict[WorkspacePath, bool] = {}
        self._kin: dict[str, frozenset[str] | None] = {}
        self.count = 0
        """How many uses were looked at."""

    def of(self, name: str, path: WorkspacePath, *, holder: str) -> Iterator[NameUse]:
        """Give the uses of a definition's name, imports and types aside.

        Args:
            name: its own.
            path: where it is defined.
            holder: the qualified name of the class that it belongs to; empty: of none.
        """
        kin = self._kin_of(holder) if holder else None
        for user in self._index.files_with(name):
            file = self._file(user)
            if file is not None:
                yield from self._in(file, name, path, is_member=bool(holder), kin=kin)

    def _in(
        self,
        file: "_File",
        name: str,
        path: WorkspacePath,
        *,
        is_member: bool,
        kin: frozenset[str] | None,
    ) -> Iterator[NameUse]:
        number = file.packed.number_of_name(name)
        if not number:
            return
        is_elsewhere = file.path != path and file.dialect.are_imports_explicit
        aliases = file.aliases_of(number)
        for alias in aliases:
            yield NameUse(file.path, None, False, alias)
        # In another file, a bare name is that of a definition only if it is imported.
        takes_bare = not is_elsewhere or (
            not is_member and (file.imports(number) or is_test_path(path))
        )
        for row in np.flatnonzero(file.names == number).tolist():
            role = file.roles[row]
            if role in (_IMPORT, _TYPE):
                continue
            receiver = file.receivers[row]
            if not (receiver or takes_bare):
                continue
            self.count += 1
            if receiver and self._is_of_others(file, receiver, file.starts[row], kin):
                continue
            yield file.use_at(file.starts[row], role)

    def _is_of_others(
        self, file: "_File", receiver: int, offset: int, kin: frozenset[str] | None
    ) -> bool:
        """Tell whether what stands before a name says that another definition is meant."""
        if file.is_outside(receiver, self._modules):
            return True
        if kin is None or not file.is_own_object(receiver):
            return False
        holder = file.class_around(offset)
        return holder is not None and holder not in kin

    @cached_property
    def _modules(self) -> frozenset[str]:
        """The names under which something of the workspace could be imported."""
        names = set()
        for layer in self._index.layers:
            for file in layer.files():
                names.update(file.path.replace(".", "/").split("/"))
        return frozenset(names)

    def _kin_of(self, holder: str) -> frozenset[str] | None:
        """Return the names of the classes whose objects may have a class's members; None: many."""
        name = holder.rpartition(".")[2]
        if name not in self._kin:
            found, waiting = {name}, [name]
            while waiting and len(found) <= _MAX_KIN:
                current = waiting.pop()
                for other in self._kin_beside(current):
                    if other not in found and other not in _PLAIN_BASES:
                        found.add(other)
                        waiting.append(other)
            kin = None if waiting else frozenset(found)
            self._kin.update(dict.fromkeys(found if kin else [name], kin))
        return self._kin[name]

    def _kin_beside(self, name: str) -> Iterator[str]:
        """Give the classes right below and right above those of a name."""
        for path in self._index.files_with(name):
            file = self._file(path)
            number = file.packed.number_of_name(name) if file is not None else None
            if file is not None and number:
                called = {number, *file.alias_numbers_of(number)}
                yield from (heir for heir, base in file.heirs if base in called)
                yield from file.bases_of(name)

    def _is_class(self, name: str) -> bool:
        number = self._index.names.number(name)
        return number is not None and any(
            file.packed is not None and file.packed.symbol_column("kind")[row] in _TYPE_KINDS
            for layer in self._index.layers
            for file, rows in layer.definitions_of(number)
            for row in rows
        )

    def is_registered(self, definition: Definition) -> bool:
        """Tell whether a decorator may hand a definition to someone who calls it by no name."""
        file = self._file(definition.path)
        if file is None or not file.dialect.are_imports_explicit:
            return False
        names = file.called_between(definition.start, definition.name_start)
        return bool(names - _PLAIN_DECORATORS)

    def has_unseen_base(self, path: WorkspacePath, holder: str) -> bool:
        """Tell whether a class has a base outside of the workspace, which may call its methods."""
        file = self._file(path)
        return file is not None and any(
            not self._is_class(base) for base in file.bases_of(holder) - _PLAIN_BASES
        )

    def holds_tests(self, path: WorkspacePath) -> bool:
        """Tell whether a file holds tests, and not only what they need."""
        if path not in self._holds_tests:
            file = self._index.files.get(path) if is_test_path(path) else None
            kinds = file.packed.symbol_column("kind") if file and file.packed else []
            self._holds_tests[path] = bool((np.asarray(kinds, np.uint32) & TEST_FLAG).any())
        return self._holds_tests[path]

    def is_automatic(self, path: WorkspacePath) -> bool:
        """Tell whether a file holds what tests use without naming it."""
        file = self._file(path)
        return file is not None and b"autouse" in file.packed.content

    def _file(self, path: WorkspacePath) -> "_File | None":
        if path not in self._files:
            file = self._index.files.get(path)
            packed = file.packed if file is not None else None
            dialect = dialect_of(file.language if file is not None else None)
            self._files[path] = _File(path, packed, dialect) if packed is not None else None
        return self._files[path]


class _File:
    """The columns of one file's outline."""

    def __init__(self, path: WorkspacePath, packed: PackedOutline, dialect: Dialect) -> None:
        self.path = path
        self.packed = packed
        self.dialect = dialect
        self.names = np.asarray(packed.reference_column("name"))
        self.starts = packed.reference_column("start")
        self.receivers = packed.reference_column("receiver")
        self.roles = packed.reference_roles
        self._begins = packed.symbol_column("start").tolist()
        self._ends = packed.symbol_column("end")
        self._parents = packed.symbol_column("parent")
        self._kinds = packed.symbol_column("kind")
        self._bodies = packed.symbol_column("body_start")
        columns = ("qualified_name", "name", "start", "name_start")
        self._columns = [packed.symbol_column(column) for column in columns]
        self._definitions: dict[int, Definition] = {}
        self._is_outside: dict[int, bool] = {}

    def use_at(self, offset: int, role: int) -> NameUse:
        inner = row = self._row_around(offset)
        if row < 0:
            return NameUse(self.path, None, True)
        outer = -1
        while row >= 0:
            if self._kinds[row] & ~TEST_FLAG in _FUNCTION_KINDS:
                outer = row
            row = self._parents[row] - 1
        around = outer if outer >= 0 else inner
        is_in_body = outer >= 0 and self._bodies[outer] <= offset
        return NameUse(self.path, self._definition(around), role == _CALL and not is_in_body)

    def called_between(self, start: int, end: int) -> set[str]:
        first, last = (int(np.searchsorted(self.starts, each)) for each in (start, end))
        rows = range(first, last)
        return {self._name(int(self.names[row])) for row in rows if self.roles[row] == _CALL}

    def bases_of(self, holder: str) -> set[str]:
        last = holder.rpartition(".")[2]
        return {self._name(base) for heir, base in self.heirs if heir == last}

    @cached_property
    def heirs(self) -> list[tuple[str, int]]:
        """The names of classes, each with the number of a name that it inherits from."""
        found = []
        for row in np.flatnonzero(np.frombuffer(self.roles, np.uint8) == _INHERIT).tolist():
            around = self._row_around(self.starts[row])
            if around >= 0:
                base = self._name(int(self.names[row])).rpartition(".")[2]
                number = self.packed.number_of_name(base)
                found.append((self._definition(around).name, number or int(self.names[row])))
        return found

    def imports(self, number: int) -> bool:
        """Tell whether a file imports a name, or everything of some file."""
        names = self.packed.import_column("name")
        return number in names or self.packed.number_of_name("*") in names

    def aliases_of(self, number: int) -> list[str]:
        return [self._name(each) for each in self.alias_numbers_of(number)]

    def alias_numbers_of(self, number: int) -> set[int]:
        names, aliases = map(self.packed.import_column, ("name", "alias"))
        return {
            alias
            for name, alias in zip(names, aliases, strict=True)
            if name == number and alias not in (0, number)
        }

    def is_own_object(self, receiver: int) -> bool:
        return self._name(receiver) in (*self.dialect.own_object, *self.dialect.parent_object)

    def is_outside(self, receiver: int, modules: frozenset[str]) -> bool:
        """Tell whether a receiver begins with a module that is not of the workspace."""
        if receiver not in self._is_outside:
            first = self._name(receiver).partition(".")[0]
            self._is_outside[receiver] = first in self._modules and (
                self._modules[first] not in modules
            )
        return self._is_outside[receiver]

    @cached_property
    def _modules(self) -> dict[str, str]:
        """Of what the file calls its imported modules the outermost part of their names."""
        if not self.dialect.are_headers_outside:
            return {}
        columns = map(self.packed.import_column, ("module", "name", "alias"))
        return {
            self._name(alias): self._name(module).partition(".")[0]
            for module, name, alias in zip(*columns, strict=True)
            if not name and not self._name(module).startswith(".")
        }

    def class_around(self, offset: int) -> str | None:
        """Return the name of the innermost class around a place."""
        row = self._row_around(offset)
        while row >= 0:
            if self._kinds[row] & ~TEST_FLAG in _TYPE_KINDS:
                return self._definition(row).name
            row = self._parents[row] - 1
        return None

    def _name(self, number: int) -> str:
        return self._names[number]

    @cached_property
    def _names(self) -> list[str]:
        return self.packed.names

    def _row_around(self, offset: int) -> int:
        row = bisect_right(self._begins, offset) - 1
        while row >= 0 and self._ends[row] <= offset:
            row = self._parents[row] - 1
        return row

    def _definition(self, row: int) -> Definition:
        if row not in self._definitions:
            qualified_name, name, start, name_start = (column[row] for column in self._columns)
            self._definitions[row] = Definition(
                self._strings[qualified_name], self._names[name], self.path, start, name_start
            )
        return self._definitions[row]

    @cached_property
    def _strings(self) -> list[str]:
        return self.packed.strings
