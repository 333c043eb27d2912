"""What can be done here? Code actions, each of which is a command that runs when it is picked.

Nothing is computed and nobody asked before: a list costs an index query at most. None is preferred,
since editors run what is preferred unseen, and ours cost money.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types

from pairwright.engine.questions.queries import Queries
from pairwright.errors import InvalidRequest
from pairwright.lsp.documents.sync import DocumentSync, workspace_path
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.stream.connection import Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.lsp.stream.wire import structure, unstructure
from pairwright.lsp.tasks.pointing import Pointed, pointed_at
from pairwright.protocol import commands
from pairwright.protocol.codec import decode, encode
from pairwright.protocol.commands import CommandArguments, SelectedRange, TextPosition
from pairwright.protocol.editor_messages import DiagnosedProblem
from pairwright.workspace.paths import WorkspacePath

MOST_PROBLEMS = 10
"""Of one list; each gets actions of its own."""
PATIENCE_S = 0.008
"""Seconds that a list waits for the definition around a cursor: an editor asks at each move."""
_MOST_SHOWN = 60
"""Characters of a message or an instruction in a title."""
_QUICK_FIX, _REWRITE, _SOURCE = commands.CODE_ACTION_KINDS
HOW_TO_INSTRUCT = (
    "write what to do in a comment right above, such as `pw: make this async`, and try again"
)


@dataclass(frozen=True, slots=True)
class _Offer:
    """An action that does not depend on what is reported."""

    title: str
    command: str
    kind: str
    needs_instruction: bool = False


_OFFERS = (
    _Offer("Plan and edit…", commands.PLAN_AND_EDIT, _REWRITE, needs_instruction=True),
    _Offer("Edit with the weak model…", commands.EDIT_WEAK, _REWRITE, needs_instruction=True),
    _Offer("Edit with the strong model…", commands.EDIT_STRONG, _REWRITE, needs_instruction=True),
    _Offer("Refactor…", commands.REFACTOR, _REWRITE, needs_instruction=True),
    _Offer("Document", commands.DOCUMENT, _REWRITE),
    _Offer("Write tests", commands.WRITE_TESTS, _SOURCE),
    _Offer("Explain", commands.EXPLAIN, _SOURCE),
    _Offer("Undo Pairwright's last change", commands.UNDO, _SOURCE),
)


class CodeActions:
    """One client's menu."""

    def __init__(
        self, queries: Queries, documents: DocumentSync, traits: ClientTraits, root: Path
    ) -> None:
        """Offer what the client can show."""
        self._queries = queries
        self._documents = documents
        self._can = traits.abilities
        self._root = root
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            types.TEXT_DOCUMENT_CODE_ACTION: self._begin,
            types.CODE_ACTION_RESOLVE: _begin_resolve,
        }

    def _begin(self, raw: Any) -> Work:
        params: types.CodeActionParams = structure(types.CodeActionParams, raw)
        document = self._documents.named(params.text_document.uri)
        path = document.path if document else workspace_path(params.text_document.uri, self._root)
        if document is None and path is not None:
            document = self._documents.find(path)
        if path is None or document is None:
            return _nothing  # a text that nobody has open, or that is none of the workspace's
        return partial(self._list, params, path, document.text)

    async def _list(
        self, params: types.CodeActionParams, path: WorkspacePath, text: str
    ) -> list[Any]:
        wanted = _Wanted(params.context)
        offers = [offer for offer in _OFFERS if wanted.takes(offer.kind, is_selected(params.range))]
        problems = _problems(params.context.diagnostics, path) if wanted.takes_fixes else []
        actions = list(self._fixes(params, problems))
        if offers:
            selected = to_selected(params.range)
            pointed = await pointed_at(self._queries, path, text, selected, patience_s=PATIENCE_S)
            meant = CommandArguments(uri=params.text_document.uri, range=selected)
            # Written once: it takes as long as the rest of an action, and there are eight of them.
            arguments = encode(meant)
            actions += (self._action(offer, arguments, pointed) for offer in offers)
        if not self._can.takes_actions:
            return [unstructure(action.command) for action in actions if not action.disabled]
        return [unstructure(action) for action in actions]

    def _fixes(
        self,
        params: types.CodeActionParams,
        problems: Sequence[tuple[types.Diagnostic, DiagnosedProblem]],
    ) -> Iterator[types.CodeAction]:
        for diagnostic, problem in problems:
            said = _shortened(problem.message)
            for title, command in (
                (f"Fix this problem: {said}", commands.FIX),
                (f"Fix all like this: {said}", commands.FIX_ALL),
            ):
                arguments = CommandArguments(
                    uri=params.text_document.uri,
                    range=to_selected(diagnostic.range),
                    problems=(problem,),
                )
                action = self._made(title, command, _QUICK_FIX, encode(arguments))
                action.diagnostics = [diagnostic]
                yield action

    def _action(self, offer: _Offer, arguments: Any, pointed: Pointed) -> types.CodeAction:
        if offer.command == commands.UNDO:
            return self._made(offer.title, offer.command, offer.kind, None)
        title, comment = offer.title, pointed.comment
        if offer.needs_instruction and comment is not None:
            title = f"{title.rstrip('…')}: {_shortened(comment.instruction)}"
        action = self._made(title, offer.command, offer.kind, arguments)
        is_missing = comment is None and pointed.is_certain
        cannot_run = is_missing and not self._can.asks_instruction
        if offer.needs_instruction and cannot_run and self._can.shows_disabled:
            action.disabled = types.CodeActionDisabled(HOW_TO_INSTRUCT)
        return action

    def _made(self, title: str, name: str, kind: str, arguments: Any) -> types.CodeAction:
        title = f"Pairwright: {title}" if "Pairwright" not in title else title
        passed = [arguments] if arguments is not None else []
        action = types.CodeAction(
            title, kind=kind, command=types.Command(title, name, arguments=passed)
        )
        if self._can.resolves_commands:
            action.data = {"command": name, "arguments": passed}
        return action


