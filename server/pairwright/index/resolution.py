"""What does a name mean, and who uses a definition? As well as it can be told without types.

Scopes, imports and the types that are written down decide; every answer says how sure it is. A
name that a file binds locally means no definition of the index.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pairwright.index.index import Index
from pairwright.index.resolving.evaluation import Confidence, Evaluator, Meaning
from pairwright.index.resolving.files import TYPES
from pairwright.index.resolving.names import FileNamesCache
from pairwright.index.resolving.uses import FileUses
from pairwright.syntax.languages.registry import is_test_path
from pairwright.syntax.outline import Reference, ReferenceRole, Symbol, SymbolKind
from pairwright.syntax.packing import unpack_references
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath

__all__ = [
    "Confidence",
    "Resolved",
    "ResolvedReference",
    "bases_of",
    "callees_of",
    "callers_of",
    "definition_at",
    "overrides_of",
    "references_to",
    "subclasses_of",
    "subjects_of",
    "targets_of_file",
    "tests_of",
]

MAX_RELATIVES = 300
"""Subclasses, and callers on the way to tests, that are followed."""
_CONSTRUCTORS = frozenset({"__init__", "__new__", "constructor"})
MAX_STEPS_TO_TEST = 3
"""Calls between a test and what it tests."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A definition that a name means; a whole file is a symbol of the kind MODULE."""

    symbol: Symbol
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ResolvedReference:
    """A use of a definition."""

    reference: Reference
    confidence: Confidence


def definition_at(index: Index, path: WorkspacePath, offset: int) -> tuple[Resolved, ...]:
    """Return what the name at a place means, or the definition whose own name stands there."""
    outline = index.outlines.get(path)
    if outline is None:
        return ()
    here = tuple(
        Resolved(symbol, Confidence.EXACT)
        for symbol in outline.symbols
        if symbol.name_range.start <= offset <= symbol.name_range.end
    )
    if here:
        return here
    for position, reference in enumerate(outline.references):
        if reference.range.start <= offset <= reference.range.end and (
            offset < reference.range.end or not _starts_at(outline.references, position, offset)
        ):
            return _resolved(index, path, (reference,))[0]
    return ()


def targets_of_file(index: Index, path: WorkspacePath) -> tuple[tuple[Resolved, ...], ...]:
    """Return what each reference of a file means, in the order of its outline's references."""
    outline = index.outlines.get(path)
    return () if outline is None else _resolved(index, path, outline.references)


def references_to(index: Index, symbol: Symbol) -> tuple[ResolvedReference, ...]:
    """Return every use of a definition, by path and place; imports are uses.

    Definitions of one qualified name in one file are one: overloads, a property and its setter. A
    call of a class is a use of its constructor.
    """
    own = _uses(index, _meaning_of(symbol))
    holder, _, name = symbol.qualified_name.rpartition(".")
    if name in _CONSTRUCTORS and holder:
        calls = _constructions(index, Meaning(symbol.path, holder), name)
        own = sorted(
            [*own, *calls], key=lambda each: (each.reference.path, each.reference.range.start)
        )
    return tuple(own)


def callers_of(index: Index, symbol: Symbol) -> tuple[Resolved, ...]:
    """Return the functions, classes and files from whose code a definition is called."""
    return _around(index, references_to(index, symbol), frozenset({ReferenceRole.CALL}))


def callees_of(index: Index, symbol: Symbol) -> tuple[Resolved, ...]:
    """Return what a definition's code calls, in its order."""
    calls = [
        reference
        for reference in index.outlines[WorkspacePath(symbol.path)].references
        if reference.role is ReferenceRole.CALL
        and symbol.range.start <= reference.range.start < symbol.range.end
    ]
    targets = _resolved(index, WorkspacePath(symbol.path), calls)
    return _surest(target for each in targets for target in each)


def bases_of(index: Index, symbol: Symbol) -> tuple[Resolved, ...]:
    """Return the classes that a class names as its bases."""
    evaluator = _evaluator(index)
    bases, _ = evaluator.bases(_meaning_of(symbol))
    return tuple(_symbols(evaluator, ((base, Confidence.EXACT) for base in bases)))


