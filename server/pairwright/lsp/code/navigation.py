"""Where is that defined, and used? LSP's questions about code, answered from the index.

Positions are turned round with the very text that the answer is true of.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lsprotocol import types

from pairwright.engine.questions.queries import Queries
from pairwright.lsp.code.places import CodePlaces, asked, begun
from pairwright.lsp.code.symbol_kinds import LSP_KINDS
from pairwright.lsp.documents.convert import PositionConverter
from pairwright.lsp.stream.connection import Work
from pairwright.syntax.outline import Symbol
from pairwright.workspace.paths import WorkspacePath

MOST_WORKSPACE_SYMBOLS = 100
"""What stands further down is a worse guess than one letter more."""


class Navigation:
    """One client's questions about code."""

    def __init__(self, queries: Queries, places: CodePlaces, *, nests_symbols: bool) -> None:
        """Show a document's symbols inside one another, or flat."""
        self._queries = queries
        self._places = places
        self._nests_symbols = nests_symbols
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: asked(
                types.DocumentSymbolParams, self._document_symbols
            ),
            types.WORKSPACE_SYMBOL: asked(types.WorkspaceSymbolParams, self._workspace_symbols),
            types.TEXT_DOCUMENT_DEFINITION: begun(types.DefinitionParams, self._definitions),
            types.TEXT_DOCUMENT_REFERENCES: begun(types.ReferenceParams, self._references),
        }

    async def _document_symbols(
        self, params: types.DocumentSymbolParams
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
        path = self._places.path(params.text_document.uri)
        symbols, text = await self._queries.symbols_in(path)
        converter = self._places.converter(text)
        if self._nests_symbols:
            return _nested(symbols, converter)
        uri = params.text_document.uri
        return [
            _information(symbol, types.Location(uri, converter.to_lsp_range(symbol.range)))
            for symbol in symbols
        ]

    async def _workspace_symbols(
        self, params: types.WorkspaceSymbolParams
    ) -> list[types.SymbolInformation]:
        found, _ = await self._queries.workspace_symbols(params.query, MOST_WORKSPACE_SYMBOLS)
        return [
            _information(symbol, self._places.location(WorkspacePath(symbol.path), lines))
            for symbol, lines in found
        ]

    def _definitions(self, params: types.DefinitionParams) -> Work:
        find_place = self._places.find(params.text_document.uri, params.position)

        async def work() -> list[types.Location]:
            return self._places.locations(await self._queries.definitions(await find_place()))

        return work

    def _references(self, params: types.ReferenceParams) -> Work:
        find_place = self._places.find(params.text_document.uri, params.position)
        with_definitions = params.context.include_declaration

        async def work() -> list[types.Location]:
            place = await find_place()
            return self._places.locations(
                await self._queries.references_at(place, with_definitions=with_definitions)
            )

        return work


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
            kind=LSP_KINDS[symbol.kind],
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
        kind=LSP_KINDS[symbol.kind],
        container_name=symbol.qualified_name.rpartition(".")[0] or None,
    )
