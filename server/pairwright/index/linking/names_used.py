"""Which names does one file define and use, in numbers?

Numbers let a whole workspace's names be joined in bulk. Names of different languages have different
numbers: a key of Python and a function of Java are not the same because they are called alike.
"""

import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pairwright.syntax.outline import ReferenceRole, SymbolKind
from pairwright.syntax.packing import KINDS, ROLES, TEST_FLAG, PackedOutline

Numbers = NDArray[np.int32]
Weights = NDArray[np.float32]

PLAIN, TELLING, PRIVATE, BUILTIN = 0, 1, 2, 3
"""What a name's spelling says: nothing, that it was made up for one thing, that it is not to be
used elsewhere, that things of the language itself have it."""

_TELLING_LENGTH = 8
_FAMILIES = {
    "typescript": "javascript",
    "tsx": "javascript",
    "cpp": "c",
    "kotlin": "java",
    "scala": "java",
}
"""Languages whose files use each other's names."""
_ROLE_WEIGHTS = {
    ReferenceRole.INHERIT: 4.0,
    ReferenceRole.CALL: 1.0,
    ReferenceRole.TYPE: 1.0,
    ReferenceRole.IMPORT: 1.0,
    ReferenceRole.READ: 0.5,
}
_WEIGHT_OF_ROLE = np.array([_ROLE_WEIGHTS[role] for role in ROLES])
_PYTHON_TYPES = (str, bytes, list, dict, set, int, float, Exception, type, io.TextIOWrapper)
_JAVASCRIPT_MEMBERS = """
apply bind call catch concat constructor entries every filter find findIndex flat forEach get has
includes indexOf join keys length map match pop push reduce replace reverse set shift size slice
some sort splice split startsWith substring test then toString trim unshift values
"""
_BUILTIN_MEMBERS = {
    "python": frozenset(name for each in _PYTHON_TYPES for name in dir(each)),
    "javascript": frozenset(_JAVASCRIPT_MEMBERS.split()),
}
_NOT_LINKED = (SymbolKind.KEY, SymbolKind.SECTION)
"""No code names them."""
_IS_LINKED = np.array([kind not in _NOT_LINKED for kind in KINDS])


class NameNumbers:
    """Gives each name of each family of languages a number; only ever grows. Safe with threads."""

    def __init__(self) -> None:
        """Start with no name."""
        self._lock = Lock()
        self._families: dict[str, _Family] = {}
        self._traits = bytearray()

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._traits)

    @property
    def traits(self) -> NDArray[np.uint8]:
        """Of each number what the name's spelling says."""
        return np.frombuffer(bytes(self._traits), np.uint8)

    def of(self, language: str) -> "_Family":
        """Return the numbers of a language's names; looking one up gives it a number."""
        family = _FAMILIES.get(language, language)
        if family not in self._families:
            builtin = _BUILTIN_MEMBERS.get(family, frozenset())
            self._families[family] = _Family(self._lock, self._traits, builtin)
        return self._families[family]

    def known(self, names: Iterable[str]) -> list[int]:
        """Return the numbers that names have in any language, without giving them any."""
        wanted = set(names)
        families = self._families.values()
        return [family[name] for family in families for name in wanted if name in family]

    def known_in(self, language: str, names: Iterable[str]) -> list[int]:
        """Return the numbers that names have in a language, without giving them any."""
        family = self.of(language)
        return [family[name] for name in names if name in family]


class _Family(dict[str, int]):
    """Names of languages that share them; a new name gets the next number."""

    def __init__(self, lock: Lock, traits: bytearray, builtin: frozenset[str]) -> None:
        super().__init__()
        self._builtin = builtin
        self._lock = lock
        self._traits = traits

    def __missing__(self, name: str) -> int:
        with self._lock:
            if name not in self:
                self._traits.append(BUILTIN if name in self._builtin else _trait(name))
                self[name] = len(self._traits) - 1
        return self[name]


@dataclass(frozen=True, slots=True, eq=False)
class FileNames:
    """What one file defines and uses: each name once, in the order in which the file has them."""

    defined: Numbers
    defined_at: Numbers
    """The defined names' places in the outline's own table."""
    used: Numbers
    weights: Weights
    """Of the used names: the root of how often, counted by role."""
    open_weights: Weights
    """The same, of the uses alone that may mean something in a file which is not imported."""


def file_names(packed: PackedOutline, numbers: NameNumbers) -> FileNames:
    """Return what an outline defines and uses."""
    names, language = packed.names, packed.language
    family = numbers.of(language)
    kinds = np.asarray(packed.symbol_column("kind")) % TEST_FLAG
    symbols = np.asarray(packed.symbol_column("name"))[_IS_LINKED[kinds]]
    is_defined = np.zeros(len(names), np.bool_)
    is_defined[symbols] = True
    references = np.asarray(packed.reference_column("name"))
    counted = _WEIGHT_OF_ROLE[np.asarray(packed.reference_roles)]
    uses = np.bincount(references, counted, minlength=len(names))
    if language == "python":
        counted = counted * _is_open(packed, names)
        open_uses = np.bincount(references, counted, minlength=len(names))
    else:
        open_uses = uses
    uses[0] = 0.0  # the empty name
    is_defined[0] = False
    defined_at, used_at = np.flatnonzero(is_defined), np.flatnonzero(uses)
    number_at = np.empty(len(names), np.int32)
    places = np.flatnonzero(is_defined | (uses > 0.0))
    wanted = map(names.__getitem__, places.tolist())
    number_at[places] = np.fromiter(map(family.__getitem__, wanted), np.int32, len(places))
    return FileNames(
        defined=number_at[defined_at],
        defined_at=defined_at.astype(np.int32),
        used=number_at[used_at],
        weights=np.sqrt(uses[used_at]).astype(np.float32),
        open_weights=np.sqrt(open_uses[used_at]).astype(np.float32),
    )


def _is_open(packed: PackedOutline, names: list[str]) -> NDArray[np.bool_]:
    """Tell of each of Python's references whether it may mean what was not imported.

    A bare name cannot, nor can what belongs to a module of the standard library.
    """
    columns = map(packed.import_column, ("module", "name", "alias"))
    modules = {
        names[alias] or names[module]
        for module, name, alias in zip(*columns, strict=True)
        if not name and names[module].partition(".")[0] in sys.stdlib_module_names
    }
    receivers = np.asarray(packed.reference_column("receiver"))
    is_open = np.zeros(len(names), np.bool_)
    is_open[receivers] = True
    is_open[0] = False
    for place in np.flatnonzero(is_open).tolist() if modules else ():
        is_open[place] = names[place].partition(".")[0] not in modules
    is_open_use: NDArray[np.bool_] = is_open[receivers]
    return is_open_use


def _trait(name: str) -> int:
    if name.startswith(("_", "#")):
        return PRIVATE
    is_composed = "_" in name or "-" in name or (name != name.lower() and name != name.upper())
    return TELLING if is_composed and len(name) >= _TELLING_LENGTH else PLAIN