def subclasses_of(index: Index, symbol: Symbol) -> tuple[Resolved, ...]:
    """Return the classes that name a class as a base."""
    heirs = _around(index, references_to(index, symbol), frozenset({ReferenceRole.INHERIT}))
    return tuple(each for each in heirs if each.symbol.kind in TYPES)


def overrides_of(index: Index, symbol: Symbol) -> tuple[Resolved, ...]:
    """Return the members of the classes below that stand in for a member of a class."""
    evaluator = _evaluator(index)
    holder_name, _, name = symbol.qualified_name.rpartition(".")
    holders = evaluator.symbols_of(Meaning(symbol.path, holder_name)) if holder_name else []
    waiting = [Resolved(each, Confidence.EXACT) for each in holders[:1]]
    seen = {_meaning_of(each.symbol) for each in waiting}
    found: list[tuple[Meaning, Confidence]] = []
    while waiting and len(seen) <= MAX_RELATIVES:
        current = waiting.pop(0)
        for heir in subclasses_of(index, current.symbol):
            meaning = _meaning_of(heir.symbol)
            if meaning in seen:
                continue
            seen.add(meaning)
            confidence = min(heir.confidence, current.confidence)
            waiting.append(Resolved(heir.symbol, confidence))
            own = Meaning(meaning.path, f"{meaning.qualified_name}.{name}")
            found.append((own, confidence))
    return tuple(_symbols(evaluator, found))


def tests_of(index: Index, target: Symbol | WorkspacePath) -> tuple[Resolved, ...]:
    """Return the tests that reach a definition, or anything of a file, nearest first.

    Calls are followed backwards over a few steps; tests of a file that only imports what is meant
    come last, as BY_NAME.
    """
    if isinstance(target, Symbol):
        path, starts = WorkspacePath(target.path), [target]
    else:
        outline = index.outlines.get(target)
        path, starts = target, list(outline.symbols) if outline else []
    found = dict(_reaching_tests(index, starts))
    for importer in index.files_importing(path):
        if is_test_path(importer):
            for symbol in index.outlines[importer].symbols:
                if symbol.is_test:
                    found.setdefault(symbol, Confidence.BY_NAME)
    return tuple(Resolved(symbol, confidence) for symbol, confidence in found.items())


def subjects_of(index: Index, test: Symbol) -> tuple[Resolved, ...]:
    """Return the definitions outside of tests that a test uses, in its order."""
    path = WorkspacePath(test.path)
    uses = [
        reference
        for reference in index.outlines[path].references
        if test.range.start <= reference.range.start < test.range.end
    ]
    targets = (target for each in _resolved(index, path, uses) for target in each)
    return _surest(each for each in targets if not is_test_path(each.symbol.path))


class _Kept(threading.local):
    """What one thread found last; an evaluation is not for two threads at once."""

    def __init__(self) -> None:
        self.files = FileNamesCache()
        self.evaluator: Evaluator | None = None


_KEPT = _Kept()


def _evaluator(index: Index) -> Evaluator:
    evaluator = _KEPT.evaluator
    if evaluator is None or evaluator.index is not index:
        evaluator = _KEPT.evaluator = Evaluator(index, _KEPT.files)
    return evaluator


def _uses(index: Index, wanted: Meaning) -> list[ResolvedReference]:
    evaluator = _evaluator(index)
    name = wanted.qualified_name.rpartition(".")[2]
    found = []
    for path in index.files_with(name):
        names = evaluator.file(path)
        if names is None:
            continue
        called = names.names_for(name)
        uses = _references_called(index, path, called)
        for use, targets in zip(uses, FileUses(evaluator, names).targets(uses), strict=True):
            confidences = [target.confidence for target in targets if target.meaning == wanted]
            if confidences:
                found.append(ResolvedReference(use, max(confidences)))
    return found


def _constructions(index: Index, holder: Meaning, name: str) -> Iterator[ResolvedReference]:
    """Give the calls of a class, and of those below that have no constructor of their own."""
    evaluator = _evaluator(index)
    waiting, seen = [holder], {holder}
    while waiting and len(seen) <= MAX_RELATIVES:
        uses = _uses(index, waiting.pop(0))
        yield from (each for each in uses if each.reference.role is ReferenceRole.CALL)
        for heir in _around(index, uses, frozenset({ReferenceRole.INHERIT})):
            meaning = _meaning_of(heir.symbol)
            constructor = Meaning(meaning.path, f"{meaning.qualified_name}.{name}")
            if meaning not in seen and not evaluator.symbols_of(constructor):
                seen.add(meaning)
                waiting.append(meaning)


