"""What does a command do? The task that it stands for, in the background, for any editor.

A task lives longer than the request that began it: that one is answered at once. How the task goes
is shown as progress that can be cancelled, and what comes of it is put to the person.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types

from pairwright.engine.background import in_background
from pairwright.errors import InvalidRequest
from pairwright.lsp.documents.sync import DocumentSync, workspace_path
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Connection, Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError, to_error
from pairwright.lsp.stream.origin import task_id
from pairwright.lsp.stream.wire import structure
from pairwright.lsp.tasks.actions import HOW_TO_INSTRUCT
from pairwright.lsp.tasks.consent import ERROR, WARNING, Consent, Reviewing
from pairwright.lsp.tasks.pointing import Pointed, pointed_at
from pairwright.lsp.tasks.progress import TaskProgress
from pairwright.protocol import commands, history_messages, messages
from pairwright.protocol.codec import decode
from pairwright.protocol.commands import CommandArguments, TaskKind
from pairwright.workspace.paths import WorkspacePath

PATIENCE_S = 5.0
"""Seconds that a command waits for the definition around a cursor; then it is about the file."""
MOST_RUNNING = 8
"""Tasks that one client's commands may have under way."""

_TASKS: Mapping[str, tuple[TaskKind, str | None, str]] = {
    commands.EDIT: ("edit", None, "Edit"),
    commands.PLAN_AND_EDIT: ("edit", "plan", "Plan and edit"),
    commands.EDIT_WEAK: ("edit", "weak", "Edit with the weak model"),
    commands.EDIT_STRONG: ("edit", "strong", "Edit with the strong model"),
    commands.FIX: ("fix", None, "Fix this problem"),
    commands.FIX_ALL: ("fix_all", None, "Fix all like this"),
    commands.WRITE_TESTS: ("tests", None, "Write tests"),
    commands.DOCUMENT: ("document", None, "Document"),
    commands.REFACTOR: ("refactor", None, "Refactor"),
    commands.EXPLAIN: ("explain", None, "Explain"),
}
"""By command: the kind of its task, the strategy (None: the settings'), and what people call it."""
_NEED_INSTRUCTION = frozenset({"edit", "refactor"})


