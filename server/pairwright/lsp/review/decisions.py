"""What happens when a lens is picked? The decision, and its reason to the person when it fails.

The command's answer says the same, for programs; only a command that makes no sense is an error.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pairwright.errors import PairwrightError, UserError
from pairwright.lsp.documents.opening import Opening
from pairwright.lsp.requests import Params, typed
from pairwright.lsp.review.verdicts import in_full
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.lsp.tasks.asking import Asker
from pairwright.lsp.tasks.consent import INFO, KEEP_TOO, LEAVE_OUT, WARNING
from pairwright.protocol import messages
from pairwright.protocol import review_commands as commands
from pairwright.protocol.change_messages import ChangeParams
from pairwright.protocol.review_commands import (
    CommandResult,
    DecisionArguments,
    ShowArguments,
)
from pairwright.workspace.paths import WorkspacePath, parse_path

Tell = Callable[[str, int], None]
"""Shows the person a message of LSP's `MessageType`."""


class ReviewDecisions:
    """The commands about changes, for one client."""

    def __init__(self, session: Session, opening: Opening, tell: Tell, asker: Asker | None) -> None:
        """`asker` is None for a client that cannot ask its person."""
        self._session = session
        self._opening = opening
        self._tell = tell
        self._asker = asker
        self.commands: Mapping[str, Callable[[Any], Work]] = {
            commands.KEEP_HUNK: command(DecisionArguments, self._keep_hunks, tell),
            commands.DISCARD_HUNK: command(DecisionArguments, self._discard_hunks, tell),
            commands.KEEP_FILE: command(DecisionArguments, self._keep, tell),
            commands.DISCARD_FILE: command(DecisionArguments, self._discard, tell),
            commands.SHOW_DIFF: command(DecisionArguments, self._show, tell),
            commands.SHOW_VERDICT: command(DecisionArguments, self._show_verdict, tell),
            commands.SHOW_RECEIPT: command(ShowArguments, self._show_receipt, tell),
            commands.SHOW_PLAN: command(ShowArguments, self._show_plan, tell),
        }

    async def _keep_hunks(self, asked: DecisionArguments) -> CommandResult:
        _require_hunks(asked)
        return await self._keep(asked)

    async def _discard_hunks(self, asked: DecisionArguments) -> CommandResult:
        _require_hunks(asked)
        return await self._discard(asked)

    async def _keep(self, asked: DecisionArguments) -> CommandResult:
        hunk_ids = await self._meant(asked)
        params = messages.AcceptParams(task_id=asked.task_id, hunk_ids=hunk_ids, check_only=True)
        approved = (await self._session.accept(params)).needs_approval
        for path in approved:
            if not await self._is_approved(path):
                raise UserError(f"nothing was written: {path} is kept only with your yes")
        kept = await self._session.accept(
            messages.AcceptParams(
                task_id=asked.task_id, hunk_ids=hunk_ids, approved_paths=tuple(approved)
            )
        )
        note = "\n".join(kept.notes)
        if note:
            self._tell(note, WARNING)
        return CommandResult(
            is_done=True,
            message=note,
            entry_id=kept.entry_id,
            pending=len(kept.pending) + len(kept.conflicts),
        )

    async def _discard(self, asked: DecisionArguments) -> CommandResult:
        params = messages.RejectParams(
            task_id=asked.task_id, hunk_ids=await self._meant(asked), remark=asked.remark
        )
        rejected = await self._session.reject(params)
        pending = len(rejected.pending) + len(rejected.conflicts)
        return CommandResult(is_done=True, pending=pending)

    async def _show(self, asked: DecisionArguments) -> CommandResult:
        path = _path(asked)
        return CommandResult(is_done=True, uri=await self._opening.diff(asked.task_id, path))

    async def _show_verdict(self, asked: DecisionArguments) -> CommandResult:
        change = await self._session.changes.change(ChangeParams(task_id=asked.task_id))
        if change.verdict is None:
            raise UserError("the gate has not judged this change")
        said = in_full(change.verdict)
        self._tell(said, INFO if change.verdict.is_sound else WARNING)
        return CommandResult(is_done=True, message=said)

    async def _show_receipt(self, asked: ShowArguments) -> CommandResult:
        if asked.task_id is None:
            raise ProtocolError(ErrorCode.INVALID_PARAMS, "say which task's receipt is meant")
        return CommandResult(is_done=True, uri=await self._opening.receipt(asked.task_id))

    async def _show_plan(self, asked: ShowArguments) -> CommandResult:
        return CommandResult(is_done=True, uri=await self._opening.plan(asked.plan_id))

    async def _meant(self, asked: DecisionArguments) -> tuple[str, ...] | None:
        """Return the hunks that are decided; None: all that are pending."""
        path = _path(asked)
        if asked.hunk_ids is not None or path is None:
            return asked.hunk_ids
        change = await self._session.changes.change(ChangeParams(task_id=asked.task_id))
        of_file = tuple(
            hunk.hunk_id for hunk in change.hunks if hunk.path == path and hunk.state == "pending"
        )
        if not of_file:
            raise UserError(f"nothing of {path!r} waits for a decision in this change")
        return of_file

    async def _is_approved(self, path: str) -> bool:
        if self._asker is None:
            return False
        question = f"Builds, tests or assistants obey {path}. Keep its change, too?"
        return await self._asker.ask(question, (KEEP_TOO, LEAVE_OUT)) == KEEP_TOO


def command(
    kind: type[Params], meet: Callable[[Params], Awaitable[CommandResult]], tell: Tell
) -> Callable[[Any], Work]:
    """Return what begins a command from its arguments; why it failed is told to the person."""

    async def met(params: Params) -> CommandResult:
        try:
            return await meet(params)
        except PairwrightError as error:
            tell(str(error), WARNING)
            return CommandResult(is_done=False, message=str(error))

    begin = typed(kind, met)

    def begin_one(arguments: Any) -> Work:
        if not isinstance(arguments, list) or len(arguments) != 1:
            raise ProtocolError(ErrorCode.INVALID_PARAMS, "the command takes one argument")
        return begin(arguments[0])

    return begin_one


def _require_hunks(asked: DecisionArguments) -> None:
    if not asked.hunk_ids:
        raise ProtocolError(ErrorCode.INVALID_PARAMS, "say which hunks are meant")


def _path(asked: DecisionArguments) -> WorkspacePath | None:
    return None if asked.path is None else parse_path(asked.path)
