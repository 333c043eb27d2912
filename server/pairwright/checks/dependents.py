"""Who may break because a definition changed? References, overrides and importers of the index.

What the change itself already mended is left out. Bodies that changed are no reason to expect that
others break: that is for tests to tell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pairwright.checks.comparison import Comparison
from pairwright.checks.parameters import shown_call
from pairwright.checks.symbol_changes import FUNCTIONS, TYPES, ChangedSymbol, ChangeKind
from pairwright.errors import StaleChange, UnreadableFile
from pairwright.index.analysis import Analysis
from pairwright.index.resolution import (
    Confidence,
    Resolved,
    bases_of,
    overrides_of,
    references_to,
)
from pairwright.index.resolving.bounds import ShouldStop, never
from pairwright.syntax.outline import FileOutline, Import, Reference, ReferenceRole, Symbol
from pairwright.syntax.packing import unpack_imports
from pairwright.text.ranges import LineIndex
from pairwright.workspace.paths import WorkspacePath

MAX_AFFECTED = 200
MAX_ANCESTORS = 30
"""Classes above one in which an inherited definition is looked for."""

_VERBS = {
    ReferenceRole.IMPORT: "imports",
    ReferenceRole.INHERIT: "inherits from",
    ReferenceRole.CALL: "calls",
    ReferenceRole.TYPE: "names as a type",
    ReferenceRole.READ: "uses",
}
_ROLES = {
    ChangeKind.SIGNATURE: frozenset({ReferenceRole.CALL, ReferenceRole.READ}),
    ChangeKind.BASES: frozenset({ReferenceRole.CALL, ReferenceRole.INHERIT}),
    ChangeKind.REMOVED: frozenset(ReferenceRole),
    ChangeKind.RENAMED: frozenset(ReferenceRole),
}


@dataclass(frozen=True, slots=True)
class Affected:
    """A place that may not work any more, though the change does not touch what is wrong there."""

    path: WorkspacePath
    symbol: str
    """The qualified name of the definition that the place is in; empty: in none."""
    line: int
    """Zero-based; in the new text where the change touches the file."""
    reason: str
    """A predicate for a person: ``calls `load(path)`, whose signature changed``."""
    is_certain: bool = True
    """False: only the name says that it is meant."""


def affected_by(
    comparison: Comparison,
    changed: Iterable[ChangedSymbol],
    *,
    should_stop: ShouldStop = never,
) -> tuple[tuple[Affected, ...], bool]:
    """Return who may break, the certain first, and whether that is all of them.

    Args:
        comparison: the workspace before the change, and the touched files after it.
        changed: what the texts change.
        should_stop: asked now and then; once it says so, what was found by then is returned.
    """
    found: dict[tuple[str, int, str], Affected] = {}
    analysis, places = comparison.analysis, _Places(comparison)
    for each in changed:
        for affected in _affected_by(analysis, places, each, should_stop):
            key = affected.path, affected.line, each.name or each.path
            known = found.get(key)
            if known is None or (affected.is_certain and not known.is_certain):
                found[key] = affected
            if len(found) > MAX_AFFECTED:
                break
    ordered = sorted(found.values(), key=lambda each: (not each.is_certain, each.path, each.line))
    is_complete = not should_stop() and len(ordered) <= MAX_AFFECTED
    return tuple(ordered[:MAX_AFFECTED]), is_complete


def _affected_by(
    analysis: Analysis, places: "_Places", changed: ChangedSymbol, should_stop: ShouldStop
) -> Iterator[Affected]:
    symbol, kind = changed.before, changed.change
    if kind in (ChangeKind.FILE_REMOVED, ChangeKind.FILE_RENAMED):
        yield from _importers(analysis, places, changed, should_stop)
    elif kind is ChangeKind.IMPORT_REMOVED:
        yield from _importers_of_name(analysis, places, changed, should_stop)
    if symbol is None or kind not in (*_ROLES, ChangeKind.EXTENDED):
        return
    if kind is ChangeKind.REMOVED and _is_inherited(analysis, symbol):
        return
    fate = _fate(changed)
    for use in references_to(analysis.index, symbol, should_stop=should_stop):
        reference, is_sure = use.reference, use.confidence > Confidence.BY_NAME
        if reference.role not in _ROLES.get(kind, ()) or _is_own(reference, symbol):
            continue
        place = places.of(reference, is_gone=kind in (ChangeKind.REMOVED, ChangeKind.RENAMED))
        if place is not None:
            verb = _VERBS[reference.role]
            yield Affected(*place, _worded(verb, _label(symbol), fate, is_sure), is_sure)
    if kind in (ChangeKind.SIGNATURE, ChangeKind.EXTENDED) and "." in symbol.qualified_name:
        yield from _overriding(analysis, places, symbol, fate, should_stop)


def _overriding(
    analysis: Analysis, places: "_Places", symbol: Symbol, fate: str, should_stop: ShouldStop
) -> Iterator[Affected]:
    """Give the definitions below that stand in for a method, and those above that it stands for."""
    if symbol.name.startswith("__") or symbol.name == "constructor":
        return  # constructors of one family need not be alike
    below = overrides_of(analysis.index, symbol, should_stop=should_stop)
    above = _inherited(analysis, symbol)
    for others, verb in ((below, "overrides"), (above, "is overridden by")):
        for each in others:
            place = places.of_definition(each.symbol)
            if place is not None:
                is_sure = each.confidence > Confidence.BY_NAME
                yield Affected(*place, _worded(verb, _label(symbol), fate, is_sure), is_sure)


def _importers(
    analysis: Analysis, places: "_Places", changed: ChangedSymbol, should_stop: ShouldStop
) -> Iterator[Affected]:
    fate = f"which is now `{changed.successor}`" if changed.successor else "which is removed"
    for path in analysis.index.files_importing(changed.path):
        for imported in _imports(analysis, path):
            if imported.name == _stem(changed.path) or _is_module(imported.module, changed.path):
                place = places.of(_reference(imported, path), is_gone=True)
                if place is not None:
                    yield Affected(*place, f"imports `{changed.path}`, {fate}")
                break
        if should_stop():
            return


def _importers_of_name(
    analysis: Analysis, places: "_Places", changed: ChangedSymbol, should_stop: ShouldStop
) -> Iterator[Affected]:
    """Give those who import a name that a file passed on, and that it no longer has."""
    for path in analysis.index.files_importing(changed.path):
        for imported in _imports(analysis, path):
            if imported.name == changed.name and _is_module(imported.module, changed.path):
                place = places.of(_reference(imported, path), is_gone=True)
                if place is not None:
                    fate = f"which `{changed.path}` no longer imports"
                    yield Affected(*place, f"imports `{changed.name}`, {fate}")
        if should_stop():
            return


def _imports(analysis: Analysis, path: WorkspacePath) -> list[Import]:
    packed = analysis.index.packed.get(path)
    return unpack_imports(packed) if packed is not None else []


def _reference(imported: Import, path: WorkspacePath) -> Reference:
    name = imported.name or imported.module
    return Reference(name, path, imported.range, ReferenceRole.IMPORT)


class _Places:
    """Where something stands after the change."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._analysis = comparison.analysis
        self._texts = comparison.texts
        self._lines: dict[WorkspacePath, LineIndex] = {}

    def of(self, reference: Reference, *, is_gone: bool) -> tuple[WorkspacePath, str, int] | None:
        """Return the place of a use; None: the change took it away, or wrote what is around it.

        Args:
            reference: in the text before.
            is_gone: what it means is no longer there, so that it is wrong wherever it still stands.
        """
        path, start = WorkspacePath(reference.path), reference.range.start
        if path not in self._texts:
            around, line = _name_around(self._symbols(path), start), self._line(path, start)
            return None if line is None else (path, around, line)
        before = self._comparison.before(path)
        if before is None:
            return None
        name = _name_around(before.symbols, start)
        after = self._comparison.after(path)
        if after is None:
            return None
        if not is_gone and self._source(path, before, name) != self._source(path, after, name):
            return None
        for other in after.references:
            start = other.range.start
            is_alike = other.name == reference.name and other.role is reference.role
            if is_alike and _name_around(after.symbols, start) == name:
                line = self._line(path, start)
                return None if line is None else (path, name, line)
        return None

    def of_definition(self, symbol: Symbol) -> tuple[WorkspacePath, str, int] | None:
        """Return the place of a definition; None: the change wrote it."""
        path, name = WorkspacePath(symbol.path), symbol.qualified_name
        if path not in self._texts:
            line = self._line(path, symbol.name_range.start)
            return None if line is None else (path, name, line)
        before, after = self._comparison.before(path), self._comparison.after(path)
        if before is None or after is None:
            return None
        if self._source(path, before, name) != self._source(path, after, name):
            return None
        for other in after.symbols:
            if other.qualified_name == name:
                line = self._line(path, other.name_range.start)
                return None if line is None else (path, name, line)
        return None

    def _symbols(self, path: WorkspacePath) -> Iterable[Symbol]:
        return self._analysis.index.symbols_in(path)

    def _source(self, path: WorkspacePath, outline: FileOutline, name: str) -> tuple[str, ...]:
        """Return the text of a definition; of none, the names that are used outside of any."""
        if not name:
            return tuple(
                each.name
                for each in outline.references
                if not _name_around(outline.symbols, each.range.start)
            )
        is_new = outline is self._comparison.after(path)
        text = self._texts[path] if is_new else self._analysis.snapshot.documents[path].text
        return tuple(
            (text or "")[each.range.start : each.range.end]
            for each in outline.symbols
            if each.qualified_name == name
        )

    def _line(self, path: WorkspacePath, offset: int) -> int | None:
        """Return the line of a place; None: the file says something else by now."""
        if path not in self._lines:
            text = self._texts.get(path)
            if text is None:
                try:
                    text = self._analysis.snapshot.documents[path].text
                except (StaleChange, UnreadableFile):
                    return None
            self._lines[path] = LineIndex(text)
        return self._lines[path].line_of(offset)