class Commands:
    """One client's commands, and the tasks that they began."""

    def __init__(
        self,
        connection: Connection,
        session: Session,
        documents: DocumentSync,
        traits: ClientTraits,
        root: Path,
        *,
        reviewing: Reviewing | None = None,
    ) -> None:
        """Run tasks for this client; `reviewing` shows their changes, if anything does."""
        self._connection = connection
        self._session = session
        self._documents = documents
        self._traits = traits
        self._root = root
        self._consent = Consent(connection, session, can_ask=traits.asks, reviewing=reviewing)
        self._running: dict[str, asyncio.Task[None]] = {}
        """Tasks whose end is not yet come, by the tokens of their progress."""
        self._tasks: set[asyncio.Task[None]] = set()
        """Those and the ones that still have something to ask."""
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            types.WORKSPACE_EXECUTE_COMMAND: self._begin,
        }
        self.notifications: Mapping[str, Callable[[Any], None]] = {
            types.WINDOW_WORK_DONE_PROGRESS_CANCEL: self._cancel,
        }

    def close(self) -> None:
        """End the tasks."""
        for task in tuple(self._tasks):
            task.cancel()

    def _begin(self, raw: Any) -> Work:
        params: types.ExecuteCommandParams = structure(types.ExecuteCommandParams, raw)
        passed = list(params.arguments or ())
        if params.command == commands.UNDO:
            if passed not in ([], [None]):
                raise _wrong(f"{commands.UNDO!r} takes no arguments")
            return self._undo
        if params.command not in _TASKS:
            raise _wrong(f"there is no command {params.command[:80]!r}")
        arguments = _read(params.command, passed)
        path = workspace_path(arguments.uri, self._root)
        if path is None:
            raise _wrong(f"{arguments.uri[:200]!r} is no file of this workspace")
        document = self._documents.find(path)
        text = document.text if document is not None else None
        return partial(self._start, params.command, arguments, path, text)

    async def _start(
        self, name: str, arguments: CommandArguments, path: WorkspacePath, text: str | None
    ) -> None:
        """Begin a task; it is about the text as it was when the command came."""
        kind, strategy, title = _TASKS[name]
        if text is None:
            _, text = await self._session.queries.symbols_in(path)
        pointed = await pointed_at(
            self._session.queries, path, text, arguments.range, patience_s=PATIENCE_S
        )
        comment = pointed.comment
        if arguments.instruction.strip() or kind not in _NEED_INSTRUCTION:
            comment = None
        elif comment is None:
            self._consent.tell(f"{title}: it is not said what to do: {HOW_TO_INSTRUCT}", ERROR)
            return
        first, last = _focus(pointed)
        asked = messages.RunParams(
            instruction=comment.instruction if comment else arguments.instruction,
            kind=kind,
            problems=arguments.problems,
            instruction_comment=comment.text if comment else "",
            file=path,
            first_line=first,
            last_line=last,
            strategy=strategy,
            budget_usd=arguments.budget_usd,
        )
        self.start_task(asked, title)

    def start_task(self, asked: messages.RunParams, title: str) -> None:
        """Begin a task that goes on by itself; how it goes, and its end, is told to the person."""
        if len(self._running) >= MOST_RUNNING:
            self._consent.tell(f"{title}: {MOST_RUNNING} tasks are running: wait for one", ERROR)
            return
        progress = TaskProgress(self._connection, title)
        task = in_background(self._carry_out(asked, title, progress), f"command: {title}")
        self._running[progress.token] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # One that is cancelled before its first step runs none of its body.
        task.add_done_callback(lambda _: self._running.pop(progress.token, None))

    async def _carry_out(
        self, asked: messages.RunParams, title: str, progress: TaskProgress
    ) -> None:
        async def hear(event: messages.TaskEvent) -> None:
            if isinstance(event, messages.TaskStarted):
                task_id.set(event.task_id)
            await progress.hear(event)

        try:
            if self._traits.shows_progress:
                await progress.begin()
            result = await self._session.run_task(asked, hear)
            self._running.pop(progress.token, None)
            progress.end(result.message)
            await self._conclude(asked, title, result)
        except asyncio.CancelledError:
            progress.end("cancelled")
            raise
        except Exception as error:
            # The request was answered long ago: this is the only place where the person is told.
            reason = str(to_error(error)["message"])
            progress.end(reason)
            self._consent.tell(f"{title}: {reason}", ERROR)

    async def _conclude(
        self, asked: messages.RunParams, title: str, result: messages.RunResult
    ) -> None:
        if result.state == "answered":
            await self._consent.show_text(f"{title}: {asked.file}", result.answer or "")
        elif result.state == "failed":
            self._consent.tell(f"{title}: {result.message}", WARNING)
        elif not self._traits.abilities.reviews:
            await self._consent.decide(result)

    async def _undo(self) -> None:
        undone = await self._session.undo(history_messages.UndoParams())
        self._consent.tell(f"Taken back: {', '.join(undone.files)}")

    def _cancel(self, raw: Any) -> None:
        token = raw.get("token") if isinstance(raw, dict) else None
        task = self._running.get(token) if isinstance(token, str) else None
        if task is not None:  # Otherwise it just ended, or it is not one of ours.
            task.cancel()


def _read(name: str, passed: list[Any]) -> CommandArguments:
    if len(passed) != 1:
        raise _wrong(f"{name!r} takes one argument, an object with a 'uri'")
    try:
        return decode(CommandArguments, passed[0])
    except InvalidRequest as error:
        raise _wrong(f"{name!r}: {error}") from None


def _focus(pointed: Pointed) -> tuple[int | None, int | None]:
    return pointed.lines if pointed.lines is not None else (None, None)


def _wrong(reason: str) -> ProtocolError:
    return ProtocolError(ErrorCode.INVALID_PARAMS, reason)
