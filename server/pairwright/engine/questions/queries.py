"""What do the files say? Questions that read an analysis, cost nothing and take milliseconds.

Every answer is worked out again until each file that it speaks of was compared with the disk or the
editor's text afterwards; and it says how far it can be trusted. The work is done in a thread, on
values that never change.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from pairwright.engine.questions.answering import Answering, Ask
from pairwright.engine.questions.index_reports import report_on, to_progress
from pairwright.engine.questions.places import LineRange, Places, Spot
from pairwright.errors import InvalidRequest, StaleChange
from pairwright.index.analysis import Analysis
from pairwright.index.index import Index
from pairwright.index.indexer import Indexer
from pairwright.index.ranking import MapFocus
from pairwright.index.repomap import RepositoryMap, repository_map
from pairwright.index.resolution import definition_at, references_to
from pairwright.index.search import FoundText, TextQuery, search_text
from pairwright.index.text_index import TextIndex
from pairwright.protocol import index_messages as messages
from pairwright.syntax.outline import Symbol
from pairwright.workspace.files import FileSystem
from pairwright.workspace.ignore import path_matcher
from pairwright.workspace.paths import WorkspacePath

T = TypeVar("T")

SEARCH_TIMEOUT_S = 10.0
REFERENCES_TIMEOUT_S = 10.0
"""Seconds after which no further definition of a name is looked into."""
MOST_RESULTS = 10_000
"""However many are asked for."""
MOST_MAP_TOKENS = 100_000
_MOST_DEFINITIONS = 20
_MOST_SUGGESTIONS = 3


class Queries:
    """The questions of one workspace's clients."""

    def __init__(
        self,
        indexer: Indexer,
        files: FileSystem,
        text_index: TextIndex,
        notice: Callable[[], str],
    ) -> None:
        """Ask what is known of these files.

        Args:
            indexer: knows it.
            files: where texts are read, and compared with what is known.
            text_index: rules files out of a search.
            notice: says what a person should know about how files are watched.
        """
        self._indexer = indexer
        self._answering = Answering(indexer, files)
        self._text_index = text_index
        self._notice = notice

    @property
    def notice(self) -> str:
        """What a person should know about how files are watched; empty when all is well."""
        return self._notice()

    @property
    def progress(self) -> messages.IndexProgress:
        """How far the index is."""
        return to_progress(self._indexer.progress)

    async def complete(self, on_progress: Callable[[messages.IndexProgress], None]) -> None:
        """Wait until nothing is missing; tell at each step how far it is."""
        await self._indexer.complete(lambda progress: on_progress(to_progress(progress)))

    async def index_report(
        self,
        params: messages.IndexParams,
        on_progress: Callable[[messages.IndexProgress], None],
    ) -> messages.IndexReport:
        """Return what the index knows, once what the params wait for has come."""
        if params.after_revision is not None:
            await self._indexer.past(params.after_revision)
        if params.wait:
            await self.complete(on_progress)
        analysis, progress = self._indexer.analysis, self._indexer.progress
        return await asyncio.to_thread(report_on, analysis, progress, self._notice())

    async def symbols(self, params: messages.SymbolsParams) -> messages.SymbolsResult:
        """Return the definitions that a name or some of its letters may mean.

        Raises:
            InvalidRequest: there are no letters.
        """
        limit = _checked_limit(params.limit)
        if not params.query.strip():
            raise InvalidRequest("give some letters of a definition's name")

        def ask(analysis: Analysis, places: Places) -> tuple[messages.SymbolView, ...]:
            hits = analysis.index.search_symbols(params.query, limit)
            return tuple(places.symbol(hit.symbol, hit.score) for hit in hits)

        symbols, freshness = await self.answer(ask)
        return messages.SymbolsResult(freshness=freshness, symbols=symbols)

    async def references(self, params: messages.ReferencesParams) -> messages.ReferencesResult:
        """Return the definitions of a name, each with its uses.

        Raises:
            InvalidRequest: nothing of that name is defined.
        """
        limit = _checked_limit(params.limit)

        def ask(
            analysis: Analysis, places: Places
        ) -> tuple[int, tuple[messages.ReferencesOf, ...], str]:
            meant = tuple(symbols_meant(analysis, params.name))
            is_late = _deadline(REFERENCES_TIMEOUT_S)
            answers: list[messages.ReferencesOf] = []
            for symbol in meant[:_MOST_DEFINITIONS]:
                if answers and is_late():
                    break
                answers.append(_references_of(analysis.index, symbol, places, limit, is_late))
            return len(meant), tuple(answers), "" if meant else _like(analysis.index, params.name)

        if not params.name.strip():
            raise InvalidRequest("give the name of a definition")
        (total, definitions, like), freshness = await self.answer(ask)
        if not definitions:
            raise InvalidRequest(
                f"nothing is called {params.name!r} in this workspace"
                + ("" if freshness.is_complete else ", as far as it is read yet")
                + (f"; like it: {like}" if like else "")
            )
        return messages.ReferencesResult(freshness=freshness, definitions=definitions, total=total)

    async def search(self, params: messages.SearchParams) -> messages.SearchResult:
        """Return where a text occurs.

        Raises:
            InvalidRequest: it is empty, too long, or no regular expression; or no file is meant.
        """
        included = _included(params.include)
        query = TextQuery(
            params.text,
            is_regex=params.is_regex,
            is_case_sensitive=params.is_case_sensitive,
            include=params.include,
            limit=_checked_limit(params.limit),
        )

        def ask(
            analysis: Analysis, places: Places
        ) -> tuple[FoundText, tuple[messages.SearchMatch, ...]]:
            found = search_text(analysis, query, self._text_index, timeout_s=SEARCH_TIMEOUT_S)
            places.name(found.changed)
            if included is not None and not found.files:
                _require_some(included, analysis, query.include)
            return found, tuple(
                messages.SearchMatch(place=places.place(file.path, each))
                for file in found.files
                for each in file.ranges
            )

        (found, matches), freshness = await self.answer(ask)
        return messages.SearchResult(
            freshness=freshness,
            matches=matches,
            files=len(found.files),
            is_cut=bool(found.note),
            note=found.note,
        )

    async def map(self, params: messages.MapParams, around: MapFocus) -> messages.MapResult:
        """Return the repository map.

        Args:
            params: what the map should be about.
            around: what is open and was edited of late.

        Raises:
            InvalidRequest: a focus that is neither a file nor a definition, or no room for a map.
        """
        if not 1 <= params.tokens <= MOST_MAP_TOKENS:
            raise InvalidRequest(f"tokens: 1 to {MOST_MAP_TOKENS}")

        def ask(analysis: Analysis, places: Places) -> RepositoryMap:
            focus = _focus_on(analysis, params.focus, around)
            found = repository_map(analysis, focus=focus, max_tokens=params.tokens)
            places.name(entry.path for entry in found.entries)
            return found

        found, freshness = await self.answer(ask)
        entries = tuple(
            messages.MapEntryView(
                path=entry.path,
                reason=entry.reason,
                symbols=tuple(each.symbol.qualified_name for each in entry.symbols),
                tokens=entry.tokens,
            )
            for entry in found.entries
        )
        return messages.MapResult(
            freshness=freshness, text=found.text, tokens=found.tokens, entries=entries
        )

    async def symbols_in(self, path: WorkspacePath) -> tuple[tuple[Symbol, ...], str]:
        """Return what one file defines, and the text that this is true of.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
        """

        def ask(analysis: Analysis, places: Places) -> tuple[tuple[Symbol, ...], str]:
            text = places.text(path)
            return analysis.index.symbols_in(path), text

        return await self.answer_at(path, ask)

    async def workspace_symbols(
        self, query: str, limit: int
    ) -> tuple[tuple[tuple[Symbol, LineRange], ...], messages.Freshness]:
        """Return definitions by some letters of their names, each with where its name stands."""

        def ask(analysis: Analysis, places: Places) -> tuple[tuple[Symbol, LineRange], ...]:
            symbols = [hit.symbol for hit in analysis.index.search_symbols(query, limit)]
            for each in sorted(symbols, key=_path):  # files that lie together are read together
                places.lines(each.path, each.name_range)
            return tuple((each, places.lines(each.path, each.name_range)) for each in symbols)

        return await self.answer(ask)

    async def definitions(self, place: Spot) -> tuple[Spot, ...]:
        """Return where that is defined which stands at a place.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: the text is another by now.
        """

        def ask(analysis: Analysis, places: Places) -> tuple[Spot, ...] | None:
            if places.text(place.path) != place.text:
                return None
            found = definition_at(analysis.index, place.path, place.range.start)
            return tuple(places.spot(each.symbol.path, each.symbol.name_range) for each in found)

        return await self.answer_at(place.path, ask)

    async def references_at(self, place: Spot, *, with_definitions: bool) -> tuple[Spot, ...]:
        """Return every use of what stands at a place.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: the text is another by now.
        """

        def ask(analysis: Analysis, places: Places) -> tuple[Spot, ...] | None:
            if places.text(place.path) != place.text:
                return None
            spots: dict[tuple[str, int], Spot] = {}
            is_late = _deadline(REFERENCES_TIMEOUT_S)
            for each in definition_at(analysis.index, place.path, place.range.start):
                symbol = each.symbol
                found = references_to(analysis.index, symbol, should_stop=is_late)
                ranges = [(use.reference.path, use.reference.range) for use in found]
                if with_definitions:
                    ranges.insert(0, (symbol.path, symbol.name_range))
                for where, text_range in ranges:
                    spots[where, text_range.start] = places.spot(where, text_range)
            return tuple(spots.values())

        return await self.answer_at(place.path, ask)

    async def answer_at(self, path: WorkspacePath, ask: Ask[T | None]) -> T:
        """Ask about a file; None says that its text is another by now.

        Raises:
            UnreadableFile: there is no such file, or it has no text for us.
            StaleChange: `ask` said so.
        """
        found, _ = await self._answering.answer(ask, [path])
        if found is None:
            raise StaleChange(f"the text of {path!r} is another by now: ask again")
        return found

    async def answer(self, ask: Ask[T]) -> tuple[T, messages.Freshness]:
        """Ask in a thread, until no file that the answer speaks of changed under it.

        Raises:
            StaleChange: they change faster than they can be read.
        """
        return await self._answering.answer(ask)


