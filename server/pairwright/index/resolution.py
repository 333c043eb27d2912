"""What does a name mean, and who uses a definition? As well as it can be told without types.

Scopes, imports and the types that are written down decide; every answer says how sure it is. A
name that a file binds locally means no definition of the index. No question is followed without
end: what lies beyond the bounds counts as unknown. Safe in any thread.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pairwright.index.index import Index
from pairwright.index.resolving.bounds import ShouldStop, never
from pairwright.index.resolving.candidates import candidates_in
from pairwright.index.resolving.evaluation import Evaluator
from pairwright.index.resolving.files import TYPES
from pairwright.index.resolving.meanings import Confidence, Meaning, Meanings
from pairwright.index.resolving.uses import FileUses, namesakes
from pairwright.syntax.languages.registry import is_test_path
from pairwright.syntax.outline import Reference, ReferenceRole, Symbol, SymbolKind
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
    "module_of",
    "overrides_of",
    "references_to",
    "subclasses_of",
    "subjects_of",
    "targets_of",
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
            return targets_of(index, path, (reference,))[0]
    return ()


def targets_of_file(index: Index, path: WorkspacePath) -> tuple[tuple[Resolved, ...], ...]:
    """Return what each reference of a file means, in the order of its outline's references."""
    outline = index.outlines.get(path)
    return () if outline is None else targets_of(index, path, outline.references)


def targets_of(
    index: Index, path: WorkspacePath, references: Iterable[Reference]
) -> tuple[tuple[Resolved, ...], ...]:
    """Return what each of some references of a file means, in their order."""
    evaluator = Evaluator(index)
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


def module_of(path: str) -> Symbol:
    """Return the symbol that stands for a whole file."""
    nowhere = TextRange(0, 0)
    return Symbol("", "", SymbolKind.MODULE, path, nowhere, nowhere, path, "")


def references_to(
    index: Index, symbol: Symbol, *, should_stop: ShouldStop = never
) -> tuple[ResolvedReference, ...]:
    """Return every use of a definition, by path and place; imports are uses.

    Definitions of one qualified name in one file are one: overloads, a property and its setter. A
    call of a class is a use of its constructor.

    Args:
        index: where to look.
        symbol: one of its definitions.
        should_stop: asked at each file and every hundred uses; once it says so, only what was found
            by then is returned.
    """
    return _references_to(Evaluator(index, should_stop), symbol)


def _references_to(evaluator: Evaluator, symbol: Symbol) -> tuple[ResolvedReference, ...]:
    own = _uses(evaluator, _meaning_of(symbol))
    holder, _, name = symbol.qualified_name.rpartition(".")
    if name in _CONSTRUCTORS and holder:
        calls = _constructions(evaluator, Meaning(symbol.path, holder), name)
        own = sorted(
            [*own, *calls], key=lambda each: (each.reference.path, each.reference.range.start)
        )
    return tuple(own)


def callers_of(
    index: Index, symbol: Symbol, *, should_stop: ShouldStop = never
) -> tuple[Resolved, ...]:
    """Return the functions, classes and files from whose code a definition is called."""
    evaluator = Evaluator(index, should_stop)
    uses = _references_to(evaluator, symbol)
    return _around(evaluator, uses, frozenset({ReferenceRole.CALL}))


def callees_of(index: Index, symbol: Symbol) -> tuple[Resolved, ...]:
    """Return what a definition's code calls, in its order."""
    calls = [
        reference
        for reference in index.outlines[WorkspacePath(symbol.path)].references
        if reference.role is ReferenceRole.CALL
        and symbol.range.start <= reference.range.start < symbol.range.end
    ]
    targets = targets_of(index, WorkspacePath(symbol.path), calls)
    return _surest(target for each in targets for target in each)


def bases_of(index: Index, symbol: Symbol) -> tuple[Resolved, ...]:
    """Return the classes that a class names as its bases."""
    evaluator, heir = Evaluator(index), _meaning_of(symbol)
    found = evaluator.bounds.within(lambda: Meanings(evaluator.bases(heir)[0]))
    return tuple(_symbols(evaluator, ((base, Confidence.EXACT) for base in found.found)))


def subclasses_of(
    index: Index, symbol: Symbol, *, should_stop: ShouldStop = never
) -> tuple[Resolved, ...]:
    """Return the classes that name a class as a base."""
    return _subclasses_of(Evaluator(index, should_stop), symbol)


def overrides_of(
    index: Index, symbol: Symbol, *, should_stop: ShouldStop = never
) -> tuple[Resolved, ...]:
    """Return the members of the classes below that stand in for a member of a class."""
    evaluator = Evaluator(index, should_stop)
    holder_name, _, name = symbol.qualified_name.rpartition(".")
    holders = evaluator.symbols_of(Meaning(symbol.path, holder_name)) if holder_name else []
    waiting = [Resolved(each, Confidence.EXACT) for each in holders[:1]]
    seen = {_meaning_of(each.symbol) for each in waiting}
    found: list[tuple[Meaning, Confidence]] = []
    while waiting and len(seen) <= MAX_RELATIVES:
        current = waiting.pop(0)
        for heir in _subclasses_of(evaluator, current.symbol):
            meaning = _meaning_of(heir.symbol)
            if meaning in seen:
                continue
            seen.add(meaning)
            confidence = min(heir.confidence, current.confidence)
            waiting.append(Resolved(heir.symbol, confidence))
            own = Meaning(meaning.path, f"{meaning.qualified_name}.{name}")
            found.append((own, confidence))
    return tuple(_symbols(evaluator, found))


