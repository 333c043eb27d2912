"""What does a definition say, and who is around it? For readers who know names and no places.

An answer speaks of several names at once; a name that means several definitions gets their places.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from pairwright.engine.questions.places import Places
from pairwright.engine.questions.queries import Queries, symbols_meant
from pairwright.errors import InvalidRequest
from pairwright.index.analysis import Analysis
from pairwright.index.index import Index
from pairwright.index.resolution import Resolved, callees_of, callers_of, tests_of
from pairwright.protocol.index_messages import Freshness, Place, SymbolView
from pairwright.syntax.outline import Symbol

View = Literal["signature", "body", "callers", "callees", "tests"]

MOST_NAMES = 20
MOST_PLACES = 20
"""Definitions that are named where a name may mean several."""
MOST_RELATED = 200
READING_TIMEOUT_S = 5.0
"""Seconds after which no more is looked for of one name."""
_MOST_LIKE = 3


@dataclass(frozen=True, slots=True)
class Related:
    """A definition that calls, is called, or tests."""

    symbol: SymbolView
    confidence: str
    """`exact`, `likely` or `byName`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one name stands for."""

    name: str
    symbol: SymbolView | None
    """None: it means no definition, or more than one."""
    places: tuple[SymbolView, ...] = ()
    """Where it means more than one: these, at most twenty."""
    like: tuple[str, ...] = ()
    """Where it means none: names that may have been meant."""
    end_line: int = 0
    """The last line of the definition, from 0."""
    body: str = ""
    related: tuple[Related, ...] = ()
    is_cut: bool = False
    """There are more than are told."""


async def read_symbols(
    queries: Queries, names: tuple[str, ...], view: View
) -> tuple[tuple[Reading, ...], Freshness]:
    """Return what names stand for, in their order.

    Args:
        queries: of the workspace.
        names: `push`, `Stack.push`, or with its file `pkg/stack.py:Stack.push`.
        view: what to tell of each.

    Raises:
        InvalidRequest: there are no names, or too many.
        StaleChange: the files change faster than they can be read.
    """
    if not 1 <= len(names) <= MOST_NAMES or not all(name.strip() for name in names):
        raise InvalidRequest(f"names: give 1 to {MOST_NAMES} names of definitions")

    def ask(analysis: Analysis, places: Places) -> tuple[Reading, ...]:
        return tuple(_read(analysis, places, name.strip(), view) for name in names)

    return await queries.answer(ask)


async def syntax_problems(queries: Queries, limit: int) -> tuple[Place, ...]:
    """Return places that do not parse, at most so many.

    Raises:
        StaleChange: the files change faster than they can be read.
    """

    def ask(analysis: Analysis, places: Places) -> tuple[Place, ...]:
        found = (
            places.place(path, problem.range)
            for path, problems in analysis.index.problems.items()
            for problem in problems
        )
        return tuple(islice(found, limit))

    problems, _ = await queries.answer(ask)
    return problems


def _read(analysis: Analysis, places: Places, name: str, view: View) -> Reading:
    index = analysis.index
    meant = _meant(analysis, name)
    if not meant:
        hits = index.search_symbols(name.rpartition(":")[2], _MOST_LIKE)
        like = dict.fromkeys(f"{hit.symbol.path}:{hit.symbol.qualified_name}" for hit in hits)
        return Reading(name, None, like=tuple(like))
    if len(meant) > 1:
        shown = tuple(places.symbol(each) for each in meant[:MOST_PLACES])
        return Reading(name, None, places=shown, is_cut=len(meant) > MOST_PLACES)
    (symbol,) = meant
    text = places.text(symbol.path)
    related, is_cut = _related(index, symbol, view)
    return Reading(
        name,
        places.symbol(symbol),
        end_line=places.place(symbol.path, symbol.range).end_line,
        body=_body(text, symbol) if view == "body" else "",
        related=tuple(
            Related(places.symbol(each.symbol), _CONFIDENCES[each.confidence.name])
            for each in related[:MOST_RELATED]
        ),
        is_cut=is_cut or len(related) > MOST_RELATED,
    )


def _body(text: str, symbol: Symbol) -> str:
    """Return a definition's text, with the indentation of its first line."""
    start = text.rfind("\n", 0, symbol.range.start) + 1
    before = text[start : symbol.range.start]
    begin = symbol.range.start if before.strip() else start
    return text[begin : symbol.range.end]


_CONFIDENCES = {"EXACT": "exact", "LIKELY": "likely", "BY_NAME": "byName"}


def _meant(analysis: Analysis, name: str) -> tuple[Symbol, ...]:
    """Return the definitions of a name; who writes a whole name does not mean a longer one."""
    found = tuple(symbols_meant(analysis, name))
    own = name.rpartition(":")[2]
    whole = tuple(symbol for symbol in found if symbol.qualified_name == own)
    return whole or found


def _related(index: Index, symbol: Symbol, view: View) -> tuple[tuple[Resolved, ...], bool]:
    is_late = _deadline()
    found: Iterable[Resolved] = ()
    if view == "callers":
        found = callers_of(index, symbol, should_stop=is_late)
    elif view == "callees":
        found = callees_of(index, symbol)
    elif view == "tests":
        found = tests_of(index, symbol, should_stop=is_late)
    return tuple(found), is_late()


def _deadline() -> Callable[[], bool]:
    end = time.monotonic() + READING_TIMEOUT_S
    return lambda: time.monotonic() > end