def symbols_meant(analysis: Analysis, name: str) -> Iterable[Symbol]:
    """Give the definitions that `push`, `Stack.push` or `pkg/stack.py:Stack.push` names."""
    path, _, qualified = name.rpartition(":")
    own_name = qualified.rpartition(".")[2]
    for symbol in analysis.index.symbols_named(own_name):
        is_named = f".{symbol.qualified_name}".endswith(f".{qualified}")
        if is_named and (not path or symbol.path == path):
            yield symbol


def _path(symbol: Symbol) -> str:
    return symbol.path


def _deadline(seconds: float) -> Callable[[], bool]:
    """Return what tells whether so much time has passed since."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _references_of(
    index: Index, symbol: Symbol, places: Places, limit: int, is_late: Callable[[], bool]
) -> messages.ReferencesOf:
    found = references_to(index, symbol, should_stop=is_late)
    return messages.ReferencesOf(
        symbol=places.symbol(symbol),
        references=tuple(map(places.reference, found[:limit])),
        total=len(found),
        is_cut=is_late(),
    )


def _like(index: Index, name: str) -> str:
    """Return some names that may have been meant."""
    hits = index.search_symbols(name.rpartition(":")[2], _MOST_SUGGESTIONS)
    return ", ".join(dict.fromkeys(hit.symbol.qualified_name for hit in hits))


def _included(pattern: str | None) -> Callable[[str], bool] | None:
    """Return what paths must match."""
    try:
        return path_matcher(pattern) if pattern else None
    except InvalidRequest as error:
        raise InvalidRequest(f"include: {error}") from None


def _require_some(included: Callable[[str], bool], analysis: Analysis, pattern: str | None) -> None:
    snapshot = analysis.snapshot
    if not any(map(included, (*snapshot.documents, *snapshot.pending))):
        raise InvalidRequest(f"include: no file of this workspace matches {pattern!r}")


def _focus_on(analysis: Analysis, names: Sequence[str], around: MapFocus) -> MapFocus:
    """Add files and definitions that were named to what is open."""
    paths, symbols = list(around.paths), list(around.symbols)
    for name in names:
        path = WorkspacePath(name.removeprefix("./"))
        if path in analysis.snapshot.documents:
            paths.append(path)
        elif any(True for _ in symbols_meant(analysis, name)):
            symbols.append(name.rpartition(":")[2])
        else:
            raise InvalidRequest(f"{name!r} is neither a file nor a definition of this workspace")
    return replace(around, paths=tuple(paths), symbols=tuple(symbols))


def _checked_limit(limit: int) -> int:
    if limit < 1:
        raise InvalidRequest("limit: at least 1")
    return min(limit, MOST_RESULTS)
