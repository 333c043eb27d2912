"""How far is a task that a command began? Shown as work-done progress, with an end to press.

LSP 3.17, "Server Initiated Progress". What models write is not streamed here: a bar has one line.
"""

import secrets
from typing import Any

from pairwright.engine.spending.estimating import in_words as estimate_in_words
from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.protocol import messages
from pairwright.protocol.budget_messages import EstimateMade

_CREATE_TIMEOUT_S = 10.0
_MOST_LINE = 120


class TaskProgress:
    """One task's bar; silent when the client shows none."""

    def __init__(self, connection: Connection, title: str) -> None:
        """Take a token of our own; nothing is shown before `begin`."""
        self.token = f"pairwright-task-{secrets.token_hex(8)}"
        self._connection = connection
        self._title = title
        self._is_shown = False

    async def begin(self) -> None:
        """Ask the client to show it; one that refuses is told nothing more."""
        try:
            params = {"token": self.token}
            method = "window/workDoneProgress/create"
            await self._connection.request(method, params, timeout_s=_CREATE_TIMEOUT_S)
        except (ProtocolError, ClientGone, TimeoutError):
            return
        self._is_shown = True
        self._say({"kind": "begin", "title": self._title, "cancellable": True})

    async def hear(self, event: messages.TaskEvent) -> None:
        """Show what happens now, if it is worth a line."""
        line = in_words(event)
        if self._is_shown and line:
            report = {"kind": "report", "message": line[:_MOST_LINE]}
            self._connection.progress_latest(self.token, report)

    def end(self, message: str) -> None:
        """Take it away; harmless when it was never shown."""
        if self._is_shown:
            self._is_shown = False
            self._say({"kind": "end", "message": message[:_MOST_LINE]})

    def _say(self, value: Any) -> None:
        self._connection.notify("$/progress", {"token": self.token, "value": value})


def in_words(event: messages.TaskEvent) -> str:
    """Return a line about an event; empty when it is none for a bar."""
    match event:
        case messages.StepStarted(step=step, tier=tier, model=model, attempt=attempt):
            return f"{step}: {tier} model {model}" + (f", attempt {attempt}" if attempt > 1 else "")
        case messages.ProgressMade(step=step):
            return step
        case EstimateMade(estimate=made):
            return estimate_in_words(made)
        case messages.TestsRun(is_green=is_green):
            return "the tests pass" if is_green else "the tests fail"
        case messages.Checked(verdict=verdict):
            return verdict.badge
        case messages.Escalated(rung=rung, reason=reason):
            return f"next: {rung} ({reason})"
    return ""
