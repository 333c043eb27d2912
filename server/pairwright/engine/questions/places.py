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


@dataclass(frozen=True, slots=True)
class Spot:
    """A range of a file, with the text that it is of."""

    path: WorkspacePath
    range: TextRange
    text: str


class Places:
    """Ranges on their way to lines and columns; each text is read and split once."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Speak of the files of a snapshot."""
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
            document = self._documents.get(known_path)
            if document is None:
                raise StaleChange(f"{path!r} is gone")
            text = self._texts[known_path] = document.read_text()
        return text

    def place(self, path: str, text_range: TextRange) -> messages.Place:
        """Return a range by its lines and columns.

        Raises:
            StaleChange: the file is gone, or changed on the disk.
        """
        spot = self.spot(path, text_range)
        lines = self._lines.get(spot.path)
        if lines is None:
            lines = self._lines[spot.path] = FewPlaces(spot.text)
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
