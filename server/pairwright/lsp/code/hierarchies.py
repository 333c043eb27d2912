"""Who calls it, what does it call, and what is above and below a class? LSP's two hierarchies.

An item names its definition by file and qualified name, so that a question about one that was
shown a while ago is met on the text as it is now, or refused as stale.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from lsprotocol import types

from pairwright.engine.questions.at_places import CodeQuestions, Definition, DefinitionName
from pairwright.lsp.code.hovering import SURE
from pairwright.lsp.code.places import CodePlaces, asked, begun
from pairwright.lsp.code.symbol_kinds import LSP_KINDS
from pairwright.lsp.documents.convert import PositionConverter
from pairwright.lsp.stream.connection import Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.syntax.outline import SymbolKind
from pairwright.workspace.paths import WorkspacePath

_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO, SymbolKind.CLASS})
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM})
_Ask = Callable[[DefinitionName], Awaitable[tuple[Definition, ...]]]


class Hierarchies:
    """One client's questions about what hangs together."""

    def __init__(self, questions: CodeQuestions, places: CodePlaces) -> None:
        """Answer with the client's own names for open documents."""
        self._questions = questions
        self._places = places
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY: begun(
                types.CallHierarchyPrepareParams, self._prepare_calls
            ),
            types.CALL_HIERARCHY_INCOMING_CALLS: asked(
                types.CallHierarchyIncomingCallsParams, self._incoming
            ),
            types.CALL_HIERARCHY_OUTGOING_CALLS: asked(
                types.CallHierarchyOutgoingCallsParams, self._outgoing
            ),
            types.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY: begun(
                types.TypeHierarchyPrepareParams, self._prepare_types
            ),
            types.TYPE_HIERARCHY_SUPERTYPES: asked(
                types.TypeHierarchySupertypesParams, self._types_by(questions.supertypes)
            ),
            types.TYPE_HIERARCHY_SUBTYPES: asked(
                types.TypeHierarchySubtypesParams, self._types_by(questions.subtypes)
            ),
        }

    def _prepare_calls(self, params: types.CallHierarchyPrepareParams) -> Work:
        return self._prepare(params, types.CallHierarchyItem, _CALLABLE)

    def _prepare_types(self, params: types.TypeHierarchyPrepareParams) -> Work:
        return self._prepare(params, types.TypeHierarchyItem, _TYPES)

    def _prepare(
        self,
        params: types.CallHierarchyPrepareParams | types.TypeHierarchyPrepareParams,
        kind: Callable[..., Any],
        wanted: frozenset[SymbolKind],
    ) -> Work:
        find_place = self._places.find(params.text_document.uri, params.position)

        async def work() -> list[Any] | None:
            found = await self._questions.described(await find_place())
            meant = [each for each in found if each.symbol.kind in wanted]
            return self._items(meant, kind) or None

        return work

    async def _incoming(
        self, params: types.CallHierarchyIncomingCallsParams
    ) -> list[types.CallHierarchyIncomingCall]:
        found = await self._questions.calls_to(self._name(params.item))
        items = self._items(found, types.CallHierarchyItem)
        return [
            types.CallHierarchyIncomingCall(item, self._places.ranges(each.calls))
            for item, each in zip(items, found, strict=True)
        ]

    async def _outgoing(
        self, params: types.CallHierarchyOutgoingCallsParams
    ) -> list[types.CallHierarchyOutgoingCall]:
        found = await self._questions.calls_from(self._name(params.item))
        items = self._items(found, types.CallHierarchyItem)
        return [
            types.CallHierarchyOutgoingCall(item, self._places.ranges(each.calls))
            for item, each in zip(items, found, strict=True)
        ]

    def _types_by(self, ask: _Ask) -> Callable[[Any], Awaitable[list[types.TypeHierarchyItem]]]:
        async def meet(params: Any) -> list[types.TypeHierarchyItem]:
            return self._items(await ask(self._name(params.item)), types.TypeHierarchyItem)

        return meet

    def _name(self, item: types.CallHierarchyItem | types.TypeHierarchyItem) -> DefinitionName:
        said = item.data if isinstance(item.data, dict) else {}
        name, near = said.get("name"), said.get("near")
        if not isinstance(name, str) or not isinstance(near, int):
            raise ProtocolError(ErrorCode.INVALID_PARAMS, "item: not one of ours")
        return DefinitionName(self._places.path(item.uri), name, near)

    def _items(
        self, found: tuple[Definition, ...] | list[Definition], kind: Callable[..., Any]
    ) -> list[Any]:
        converters: dict[WorkspacePath, PositionConverter] = {}
        items = []
        for each in found:
            path = each.spot.path
            converter = converters.get(path)
            if converter is None:
                converter = converters[path] = self._places.converter(each.spot.text)
            symbol, sureness = each.symbol, SURE[each.confidence]
            items.append(
                kind(
                    name=symbol.name or symbol.path.rpartition("/")[2],
                    kind=LSP_KINDS[symbol.kind],
                    uri=self._places.uri(path),
                    range=converter.to_lsp_range(symbol.range),
                    selection_range=converter.to_lsp_range(symbol.name_range),
                    detail=f"{path} ({sureness})" if sureness else str(path),
                    data={"name": symbol.qualified_name, "near": symbol.name_range.start},
                )
            )
        return items
