"""How are our own questions about the index met? Params in, the queries asked, messages out."""

from collections.abc import Callable, Mapping
from typing import Any

from pairwright.engine.questions.queries import Queries
from pairwright.index.ranking import MapFocus
from pairwright.lsp.requests import typed
from pairwright.lsp.stream.connection import Connection, Work
from pairwright.protocol import index_messages as messages
from pairwright.protocol import methods
from pairwright.protocol.codec import encode


class IndexRequests:
    """Our methods about the index, for one client."""

    def __init__(
        self, connection: Connection, queries: Queries, around: Callable[[], MapFocus]
    ) -> None:
        """Answer from these queries; `around` says what is open and was edited of late."""
        self._connection = connection
        self._queries = queries
        self._around = around
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            methods.INDEX: typed(messages.IndexParams, self._index),
            methods.SYMBOLS: typed(messages.SymbolsParams, queries.symbols),
            methods.REFERENCES: typed(messages.ReferencesParams, queries.references),
            methods.SEARCH: typed(messages.SearchParams, queries.search),
            methods.MAP: typed(messages.MapParams, self._map),
        }

    async def _index(self, params: messages.IndexParams) -> messages.IndexReport:
        token = params.partial_result_token

        def on_progress(progress: messages.IndexProgress) -> None:
            if token is not None:
                self._connection.progress_latest(token, encode(progress))

        return await self._queries.index_report(params, on_progress)

    async def _map(self, params: messages.MapParams) -> messages.MapResult:
        return await self._queries.map(params, self._around())
