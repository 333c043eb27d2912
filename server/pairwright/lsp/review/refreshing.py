"""When does a client ask anew? When we say that what it was told is another thing now.

LSP 3.17, `workspace/codeLens/refresh`, and 3.18, `workspace/textDocumentContent/refresh`. News that
come side by side are told once.
"""

import asyncio
import logging
from typing import Any

from lsprotocol import types

from pairwright.engine.background import in_background
from pairwright.lsp.abilities import Abilities
from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError

GATHERED_S = 0.05
"""Seconds in which more news may come before the client is told."""
_TIMEOUT_S = 30.0
_NEEDS = {
    types.WORKSPACE_CODE_LENS_REFRESH: "refreshes_lenses",
    types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH: "takes_content",
}
_log = logging.getLogger(__name__)


class Refreshing:
    """Tells one client, if it wants to know."""

    def __init__(
        self, connection: Connection, abilities: Abilities, *, gathered_s: float = GATHERED_S
    ) -> None:
        """Begin with nothing to tell."""
        self._connection = connection
        self._abilities = abilities
        self._gathered_s = gathered_s
        self._news: dict[tuple[str, str], Any] = {}
        self._telling: asyncio.Task[None] | None = None

    def lenses(self) -> None:
        """Have the client ask anew for code lenses."""
        self.request(types.WORKSPACE_CODE_LENS_REFRESH, None)

    def request(self, method: str, params: Any) -> None:
        """Have the client ask anew for what the method is about."""
        if getattr(self._abilities, _NEEDS[method]):
            self._news[method, str(params)] = params
            if self._telling is None or self._telling.done():
                self._telling = in_background(self._tell(), "telling what is outdated")

    def close(self) -> None:
        """Tell nothing more."""
        if self._telling is not None:
            self._telling.cancel()

    async def _tell(self) -> None:
        while self._news:
            await asyncio.sleep(self._gathered_s)
            news, self._news = self._news, {}
            for (method, _), params in news.items():
                try:
                    await self._connection.request(method, params, timeout_s=_TIMEOUT_S)
                except (ProtocolError, TimeoutError) as error:
                    _log.info("%s was not taken: %s", method, str(error) or "no answer in time")
                except ClientGone:
                    return
