"""Who works where? What each editor has open, and where a person typed in the last seconds.

A proposed hunk in such a place is marked: told to whoever proposed it, and shown to who decides.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pairwright.index.index import Index
from pairwright.protocol.change_messages import InUse
from pairwright.protocol.messages import HunkView
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.text.ranges import FewPlaces, TextRange
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

TYPING_S = 10.0
"""Seconds for which a person counts as typing in a place."""
_NEAR_LINES = 2
"""Between a hunk and where someone types outside of any definition."""


@dataclass(frozen=True, slots=True)
class Typing:
    """A place where a person typed last, in one file."""

    client: str
    path: WorkspacePath
    range: TextRange
    """What was written, in the text as it was then."""
    at_s: float


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A document that editors have open."""

    path: WorkspacePath
    clients: tuple[str, ...]
    typing: tuple[str, ...]
    """Those in which a person types now."""
    symbol: str
    """The definition in which somebody types; empty: none, or nobody does."""


class Presence:
    """Where the workspace's editors are."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody."""
        self._clock = clock
        self._open: dict[object, tuple[str, set[WorkspacePath]]] = {}
        self._typing: dict[tuple[object, WorkspacePath], Typing] = {}

    def opened(self, owner: object, client: str, path: WorkspacePath) -> None:
        """Note that an editor has a document open."""
        self._open.setdefault(owner, (client, set()))[1].add(path)

    def typed(self, owner: object, path: WorkspacePath, before: str, after: str) -> None:
        """Note where a text became another one."""
        if owner in self._open and before != after:
            client = self._open[owner][0]
            place = changed_range(before, after)
            self._typing[owner, path] = Typing(client, path, place, self._clock())

    def closed(self, owner: object, path: WorkspacePath) -> None:
        """Note that an editor let go of a document."""
        if owner in self._open:
            self._open[owner][1].discard(path)
        self._typing.pop((owner, path), None)

    def left(self, owner: object) -> None:
        """Forget an editor; harmless to repeat."""
        self._open.pop(owner, None)
        for key in [key for key in self._typing if key[0] is owner]:
            del self._typing[key]

    @property
    def typing(self) -> tuple[Typing, ...]:
        """Where people type now, the latest last."""
        since = self._clock() - TYPING_S
        recent = (each for each in self._typing.values() if each.at_s >= since)
        return tuple(sorted(recent, key=lambda each: each.at_s))

    def files(self, index: Index) -> tuple[OpenFile, ...]:
        """Return what is open, by path; definitions as the index knows them."""
        clients: dict[WorkspacePath, list[str]] = {}
        for client, paths in self._open.values():
            for path in paths:
                clients.setdefault(path, []).append(client)
        typing = {each.path: each for each in self.typing}
        return tuple(
            OpenFile(
                path=path,
                clients=tuple(sorted(names)),
                typing=tuple(each.client for each in self.typing if each.path == path),
                symbol=_name_around(index, typing[path]) if path in typing else "",
            )
            for path, names in sorted(clients.items())
        )


def in_use(
    hunks: Iterable[HunkView], typing: Iterable[Typing], index: Index, snapshot: Snapshot
) -> tuple[InUse, ...]:
    """Return which hunks lie where a person types now: in one definition, or on lines nearby."""
    typing = tuple(typing)
    found = []
    for hunk in hunks if typing else ():
        for each in typing:
            document = snapshot.documents.get(each.path)
            if each.path == hunk.path and document is not None:
                where = _shared_place(hunk, each, FewPlaces(document.text), index)
                if where:
                    found.append(InUse(hunk_id=hunk.hunk_id, client=each.client, where=where))
    return tuple(found)


def changed_range(before: str, after: str) -> TextRange:
    """Return the part of the later text outside of which both texts are the same."""
    least = min(len(before), len(after))
    start = _most(least, lambda size: before[:size] == after[:size])
    end = _most(
        least - start,
        lambda size: before[len(before) - size :] == after[len(after) - size :],
    )
    return TextRange(start, len(after) - end)


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """Return the largest size up to a limit that fits, when all smaller ones do."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _shared_place(hunk: HunkView, typing: Typing, lines: FewPlaces, index: Index) -> str:
    if hunk.file_change != "modify":
        return "the file"
    first = hunk.old_start
    last = first + max(0, len(hunk.old_lines) - 1)
    (begin, _), (end, _) = lines.lines_around(typing.range)
    if begin - _NEAR_LINES <= last and first <= end + _NEAR_LINES:
        around = _around(index, typing)
        return around.qualified_name if around else f"line {begin + 1}"
    around = _around(index, typing)
    if around is None:
        return ""
    (begin, _), (end, _) = lines.lines_around(around.range)
    return around.qualified_name if begin <= last and first <= end else ""


def _around(index: Index, typing: Typing) -> Symbol | None:
    """Return the innermost definition in which somebody types."""
    outline = index.outlines.get(typing.path)
    around = [
        symbol
        for symbol in (outline.symbols if outline else ())
        if symbol.kind is not SymbolKind.VARIABLE
        and symbol.range.start <= typing.range.start <= symbol.range.end
    ]
    return min(around, key=lambda each: len(each.range), default=None)


def _name_around(index: Index, typing: Typing) -> str:
    around = _around(index, typing)
    return around.qualified_name if around else ""
