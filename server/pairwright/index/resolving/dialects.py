"""What must be known of a language to tell what its names mean? Data, one row a language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How names are looked up in one language."""

    own_object: frozenset[str] = frozenset({"this"})
    """The words for the object whose method this is."""
    parent_object: frozenset[str] = frozenset({"super"})
    """The words for the same object, seen as one of its parent class."""
    are_members_bare: bool = True
    """Methods name the members of their class without a receiver."""
    are_headers_outside: bool = False
    """What stands before a function's body is looked up around it."""
    is_own_object_bound: bool = False
    """The own object is a parameter, and only that."""
    are_imports_explicit: bool = False
    """A name of another file is imported by name, or is not seen."""
    is_scripted: bool = False
    """Types, signatures and patterns are written as in TypeScript, and no bare name in the body of
    a class means a member of it."""


_PYTHON = Dialect(
    own_object=frozenset({"self", "cls", "mcs"}),
    parent_object=frozenset({"super()"}),
    are_members_bare=False,
    are_headers_outside=True,
    is_own_object_bound=True,
    are_imports_explicit=True,
)
_SCRIPT = Dialect(are_members_bare=False, are_imports_explicit=True, is_scripted=True)
_SELF = Dialect(own_object=frozenset({"self", "Self"}), are_members_bare=False)
_BY_LANGUAGE: Mapping[str, Dialect] = {
    "python": _PYTHON,
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "rust": _SELF,
    "ruby": Dialect(own_object=frozenset({"self"})),
    "swift": Dialect(own_object=frozenset({"self", "Self"})),
    "php": Dialect(
        own_object=frozenset({"$this", "this", "self", "static"}),
        parent_object=frozenset({"parent"}),
        are_members_bare=False,
    ),
    "csharp": Dialect(parent_object=frozenset({"base"})),
    "lua": Dialect(own_object=frozenset({"self"}), are_members_bare=False),
}
_OTHERS = Dialect()


def dialect_of(language: str | None) -> Dialect:
    """Return how a language looks names up."""
    return _BY_LANGUAGE.get(language or "", _OTHERS)


_COMMON_METHODS = """
add append apply as_posix astimezone bind call capitalize catch cancel clear close collect concat
contains copy count create data debug decode delete difference discard each empty encode endswith
entries equals error every exists exit extend fill filter find findall finditer finish first
flatMap flush forEach format fullmatch get getattr group groups has hasOwnProperty hashCode id
includes index indexOf info insert intersection isEmpty isdigit items iter iterator join key keys
last len length lines ljust log lower lstrip main map match matches max message min name new next
next_tick now of open parse partition path pop popitem push put read readline readlines reduce
register release remove render replace reset resolve result reverse rfind rjust rpartition rsplit
rstrip run save search seek send set setdefault shift size slice some sort split splitlines start
startswith stop strip sub substr substring sum symmetric_difference tell test text then title
toString to_s to_string trim truncate type union unlink unshift unwrap update upper url value
valueOf values wait warn warning write writelines
"""
COMMON_METHODS = frozenset(_COMMON_METHODS.split())
"""Names that the built-in types of some language have: they say nothing about their receiver."""
