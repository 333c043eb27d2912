"""What can be folded, and what is around the caret? LSP's questions about one file's shape."""

from collections.abc import Callable, Mapping
from typing import Any

from lsprotocol import types

from pairwright.engine.questions.at_places import CodeQuestions
from pairwright.lsp.code.places import CodePlaces, asked, begun
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.stream.connection import Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.syntax.shapes import FoldingKind

MOST_FOLDINGS = 5_000
MOST_POSITIONS = 1_000
"""Of one request: an editor sends one for each caret."""


class Shaping:
    """One client's questions about a file's shape."""

    def __init__(self, questions: CodeQuestions, places: CodePlaces, traits: ClientTraits) -> None:
        """Fold no more than the client takes."""
        self._questions = questions
        self._places = places
        self._most = MOST_FOLDINGS
        if traits.most_foldings is not None:
            self._most = min(traits.most_foldings, MOST_FOLDINGS)
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            types.TEXT_DOCUMENT_FOLDING_RANGE: asked(types.FoldingRangeParams, self._foldings),
            types.TEXT_DOCUMENT_SELECTION_RANGE: begun(
                types.SelectionRangeParams, self._selections
            ),
        }

    async def _foldings(self, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        found = await self._questions.foldings(self._places.path(params.text_document.uri))
        return [
            types.FoldingRange(
                each.first_line,
                each.last_line,
                kind=(types.FoldingRangeKind.Imports if each.kind is FoldingKind.IMPORTS else None),
            )
            for each in found[: self._most]
        ]

    def _selections(self, params: types.SelectionRangeParams) -> Work:
        if len(params.positions) > MOST_POSITIONS:
            reason = f"positions: at most {MOST_POSITIONS}"
            raise ProtocolError(ErrorCode.INVALID_PARAMS, reason)
        find_places = self._places.find_all(params.text_document.uri, params.positions)

        async def work() -> list[types.SelectionRange]:
            places = await find_places()
            if not places:
                return []
            chains = await self._questions.surroundings(places)
            converter = self._places.converter(places[0].text)
            selections = []
            for chain in chains:
                selection: types.SelectionRange | None = None
                for each in reversed(chain):
                    selection = types.SelectionRange(converter.to_lsp_range(each), selection)
                assert selection is not None  # noqa: S101 - no chain is empty
                selections.append(selection)
            return selections

        return work