def _resolved(
    index: Index, path: WorkspacePath, references: Iterable[Reference]
) -> tuple[tuple[Resolved, ...], ...]:
    evaluator = _evaluator(index)
    names = evaluator.file(path)
    if names is None:
        return tuple(() for _ in references)
    known: dict[tuple[Meaning, Confidence], tuple[Resolved, ...]] = {}
    resolved = []
    for targets in FileUses(evaluator, names).targets(references):
        found: tuple[Resolved, ...] = ()
        for target in targets:
            key = (target.meaning, target.confidence)
            if key not in known:
                known[key] = tuple(_symbols(evaluator, (key,)))
            found += known[key]
        resolved.append(found)
    return tuple(resolved)


def _symbols(
    evaluator: Evaluator, meanings: Iterable[tuple[Meaning, Confidence]]
) -> Iterator[Resolved]:
    for meaning, confidence in meanings:
        if meaning.qualified_name:
            for symbol in evaluator.symbols_of(meaning):
                yield Resolved(symbol, confidence)
        elif not meaning.path.endswith("/"):
            yield Resolved(_module(meaning.path), confidence)


def _module(path: str) -> Symbol:
    """Return the symbol that stands for a whole file."""
    nowhere = TextRange(0, 0)
    return Symbol("", "", SymbolKind.MODULE, path, nowhere, nowhere, path, "")


def _around(
    index: Index, uses: Iterable[ResolvedReference], roles: frozenset[ReferenceRole]
) -> tuple[Resolved, ...]:
    """Return the definitions in which uses of these roles stand."""
    evaluator = _evaluator(index)
    found = []
    for use in uses:
        names = evaluator.file(use.reference.path)
        if use.reference.role in roles and names is not None:
            around = names.symbol_around(use.reference.range.start)
            found.append(Resolved(around or _module(names.path), use.confidence))
    return _surest(found)


def _surest(resolved: Iterable[Resolved]) -> tuple[Resolved, ...]:
    """Return each definition once, with its highest confidence."""
    found: dict[Symbol, Confidence] = {}
    for each in resolved:
        found[each.symbol] = max(each.confidence, found.get(each.symbol, each.confidence))
    return tuple(Resolved(symbol, confidence) for symbol, confidence in found.items())


def _reaching_tests(index: Index, starts: Iterable[Symbol]) -> Iterator[tuple[Symbol, Confidence]]:
    """Give the tests on the way back along the uses of some definitions."""
    waiting = [(symbol, Confidence.EXACT, 0) for symbol in starts]
    seen = {_meaning_of(symbol) for symbol, _, _ in waiting}
    while waiting and len(seen) <= MAX_RELATIVES:
        symbol, confidence, steps = waiting.pop(0)
        for user in _around(index, references_to(index, symbol), frozenset(ReferenceRole)):
            meaning = _meaning_of(user.symbol)
            if meaning in seen or not meaning.qualified_name:
                continue
            seen.add(meaning)
            sure = min(confidence, user.confidence)
            if user.symbol.is_test and is_test_path(user.symbol.path):
                yield user.symbol, sure
            elif steps + 1 < MAX_STEPS_TO_TEST and sure > Confidence.BY_NAME:
                waiting.append((user.symbol, sure, steps + 1))


def _meaning_of(symbol: Symbol) -> Meaning:
    return Meaning(symbol.path, symbol.qualified_name)


def _references_called(
    index: Index, path: WorkspacePath, called: frozenset[str]
) -> list[Reference]:
    """Return a file's uses of some names, in its order."""
    packed = index.packed[path]
    if packed is None:
        return []
    numbers = [number for name in called if (number := packed.number_of_name(name)) is not None]
    rows = np.flatnonzero(np.isin(np.asarray(packed.reference_column("name")), numbers))
    return unpack_references(packed, path, rows.tolist())


def _starts_at(references: tuple[Reference, ...], position: int, offset: int) -> bool:
    following = references[position + 1 : position + 2]
    return bool(following) and following[0].range.start == offset
