"""Does the person want this change? Asked by a message with answers, where there is no review.

A file that can run code or steers an assistant is asked for by name: "all" does not mean it.
"""

from typing import Protocol

from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Connection
from pairwright.lsp.tasks.asking import Asker
from pairwright.protocol import messages
from pairwright.protocol.change_messages import ChangeParams, ChangeView
from pairwright.protocol.cost_messages import Receipt

CONSENT_TIMEOUT_S = 3600.0
"""Seconds that a question stands; then the change goes on waiting."""
KEEP, SHOW, DISCARD = "Keep all", "Show", "Discard"
KEEP_TOO, LEAVE_OUT = "Keep it too", "Leave it out"
ERROR, WARNING, INFO = 1, 2, 3
"""LSP's `MessageType`."""
MOST_MESSAGE = 4000


class Reviewing(Protocol):
    """Shows a proposed change and other texts in the editor."""

    async def show(self, change: ChangeView) -> None:
        """Open what a change would make of the files."""
        ...

    async def show_text(self, title: str, markdown: str) -> None:
        """Open a text."""
        ...


class Consent:
    """Tells and asks one client's person."""

    def __init__(
        self,
        connection: Connection,
        session: Session,
        *,
        can_ask: bool,
        reviewing: Reviewing | None = None,
    ) -> None:
        """Ask only a client that can; `Show` is an answer only where `reviewing` shows changes."""
        self._connection = connection
        self._session = session
        self._asker = Asker(connection, timeout_s=CONSENT_TIMEOUT_S) if can_ask else None
        self._reviewing = reviewing

    def tell(self, message: str, kind: int = INFO) -> None:
        """Show a message."""
        params = {"type": kind, "message": f"Pairwright: {message}"[:MOST_MESSAGE]}
        self._connection.notify("window/showMessage", params)

    async def show_text(self, title: str, markdown: str) -> None:
        """Show a longer text."""
        if self._reviewing is not None:
            await self._reviewing.show_text(title, markdown)
        else:
            self.tell(f"{title}\n\n{markdown}")

    async def decide(self, result: messages.RunResult) -> None:
        """Have a change decided; one that nobody decides goes on waiting.

        Raises:
            UserError, StaleChange: the decision cannot be carried out; nothing was written.
        """
        params = ChangeParams(task_id=result.task_id)
        change = await self._session.changes.change(params)
        question = f"{_summary(change)}: {result.message}. {_cost(result.receipt)}"
        if self._asker is None:
            self.tell(f"{question} It waits for a decision.")
            return
        answers = (KEEP, SHOW, DISCARD) if self._reviewing is not None else (KEEP, DISCARD)
        while (answer := await self._asker.ask(question, answers)) == SHOW and self._reviewing:
            await self._reviewing.show(await self._session.changes.change(params))
        if answer == KEEP:
            await self._keep(self._asker, await self._session.changes.change(params))
        elif answer == DISCARD:
            await self._session.reject(messages.RejectParams(task_id=result.task_id))

    async def _keep(self, asker: Asker, change: ChangeView) -> None:
        approved: list[str] = []
        refused: set[str] = set()
        for path in dict.fromkeys(hunk.path for hunk in change.pending if hunk.needs_approval):
            question = f"Builds, tests or assistants obey {path}. Keep its change, too?"
            if await asker.ask(question, (KEEP_TOO, LEAVE_OUT)) == KEEP_TOO:
                approved.append(path)
            else:
                refused.add(path)
        kept = tuple(hunk.hunk_id for hunk in change.pending if hunk.path not in refused)
        if not kept:
            return
        accepted = await self._session.accept(
            messages.AcceptParams(
                task_id=change.task_id,
                hunk_ids=kept if refused else None,
                approved_paths=tuple(approved),
            )
        )
        self.tell("\n".join((f"Kept: {', '.join(accepted.files)}", *accepted.notes)))


def _summary(change: ChangeView) -> str:
    files = len({hunk.path for hunk in change.pending})
    hunks = len(change.pending)
    size = f"{hunks} hunk{'s' * (hunks != 1)} in {files} file{'s' * (files != 1)}"
    notes = change.verdict.notes if change.verdict is not None else ()
    label = " ".join(change.label.split())[:80]
    return "; ".join((f"{label} – {size}", *notes))


def _cost(receipt: Receipt) -> str:
    least = "at least " if receipt.unpriced_calls else ""
    return f"It cost {least}${receipt.cost_usd:.4f}."
