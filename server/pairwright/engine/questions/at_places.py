"""What stands at a place, how is a file built, and who calls whom? As editors ask it.

Each answer is true of the texts that it comes with, as all of `Queries` are.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pairwright.engine.questions.places import Places, Spot
from pairwright.engine.questions.queries import Queries
from pairwright.index.analysis import Analysis
from pairwright.index.calls import Calls, calls_from, calls_to
from pairwright.index.resolution import Resolved, bases_of, definition_at, subclasses_of
from pairwright.index.resolving.meanings import Confidence
from pairwright.syntax.outline import Symbol
from pairwright.syntax.shapes import Folding, Shapes
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath

MOST_MEANINGS = 5
"""Of one name, that are described."""
MOST_CALLS = 1000
TIMEOUT_S = 10.0
"""Seconds after which no further file is looked into."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition, and how sure it is that it is the one that is meant."""

    symbol: Symbol
    spot: Spot
    """Of its name."""
    whole: Spot
    confidence: Confidence
    language: str | None
    calls: tuple[Spot, ...] = ()
    """Of the calls between it and the one that was asked about, where they stand."""


@dataclass(frozen=True, slots=True)
class DefinitionName:
    """Which definition of a file; where several are called so, the one that stands nearest."""

    path: WorkspacePath
    qualified_name: str
    near: int = 0


class CodeQuestions:
    """Questions about places and definitions, of one workspace's clients."""

    def __init__(self, queries: Queries) -> None:
        """Ask the index by these queries."""
        self._queries = queries

    async def described(self, place: Spot) -> tuple[Definition, ...]:
        """Return what may be meant at a place.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: the text is another by now.
        """

        def ask(analysis: Analysis, places: Places) -> tuple[Definition, ...] | None:
            if places.text(place.path) != place.text:
                return None
            found = definition_at(analysis.index, place.path, place.range.start)
            return tuple(_definition(analysis, places, each) for each in found[:MOST_MEANINGS])

        return await self._queries.answer_at(place.path, ask)

    async def foldings(self, path: WorkspacePath) -> tuple[Folding, ...]:
        """Return what of a file can be folded, in the order of the first lines.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
        """

        def ask(analysis: Analysis, places: Places) -> tuple[Folding, ...]:
            return Shapes(analysis.index.outlines[path], places.text(path)).foldings()

        return await self._queries.answer_at(path, ask)

    async def surroundings(self, places: tuple[Spot, ...]) -> tuple[tuple[TextRange, ...], ...]:
        """Return what is around each of some places of one file, from the inside out.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: the text is another by now.
        """
        path, text = places[0].path, places[0].text

        def ask(analysis: Analysis, texts: Places) -> tuple[tuple[TextRange, ...], ...] | None:
            if texts.text(path) != text:
                return None
            shapes = Shapes(analysis.index.outlines[path], text)
            return tuple(shapes.around(each.range.start) for each in places)

        return await self._queries.answer_at(path, ask)

    async def calls_to(self, name: DefinitionName) -> tuple[Definition, ...]:
        """Return from where a definition is called.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: there is no such definition any more.
        """
        is_late = _deadline()

        def find(analysis: Analysis, symbol: Symbol) -> Iterable[tuple[Calls, str]]:
            found = calls_to(analysis.index, symbol, should_stop=is_late)
            return ((each, each.symbol.path) for each in found[:MOST_CALLS])

        return await self._calls(name, find)

    async def calls_from(self, name: DefinitionName) -> tuple[Definition, ...]:
        """Return what the code of a definition calls.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: there is no such definition any more.
        """

        def find(analysis: Analysis, symbol: Symbol) -> Iterable[tuple[Calls, str]]:
            found = calls_from(analysis.index, symbol, most=MOST_CALLS)
            return ((each, symbol.path) for each in found)

        return await self._calls(name, find)

    async def supertypes(self, name: DefinitionName) -> tuple[Definition, ...]:
        """Return the classes that a class names as its bases.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: there is no such definition any more.
        """
        return await self._relatives(name, lambda at, symbol: bases_of(at.index, symbol))

    async def subtypes(self, name: DefinitionName) -> tuple[Definition, ...]:
        """Return the classes that name a class as a base.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: there is no such definition any more.
        """
        is_late = _deadline()
        return await self._relatives(
            name, lambda at, symbol: subclasses_of(at.index, symbol, should_stop=is_late)
        )

    async def _relatives(
        self,
        name: DefinitionName,
        find: Callable[[Analysis, Symbol], tuple[Resolved, ...]],
    ) -> tuple[Definition, ...]:
        def ask(analysis: Analysis, places: Places) -> tuple[Definition, ...] | None:
            places.name([name.path])
            symbol = _named(analysis, name)
            if symbol is None:
                return None
            found = find(analysis, symbol)[:MOST_CALLS]
            return tuple(_definition(analysis, places, each) for each in found)

        return await self._queries.answer_at(name.path, ask)

    async def _calls(
        self,
        name: DefinitionName,
        find: Callable[[Analysis, Symbol], Iterable[tuple[Calls, str]]],
    ) -> tuple[Definition, ...]:
        def ask(analysis: Analysis, places: Places) -> tuple[Definition, ...] | None:
            places.name([name.path])
            symbol = _named(analysis, name)
            if symbol is None:
                return None
            return tuple(
                _definition(
                    analysis,
                    places,
                    Resolved(calls.symbol, calls.confidence),
                    tuple(places.spot(path, each) for each in calls.ranges),
                )
                for calls, path in find(analysis, symbol)
            )

        return await self._queries.answer_at(name.path, ask)


def _definition(
    analysis: Analysis, places: Places, found: Resolved, calls: tuple[Spot, ...] = ()
) -> Definition:
    symbol = found.symbol
    packed = analysis.index.files[WorkspacePath(symbol.path)]
    return Definition(
        symbol,
        places.spot(symbol.path, symbol.name_range),
        places.spot(symbol.path, symbol.range),
        found.confidence,
        packed.language,
        calls,
    )


def _named(analysis: Analysis, name: DefinitionName) -> Symbol | None:
    """Return the definition of that name; a file as a whole has none."""
    found = [
        symbol
        for symbol in analysis.index.symbols_in(name.path)
        if symbol.qualified_name == name.qualified_name
    ]
    return min(found, key=lambda each: abs(each.name_range.start - name.near), default=None)


def _deadline() -> Callable[[], bool]:
    end = time.monotonic() + TIMEOUT_S
    return lambda: time.monotonic() > end
