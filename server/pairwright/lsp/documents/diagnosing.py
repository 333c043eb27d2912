"""What would the editor show of a proposed text? Our own request, for clients that declare it."""

import logging
from collections.abc import Mapping

from pairwright.checks.verdict import Problem
from pairwright.errors import InvalidRequest
from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.protocol import methods
from pairwright.protocol.codec import decode, encode
from pairwright.protocol.editor_messages import DiagnoseParams, DiagnoseResult, ProposedFile
from pairwright.workspace.paths import WorkspacePath

DIAGNOSE_TIMEOUT_S = 20.0
"""Seconds that an editor's language servers may take to look at the texts."""

_log = logging.getLogger(__name__)


class Diagnoser:
    """Asks one client for its diagnostics."""

    def __init__(self, connection: Connection, *, timeout_s: float = DIAGNOSE_TIMEOUT_S) -> None:
        """Take the client's connection."""
        self._connection = connection
        self._timeout_s = timeout_s

    async def ask(self, texts: Mapping[WorkspacePath, str | None]) -> tuple[Problem, ...] | None:
        """Return what the editor would underline, were these the texts; None: it did not say."""
        files = tuple(ProposedFile(path=path, text=text) for path, text in texts.items())
        try:
            answer = await self._connection.request(
                methods.DIAGNOSE, encode(DiagnoseParams(files=files)), timeout_s=self._timeout_s
            )
            result = decode(DiagnoseResult, answer)
        except (TimeoutError, ClientGone, ProtocolError, InvalidRequest) as error:
            # The gate does without: an editor's opinion is one more, and not the last word.
            _log.info("the editor did not diagnose: %s", str(error) or "no answer in time")
            return None
        return tuple(
            Problem(
                problem.path,
                max(problem.line, 0),
                problem.message,
                problem.rule,
                problem.source or "the editor",
            )
            for problem in result.problems
            if problem.path in texts
        )
