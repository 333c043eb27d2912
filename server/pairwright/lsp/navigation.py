"""Where is that defined, and used? LSP's questions about code, answered from the index.

Positions are turned round with the very text that the answer is true of.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.uris import from_fs_path

from pairwright.engine.places import Spot
from pairwright.engine.queries import Queries
from pairwright.lsp.connection import Work
from pairwright.lsp.convert import PositionConverter
from pairwright.lsp.failures import ErrorCode, ProtocolError
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.sync import DocumentSync, workspace_path
from pairwright.lsp.wire import structure, unstructure
from pairwright.syntax.outline import Symbol, SymbolKind
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath

Params = TypeVar("Params")

MOST_WORKSPACE_SYMBOLS = 200

_KINDS: Mapping[SymbolKind, types.SymbolKind] = {
    SymbolKind.MODULE: types.SymbolKind.Module,
    SymbolKind.CLASS: types.SymbolKind.Class,
    SymbolKind.INTERFACE: types.SymbolKind.Interface,
    SymbolKind.ENUM: types.SymbolKind.Enum,
    SymbolKind.TYPE: types.SymbolKind.TypeParameter,
    SymbolKind.FUNCTION: types.SymbolKind.Function,
    SymbolKind.METHOD: types.SymbolKind.Method,
    SymbolKind.VARIABLE: types.SymbolKind.Variable,
    SymbolKind.MACRO: types.SymbolKind.Function,
    SymbolKind.SECTION: types.SymbolKind.String,
    SymbolKind.KEY: types.SymbolKind.Key,
    SymbolKind.TABLE: types.SymbolKind.Struct,
}


class Navigation:
    """One client's questions about code."""

    def __init__(
        self, queries: Queries, documents: DocumentSync, traits: ClientTraits, root: Path
    ) -> None:
        """Answer in the client's position encoding, with its own names for open documents."""
        self._queries = queries
        self._documents = documents
        self._traits = traits
        self._root = root
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: _typed(
                types.DocumentSymbolParams, self._document_symbols
            ),
            types.WORKSPACE_SYMBOL: _typed(types.WorkspaceSymbolParams, self._workspace_symbols),
            types.TEXT_DOCUMENT_DEFINITION: _begun(types.DefinitionParams, self._definitions),
            types.TEXT_DOCUMENT_REFERENCES: _begun(types.ReferenceParams, self._references),
        }

    async def _document_symbols(
        self, params: types.DocumentSymbolParams
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
        path = self._path(params.text_document.uri)
        outline, text = await self._queries.outline(path)
        converter = PositionConverter(text, self._traits.encoding)
        if self._traits.nests_symbols:
            return _nested(outline.symbols, converter)
        uri = params.text_document.uri
        return [
            _information(symbol, types.Location(uri, converter.to_lsp_range(symbol.range)))
            for symbol in outline.symbols
        ]

    async def _workspace_symbols(
        self, params: types.WorkspaceSymbolParams
    ) -> list[types.SymbolInformation]:
        found = await self._queries.workspace_symbols(params.query, MOST_WORKSPACE_SYMBOLS)
        locations = self._locations([spot for _, spot in found])
        symbols = (symbol for symbol, _ in found)
        return [_information(*each) for each in zip(symbols, locations, strict=True)]

    def _definitions(self, params: types.DefinitionParams) -> Work:
        find_place = self._place(params.text_document.uri, params.position)

        async def work() -> list[types.Location]:
            return self._locations(await self._queries.definitions(await find_place()))

        return work

    def _references(self, params: types.ReferenceParams) -> Work:
        find_place = self._place(params.text_document.uri, params.position)
        with_definitions = params.context.include_declaration

        async def work() -> list[types.Location]:
            place = await find_place()
            return self._locations(
                await self._queries.references_at(place, with_definitions=with_definitions)
            )

        return work

    def _place(self, uri: str, position: types.Position) -> Callable[[], Awaitable[Spot]]:
        """Return what finds a place: in the buffer as it is now, else in the file."""
        path = self._path(uri)
        document = self._documents.find(path)

        async def find() -> Spot:
            text = document.text if document else (await self._queries.outline(path))[1]
            offset = PositionConverter(text, self._traits.encoding).from_lsp_position(position)
            return Spot(path, TextRange(offset, offset), text)

        return find

    def _path(self, uri: str) -> WorkspacePath:
        path = workspace_path(uri, self._root)
        if path is None:
            reason = f"{uri[:200]!r} is no file of this workspace"
            raise ProtocolError(ErrorCode.INVALID_PARAMS, reason)
        return path

    def _locations(self, spots: list[Spot] | tuple[Spot, ...]) -> list[types.Location]:
        converters: dict[WorkspacePath, PositionConverter] = {}
        locations = []
        for spot in spots:
            converter = converters.get(spot.path)
            if converter is None:
                converter = PositionConverter(spot.text, self._traits.encoding)
                converters[spot.path] = converter
            locations.append(
                types.Location(self._uri(spot.path), converter.to_lsp_range(spot.range))
            )
        return locations

    def _uri(self, path: WorkspacePath) -> str:
        document = self._documents.find(path)
        return document.uri if document else from_fs_path(str(self._root / path)) or ""


def _nested(
    symbols: tuple[Symbol, ...], converter: PositionConverter
) -> list[types.DocumentSymbol]:
    """Return symbols inside one another, as their ranges are."""
    top: list[types.DocumentSymbol] = []
    around: list[tuple[int, list[types.DocumentSymbol]]] = []
    for symbol in symbols:
        while around and around[-1][0] <= symbol.range.start:
            around.pop()
        children: list[types.DocumentSymbol] = []
        shown = types.DocumentSymbol(
            name=symbol.name or symbol.qualified_name or "?",
            kind=_KINDS[symbol.kind],
            range=converter.to_lsp_range(symbol.range),
            selection_range=converter.to_lsp_range(symbol.name_range),
            detail=symbol.signature,
            children=children,
        )
        (around[-1][1] if around else top).append(shown)
        around.append((symbol.range.end, children))
    return top


def _information(symbol: Symbol, location: types.Location) -> types.SymbolInformation:
    return types.SymbolInformation(
        location=location,
        name=symbol.name or symbol.qualified_name or "?",
        kind=_KINDS[symbol.kind],
        container_name=symbol.qualified_name.rpartition(".")[0] or None,
    )


def _typed(kind: type[Params], meet: Callable[[Params], Awaitable[Any]]) -> Callable[[Any], Work]:
    """Return what begins a request: structures its params at once, meets it as its own task."""
    return _begun(kind, lambda params: partial(meet, params))


def _begun(kind: type[Params], begin_with: Callable[[Params], Work]) -> Callable[[Any], Work]:
    """Return what begins a request that takes something in at once: later it may be another."""

    def begin(params: Any) -> Work:
        return partial(_met, begin_with(structure(kind, params)))

    return begin


async def _met(work: Work) -> Any:
    return unstructure(await work())