def tests_of(
    index: Index,
    target: Symbol | WorkspacePath,
    *,
    should_stop: ShouldStop = never,  # noqa: PT028  a question about tests is no test
) -> tuple[Resolved, ...]:
    """Return the tests that reach a definition, or anything of a file, nearest first.

    Calls are followed backwards over a few steps; tests of a file that only imports what is meant
    come last, as BY_NAME.
    """
    if isinstance(target, Symbol):
        path, starts = WorkspacePath(target.path), [target]
    else:
        outline = index.outlines.get(target)
        path, starts = target, list(outline.symbols) if outline else []
    found = dict(_reaching_tests(Evaluator(index, should_stop), starts))
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
    targets = (target for each in targets_of(index, path, uses) for target in each)
    return _surest(each for each in targets if not is_test_path(each.symbol.path))


def _subclasses_of(evaluator: Evaluator, symbol: Symbol) -> tuple[Resolved, ...]:
    uses = _references_to(evaluator, symbol)
    heirs = _around(evaluator, uses, frozenset({ReferenceRole.INHERIT}))
    return tuple(each for each in heirs if each.symbol.kind in TYPES)


def _uses(evaluator: Evaluator, wanted: Meaning) -> list[ResolvedReference]:
    name = wanted.qualified_name.rpartition(".")[2]
    is_guessable = wanted in namesakes(evaluator, name)
    files = evaluator.index.files
    found: list[ResolvedReference] = []
    for path in evaluator.index.files_with(name):
        if evaluator.bounds.is_stopped:
            return found
        uses = candidates_in(files[path], wanted, is_guessable=is_guessable)
        names = evaluator.file(path) if uses else None
        if names is None:
            continue
        for use, targets in zip(uses, FileUses(evaluator, names).targets(uses), strict=True):
            confidences = [target.confidence for target in targets if target.meaning == wanted]
            if confidences:
                found.append(ResolvedReference(use, max(confidences)))
    return found


def _constructions(evaluator: Evaluator, holder: Meaning, name: str) -> Iterator[ResolvedReference]:
    """Give the calls of a class, and of those below that have no constructor of their own."""
    waiting, seen = [holder], {holder}
    while waiting and len(seen) <= MAX_RELATIVES:
        uses = _uses(evaluator, waiting.pop(0))
        yield from (each for each in uses if each.reference.role is ReferenceRole.CALL)
        for heir in _around(evaluator, uses, frozenset({ReferenceRole.INHERIT})):
            meaning = _meaning_of(heir.symbol)
            constructor = Meaning(meaning.path, f"{meaning.qualified_name}.{name}")
            if meaning not in seen and not evaluator.symbols_of(constructor):
                seen.add(meaning)
                waiting.append(meaning)


def _symbols(
    evaluator: Evaluator, meanings: Iterable[tuple[Meaning, Confidence]]
) -> Iterator[Resolved]:
    for meaning, confidence in meanings:
        if meaning.qualified_name:
            for symbol in evaluator.symbols_of(meaning):
                yield Resolved(symbol, confidence)
        elif not meaning.path.endswith("/"):
            yield Resolved(module_of(meaning.path), confidence)


def _around(
    evaluator: Evaluator, uses: Iterable[ResolvedReference], roles: frozenset[ReferenceRole]
) -> tuple[Resolved, ...]:
    """Return the definitions in which uses of these roles stand."""
    found = []
    for use in uses:
        names = evaluator.file(use.reference.path)
        if use.reference.role in roles and names is not None:
            around = names.symbol_around(use.reference.range.start)
            found.append(Resolved(around or module_of(names.path), use.confidence))
    return _surest(found)


def _surest(resolved: Iterable[Resolved]) -> tuple[Resolved, ...]:
    """Return each definition once, with its highest confidence."""
    found: dict[Symbol, Confidence] = {}
    for each in resolved:
        found[each.symbol] = max(each.confidence, found.get(each.symbol, each.confidence))
    return tuple(Resolved(symbol, confidence) for symbol, confidence in found.items())


def _reaching_tests(
    evaluator: Evaluator, starts: Iterable[Symbol]
) -> Iterator[tuple[Symbol, Confidence]]:
    """Give the tests on the way back along the uses of some definitions."""
    waiting = [(symbol, Confidence.EXACT, 0) for symbol in starts]
    seen = {_meaning_of(symbol) for symbol, _, _ in waiting}
    followed = 0
    while waiting and followed < MAX_RELATIVES:
        followed += 1
        symbol, confidence, steps = waiting.pop(0)
        uses = _references_to(evaluator, symbol)
        for user in _around(evaluator, uses, frozenset(ReferenceRole)):
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


def _starts_at(references: tuple[Reference, ...], position: int, offset: int) -> bool:
    following = references[position + 1 : position + 2]
    return bool(following) and following[0].range.start == offset
