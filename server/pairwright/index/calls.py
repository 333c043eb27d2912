"""Who calls a definition, and what does its code call? Each with the places of the calls."""

from collections.abc import Iterable
from dataclasses import dataclass

from pairwright.index.index import Index
from pairwright.index.resolution import module_of, references_to, targets_of
from pairwright.index.resolving.bounds import ShouldStop, never
from pairwright.index.resolving.meanings import Confidence
from pairwright.syntax.outline import Reference, ReferenceRole, Symbol, SymbolKind
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath

_NO_CALLERS = frozenset({SymbolKind.VARIABLE, SymbolKind.KEY, SymbolKind.TYPE})


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls between two definitions."""

    symbol: Symbol
    """The other end; a whole file is a symbol of the kind MODULE."""
    ranges: tuple[TextRange, ...]
    """Of the names that are called, in the file of the caller."""
    confidence: Confidence
    """Of the surest of them."""


def calls_to(index: Index, symbol: Symbol, *, should_stop: ShouldStop = never) -> tuple[Calls, ...]:
    """Return the definitions and files from whose code a definition is called, by path and place.

    Once `should_stop` says so, only what was found by then is returned.
    """
    return _grouped(
        (_around(index, use.reference), use.reference.range, use.confidence)
        for use in references_to(index, symbol, should_stop=should_stop)
        if use.reference.role is ReferenceRole.CALL
    )


def calls_from(index: Index, symbol: Symbol, *, most: int) -> tuple[Calls, ...]:
    """Return what a definition's code calls, in its order; no more than `most` calls are read."""
    path = WorkspacePath(symbol.path)
    calls = [
        reference
        for reference in index.outlines[path].references
        if reference.role is ReferenceRole.CALL
        and symbol.range.start <= reference.range.start < symbol.range.end
    ][:most]
    return _grouped(
        (target.symbol, reference.range, target.confidence)
        for reference, targets in zip(calls, targets_of(index, path, calls), strict=True)
        for target in targets
    )


def _grouped(found: Iterable[tuple[Symbol, TextRange, Confidence]]) -> tuple[Calls, ...]:
    ranges: dict[Symbol, list[TextRange]] = {}
    confidences: dict[Symbol, Confidence] = {}
    for symbol, text_range, confidence in found:
        ranges.setdefault(symbol, []).append(text_range)
        confidences[symbol] = max(confidence, confidences.get(symbol, confidence))
    return tuple(
        Calls(symbol, tuple(places), confidences[symbol]) for symbol, places in ranges.items()
    )


def _around(index: Index, use: Reference) -> Symbol:
    """Return the innermost definition in whose code a use stands."""
    start = use.range.start
    around = [
        symbol
        for symbol in index.symbols_in(WorkspacePath(use.path))
        if symbol.range.start <= start < symbol.range.end and symbol.kind not in _NO_CALLERS
    ]
    return around[-1] if around else module_of(use.path)