def _name_around(symbols: Iterable[Symbol], offset: int) -> str:
    """Return the qualified name of the innermost function or class that a place is in."""
    best = ""
    for symbol in symbols:
        if symbol.range.start > offset:
            break
        if offset < symbol.range.end and symbol.kind in FUNCTIONS | TYPES:
            best = symbol.qualified_name
    return best


def _is_own(reference: Reference, symbol: Symbol) -> bool:
    """Tell whether a use stands in the definition that it means."""
    return (
        reference.path == symbol.path
        and symbol.range.start <= reference.range.start < symbol.range.end
    )


def _inherited(analysis: Analysis, symbol: Symbol) -> list[Resolved]:
    """Return the definitions in the classes above that a member of a class stands for."""
    holder = symbol.qualified_name.rpartition(".")[0]
    index, found = analysis.index, []
    known = index.symbols_in(WorkspacePath(symbol.path))
    waiting = [each for each in known if each.qualified_name == holder][:1]
    seen = set(waiting)
    while waiting and len(seen) <= MAX_ANCESTORS:
        for base in bases_of(index, waiting.pop(0)):
            if base.symbol in seen:
                continue
            seen.add(base.symbol)
            waiting.append(base.symbol)
            name = f"{base.symbol.qualified_name}.{symbol.name}"
            members = index.symbols_in(WorkspacePath(base.symbol.path))
            found += [
                Resolved(each, base.confidence) for each in members if each.qualified_name == name
            ][:1]
    return found