class _Wanted:
    """What a client asks a list of (LSP 3.17, `CodeActionContext`)."""

    def __init__(self, context: types.CodeActionContext) -> None:
        self._only = context.only
        # While a cursor moves or a file is saved nobody looks, and nobody has picked anything.
        self._is_automatic = context.trigger_kind == types.CodeActionTriggerKind.Automatic

    @property
    def takes_fixes(self) -> bool:
        return self._is_in(_QUICK_FIX)

    def takes(self, kind: str, has_selection: bool) -> bool:
        """Tell whether actions of a kind are wanted that no problem asks for."""
        if self._is_automatic and (kind == _SOURCE or not has_selection):
            return False
        return self._is_in(kind)

    def _is_in(self, kind: str) -> bool:
        if self._only is None:
            return True
        return any(
            only == "" or f"{kind}.".startswith(f"{only}.") for only in map(_kind, self._only)
        )


def is_selected(lsp_range: types.Range) -> bool:
    """Tell whether a range holds anything."""
    return lsp_range.start != lsp_range.end


def to_selected(lsp_range: types.Range) -> SelectedRange:
    """Return a range as commands carry it."""
    start, end = lsp_range.start, lsp_range.end
    return SelectedRange(
        start=TextPosition(line=start.line, character=start.character),
        end=TextPosition(line=end.line, character=end.character),
    )


def _begin_resolve(raw: Any) -> Work:
    action: types.CodeAction = structure(types.CodeAction, raw)
    if action.command is None:
        action.command = _command_in(action)

    async def work() -> Any:
        return unstructure(action)

    return work


def _command_in(action: types.CodeAction) -> types.Command:
    """Return the command that an action's data names.

    Raises:
        ProtocolError: the data is none of ours.
    """
    ours = action.data if isinstance(action.data, dict) else {}
    name, passed = ours.get("command"), ours.get("arguments")
    if name in commands.COMMANDS and isinstance(passed, list):
        try:
            for each in passed:
                decode(CommandArguments, each)
        except InvalidRequest as error:
            raise ProtocolError(ErrorCode.INVALID_PARAMS, str(error)) from None
        return types.Command(action.title, str(name), arguments=passed)
    raise ProtocolError(ErrorCode.INVALID_PARAMS, "the code action's data is none of ours")


def _problems(
    diagnostics: Sequence[types.Diagnostic], path: WorkspacePath
) -> list[tuple[types.Diagnostic, DiagnosedProblem]]:
    return [
        (
            each,
            DiagnosedProblem(
                path=path,
                line=each.range.start.line,
                message=each.message,
                rule="" if each.code is None else str(each.code),
                source=each.source or "",
            ),
        )
        for each in diagnostics[:MOST_PROBLEMS]
        if each.message.strip()
    ]


def _kind(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"


async def _nothing() -> list[Any]:
    return []
