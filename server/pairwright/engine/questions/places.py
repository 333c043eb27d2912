"""Where is a range of a file, in lines and columns? For the answers to one question.

Remembers which files were spoken of, so that exactly these can be compared with the disk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pairwright.errors import StaleChange
from pairwright.index.resolution import ResolvedReference
from pairwright.index.resolving.meanings import Confidence
from pairwright.protocol import index_messages as messages
from pairwright.syntax.outline import Symbol
from pairwright.text.ranges import FewPlaces, TextRange
from pairwright.workspace.documents import Document
from pairwright.workspace.files import FileReader
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

_CONFIDENCES: Mapping[Confidence, Literal["exact", "likely", "byName"]] = {
    Confidence.EXACT: "exact",
    Confidence.LIKELY: "likely",
    Confidence.BY_NAME: "byName",
}
_MOST_LINE = 200
"""Characters of a line that are shown."""
_MOST_BEFORE, _MOST_AFTER = 60, 80
"""Of them, those before and after a place far to the right."""
_MOST_KNOWN = 4_000
"""Ranges that are remembered by their lines, and as many of the time before: some megabytes."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A range of a file, with the text that it is of."""

    path: WorkspacePath
    range: TextRange
    text: str


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A place by its line; both count from 0."""

    line: int
    column: int
    before: str
    """What stands before it on its line, where that is not all ASCII; else empty."""


@dataclass(frozen=True, slots=True)
class LineRange:
    """A range by its lines; no text is needed to say it in an editor's own encoding."""

    start: LinePlace
    end: LinePlace


class KnownPlaces:
    """Where ranges were found in texts that were read before; safe with threads.

    Of equal texts, as their digests say, nothing has to be read again.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._new: dict[_Key, LineRange] = {}
        self._old: dict[_Key, LineRange] = {}

    def find(self, digest: str, text_range: TextRange) -> LineRange | None:
        """Return a range of a text by its lines; None: it is not known."""
        key = digest, text_range.start, text_range.end
        found = self._new.get(key) or self._old.get(key)
        if found is not None:
            self._new[key] = found
        return found

    def note(self, digest: str, text_range: TextRange, found: LineRange) -> None:
        """Remember a range; of many those are forgotten that were not asked for of late."""
        if len(self._new) >= _MOST_KNOWN:
            self._new, self._old = {}, self._new
        self._new[digest, text_range.start, text_range.end] = found


_Key = tuple[str, int, int]


class Places:
    """Ranges on their way to lines and columns; each text is read once."""

    def __init__(self, snapshot: Snapshot, reader: FileReader, known: KnownPlaces) -> None:
        """Speak of the files of a snapshot.

        Args:
            snapshot: what they say.
            reader: where their texts are read from.
            known: is asked, and told, of ranges by their lines.
        """
        self._reader = reader
        self._known = known
        self._documents = snapshot.documents
        self._texts: dict[WorkspacePath, str] = {}
        self._lines: dict[WorkspacePath, FewPlaces] = {}
        self._named: dict[WorkspacePath, None] = {}

    @property
    def named(self) -> tuple[WorkspacePath, ...]:
        """The files that were spoken of, also those that could not be read."""
        return tuple(self._named)

    def name(self, paths: Iterable[str]) -> None:
        """Note that files are spoken of."""
        self._named.update((WorkspacePath(path), None) for path in paths)

    def spot(self, path: str, text_range: TextRange) -> Spot:
        """Return a range with its text.

        Raises:
            StaleChange: the file is gone, or changed on the disk.
        """
        return Spot(WorkspacePath(path), text_range, self.text(path))

    def text(self, path: str) -> str:
        """Return a file's text.

        Raises:
            StaleChange: the file is gone, or changed on the disk.
        """
        known_path = WorkspacePath(path)
        self._named[known_path] = None
        text = self._texts.get(known_path)
        if text is None:
            text = self._document(known_path).read_text(self._reader)
            self._texts[known_path] = text
        return text

    def lines(self, path: str, text_range: TextRange) -> LineRange:
        """Return a range by its lines; the text is read only if it is not known there.

        Raises:
            StaleChange: the file is gone, or changed on the disk.
        """
        known_path = WorkspacePath(path)
        self._named[known_path] = None
        digest = self._document(known_path).digest
        found = self._known.find(digest, text_range)
        if found is None:
            text = self.text(path)
            lines = self._lines_in(known_path, text)
            (line, start), (end_line, end_start) = lines.lines_around(text_range)
            found = LineRange(
                _line_place(line, text[start : text_range.start]),
                _line_place(end_line, text[end_start : text_range.end]),
            )
            if max(len(found.start.before), len(found.end.before)) <= _MOST_LINE:
                self._known.note(digest, text_range, found)
        return found

    def place(self, path: str, text_range: TextRange) -> messages.Place:
        """Return a range by its lines and columns.

        Raises:
            StaleChange: the file is gone, or changed on the disk.
        """
        spot = self.spot(path, text_range)
        lines = self._lines_in(spot.path, spot.text)
        (line, start), (end_line, end_start) = lines.lines_around(text_range)
        line_text = lines.rest_of_line(start)
        column = text_range.start - start
        shown_from = max(0, column - _MOST_BEFORE) if column + _MOST_AFTER > _MOST_LINE else 0
        return messages.Place(
            path=path,
            line=line,
            column=column,
            end_line=end_line,
            end_column=text_range.end - end_start,
            line_text=line_text[shown_from : shown_from + _MOST_LINE],
            shown_from=shown_from,
        )

    def symbol(self, symbol: Symbol, score: float = 0.0) -> messages.SymbolView:
        """Return a definition as it is shown."""
        return messages.SymbolView(
            name=symbol.qualified_name,
            kind=symbol.kind.value,
            place=self.place(symbol.path, symbol.name_range),
            signature=symbol.signature,
            doc=symbol.doc.partition("\n")[0],
            score=round(score, 3),
        )

    def reference(self, found: ResolvedReference) -> messages.ReferenceView:
        """Return a use as it is shown."""
        return messages.ReferenceView(
            place=self.place(found.reference.path, found.reference.range),
            role=found.reference.role.value,
            confidence=_CONFIDENCES[found.confidence],
        )

    def _document(self, path: WorkspacePath) -> Document:
        document = self._documents.get(path)
        if document is None:
            raise StaleChange(f"{path!r} is gone")
        return document

    def _lines_in(self, path: WorkspacePath, text: str) -> FewPlaces:
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = FewPlaces(text)
        return lines


def _line_place(line: int, before: str) -> LinePlace:
    return LinePlace(line, len(before), "" if before.isascii() else before)
