"""How is the person at an editor asked? As `window/showMessageRequest`, with answers to pick."""

import logging
from typing import Any

from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError

SHOW_MESSAGE_REQUEST = "window/showMessageRequest"
ANSWER_TIMEOUT_S = 45.0
"""Seconds that a person may think: an assistant waits, and most give up after a minute."""
_INFO = 3
_log = logging.getLogger(__name__)


class Asker:
    """Asks one client's person."""

    def __init__(self, connection: Connection, *, timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        """Take the client's connection."""
        self._connection = connection
        self._timeout_s = timeout_s

    async def ask(self, question: str, answers: tuple[str, ...]) -> str | None:
        """Return the answer that was picked; None: none was, in time."""
        params = {
            "type": _INFO,
            "message": f"Pairwright: {question}",
            "actions": [{"title": answer} for answer in answers],
        }
        try:
            picked: Any = await self._connection.request(
                SHOW_MESSAGE_REQUEST, params, timeout_s=self._timeout_s
            )
        except (TimeoutError, ClientGone, ProtocolError) as error:
            _log.info("the person did not answer: %s", str(error) or "not in time")
            return None
        title = picked.get("title") if isinstance(picked, dict) else None
        return title if title in answers else None
