"""Which file and which place does a client speak of, and how are ours told to it?

Positions are turned round with the very text that the answer is true of.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from lsprotocol import types
from pygls.uris import from_fs_path

from pairwright.engine.questions.places import LineRange, Spot
from pairwright.engine.questions.queries import Queries
from pairwright.lsp.documents.convert import PositionConverter, to_lsp_range
from pairwright.lsp.documents.sync import DocumentSync, workspace_path
from pairwright.lsp.handshake import PositionEncoding
from pairwright.lsp.stream.connection import Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.lsp.stream.wire import structure, unstructure
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath

Params = TypeVar("Params")


class CodePlaces:
    """One client's files and places."""

    def __init__(
        self, queries: Queries, documents: DocumentSync, encoding: PositionEncoding, root: Path
    ) -> None:
        """Speak in the client's position encoding, with its own names for open documents."""
        self._queries = queries
        self._documents = documents
        self._encoding = encoding
        self._root = root
        # The library writes a whole one in 40 µs, and a list of symbols has a hundred.
        self._root_uri = (from_fs_path(str(root)) or "").rstrip("/")
        self._converter: PositionConverter | None = None

    def path(self, uri: str) -> WorkspacePath:
        """Return which file of the workspace is meant.

        Raises:
            ProtocolError: it is none.
        """
        document = self._documents.named(uri)
        # To follow the links in a path takes a look at each of its directories.
        path = document.path if document else workspace_path(uri, self._root)
        if path is None:
            reason = f"{uri[:200]!r} is no file of this workspace"
            raise ProtocolError(ErrorCode.INVALID_PARAMS, reason)
        return path

    def find(self, uri: str, position: types.Position) -> Callable[[], Awaitable[Spot]]:
        """Return what finds a place: in the buffer as it is now, else in the file."""
        find_all = self.find_all(uri, [position])

        async def find() -> Spot:
            return (await find_all())[0]

        return find

    def find_all(
        self, uri: str, positions: Iterable[types.Position]
    ) -> Callable[[], Awaitable[tuple[Spot, ...]]]:
        """Return what finds some places of one file: in the buffer as it is now, else in it."""
        path = self.path(uri)
        document = self._documents.find(path)

        async def find() -> tuple[Spot, ...]:
            text = document.text if document else (await self._queries.symbols_in(path))[1]
            converter = self.converter(text)
            offsets = [converter.from_lsp_position(position) for position in positions]
            return tuple(Spot(path, TextRange(offset, offset), text) for offset in offsets)

        return find

    def uri(self, path: WorkspacePath) -> str:
        """Return what the client calls a file."""
        document = self._documents.find(path)
        return document.uri if document else f"{self._root_uri}/{quote(path)}"

    def converter(self, text: str) -> PositionConverter:
        """Return what turns places of a text round; kept for the next question about the text."""
        if self._converter is None or self._converter.text is not text:
            self._converter = PositionConverter(text, self._encoding)
        return self._converter

    def ranges(self, spots: Iterable[Spot]) -> list[types.Range]:
        """Return places as ranges; each text's lines are looked for once."""
        converters: dict[WorkspacePath, PositionConverter] = {}
        ranges = []
        for spot in spots:
            converter = converters.get(spot.path)
            if converter is None:
                converter = converters[spot.path] = self.converter(spot.text)
            ranges.append(converter.to_lsp_range(spot.range))
        return ranges

    def location(self, path: WorkspacePath, lines: LineRange) -> types.Location:
        """Return a range that is known by its lines as a location."""
        return types.Location(self.uri(path), to_lsp_range(lines, self._encoding))

    def locations(self, spots: list[Spot] | tuple[Spot, ...]) -> list[types.Location]:
        """Return places as locations."""
        return [
            types.Location(self.uri(spot.path), lsp_range)
            for spot, lsp_range in zip(spots, self.ranges(spots), strict=True)
        ]


def asked(kind: type[Params], meet: Callable[[Params], Awaitable[Any]]) -> Callable[[Any], Work]:
    """Return what begins a request: structures its params at once, meets it as its own task."""
    return begun(kind, lambda params: partial(meet, params))


def begun(kind: type[Params], begin_with: Callable[[Params], Work]) -> Callable[[Any], Work]:
    """Return what begins a request that takes something in at once: later it may be another."""

    def begin(params: Any) -> Work:
        return partial(_met, begin_with(structure(kind, params)))

    return begin


async def _met(work: Work) -> Any:
    return unstructure(await work())