def _is_inherited(analysis: Analysis, symbol: Symbol) -> bool:
    return "." in symbol.qualified_name and bool(_inherited(analysis, symbol))


def _is_module(module: str, path: WorkspacePath) -> bool:
    last = module.replace("\\", "/").rpartition("/")[2].rstrip(".")
    own = {_stem(path), path.rpartition("/")[2]}
    return not last or last in own or last.rpartition(".")[2] in own or last.endswith(tuple(own))


def _stem(path: WorkspacePath) -> str:
    """Return what a file is imported as: its name, or for a package's own file its directory's."""
    directory, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return directory.rpartition("/")[2] if stem in ("__init__", "index", "mod") else stem


def _worded(verb: str, label: str, fate: str, is_sure: bool) -> str:
    return f"{'' if is_sure else 'perhaps '}{verb} `{label}`, {fate}"


def _fate(changed: ChangedSymbol) -> str:
    match changed.change:
        case ChangeKind.RENAMED:
            return f"which is now `{changed.successor}`"
        case ChangeKind.REMOVED:
            return "which is removed"
        case ChangeKind.BASES:
            return "whose bases changed"
        case ChangeKind.EXTENDED:
            return "which takes more parameters now"
    return "whose signature changed"


def _label(symbol: Symbol) -> str:
    return shown_call(symbol.signature, symbol.name, symbol.qualified_name)
