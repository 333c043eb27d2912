"""How is a plan's document followed and marked from an editor? By commands, as lenses carry them.

A mark is an edit of the document, made by the editor that has it open; a virtual document, which
nobody can write in, is changed where it is kept.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lsprotocol import types

from pairwright.engine.plans.book import MOST_CHARACTERS
from pairwright.errors import InvalidRequest, StaleChange, UserError
from pairwright.lsp.documents.convert import PositionConverter
from pairwright.lsp.documents.sync import DocumentSync, OpenDocument
from pairwright.lsp.documents.virtual import VirtualDocuments, is_virtual
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.plans.documents import PlanDocuments, is_plan, named_id, same_text
from pairwright.lsp.review.decisions import Tell, command
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import ClientGone, Connection, Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.lsp.stream.wire import structure, unstructure
from pairwright.planning.document import PlanDocument, read_document
from pairwright.planning.step_marks import with_field
from pairwright.protocol import review_commands as commands
from pairwright.protocol.messages import RunParams
from pairwright.protocol.plan_messages import PlanGetParams, PlanUpdateParams
from pairwright.protocol.review_commands import CommandResult, PlanArguments, StepMark
from pairwright.text.edits import TextEdit, apply_edits

APPLY_TIMEOUT_S = 30.0

StartTask = Callable[[RunParams, str], None]
"""Begins a task that goes on by itself, under a title for people."""


class PlanCommands:
    """The commands about plans, for one client."""

    def __init__(
        self,
        connection: Connection,
        session: Session,
        documents: DocumentSync,
        plans: PlanDocuments,
        virtual: VirtualDocuments,
        traits: ClientTraits,
        *,
        start: StartTask,
        tell: Tell,
    ) -> None:
        """`start` begins a task, `tell` shows the person a message."""
        self._connection = connection
        self._session = session
        self._documents = documents
        self._plans = plans
        self._virtual = virtual
        self._traits = traits
        self._start = start
        self.commands: Mapping[str, Callable[[Any], Work]] = {
            commands.MARK_STEP: command(PlanArguments, self._mark, tell),
            commands.RUN_PLAN: command(PlanArguments, self._run, tell),
        }

    async def _mark(self, asked: PlanArguments) -> CommandResult:
        if asked.step is None or asked.mark is None:
            raise ProtocolError(ErrorCode.INVALID_PARAMS, "say which step is marked, and how")
        text = await self._text(asked)
        await self._change(asked.uri, text, marked(text, asked.step, asked.mark))
        return CommandResult(is_done=True)

    async def _run(self, asked: PlanArguments) -> CommandResult:
        text = await self._text(asked)
        if asked.step is not None:
            await self._change(asked.uri, text, from_step(text, asked.step))
        plan_id = await self._kept(asked.uri)
        view = await self._session.plans.get(PlanGetParams(plan_id=plan_id))
        errors = [problem for problem in view.problems if problem.severity == "error"]
        if errors:
            first = errors[0]
            raise InvalidRequest(
                f"the plan is not followed while line {first.line + 1} is wrong: {first.message}"
            )
        params = RunParams(instruction="", plan_id=plan_id, budget_usd=asked.budget_usd)
        self._start(params, "Run the plan")
        return CommandResult(is_done=True)

    async def _text(self, asked: PlanArguments) -> str:
        if not is_plan(asked.uri):
            reason = f"{asked.uri[:200]!r} is no plan's document"
            raise ProtocolError(ErrorCode.INVALID_PARAMS, reason)
        document = self._documents.named(asked.uri)
        if document is None:
            if not is_virtual(asked.uri):
                raise UserError("the plan's document is not open: open it, and try again")
            params = PlanGetParams(plan_id=named_id(asked.uri))
            return (await self._session.plans.get(params)).text
        if asked.version is not None and asked.version != document.version:
            raise StaleChange("the plan was edited since this was offered: look again")
        return document.text

    async def _change(self, uri: str, text: str, edits: tuple[TextEdit, ...]) -> None:
        """Make edits of a plan's document.

        Raises:
            UserError: the editor did not make them.
            StaleChange: the plan is another text by now.
        """
        if not edits:
            return
        document = self._documents.named(uri)
        if document is None or is_virtual(uri):
            await self._rewrite(uri, text, apply_edits(text, edits))
        elif not self._traits.applies_edits:
            raise UserError("this editor takes no edits: write the step's mark yourself")
        else:
            await self._apply(document, edits)
            if not await self._plans.until_told(uri, apply_edits(text, edits)):
                raise UserError("the editor marked the step, and did not tell its new text")

    async def _rewrite(self, uri: str, text: str, new_text: str) -> None:
        kept = await self._session.plans.get(PlanGetParams(plan_id=named_id(uri)))
        if not same_text(kept.text, text):
            raise StaleChange("the plan was edited since this was offered: look again")
        view = await self._session.plans.update(
            PlanUpdateParams(text=new_text, plan_id=kept.plan_id, base_version=kept.version)
        )
        self._plans.adopt(uri, view)
        self._virtual.plan_moved(view.plan_id)

    async def _apply(self, document: OpenDocument, edits: Iterable[TextEdit]) -> None:
        converter = PositionConverter(document.text, self._traits.encoding)
        made: list[Any] = [converter.to_lsp_edit(edit) for edit in edits]
        if self._traits.checks_versions:
            identity = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
            part = types.TextDocumentEdit(identity, made)
            edit = types.WorkspaceEdit(document_changes=[part])
        else:
            edit = types.WorkspaceEdit(changes={document.uri: made})
        params = types.ApplyWorkspaceEditParams(edit, label="Pairwright: mark a step")
        try:
            answer = await self._connection.request(
                types.WORKSPACE_APPLY_EDIT, unstructure(params), timeout_s=APPLY_TIMEOUT_S
            )
            result = structure(types.ApplyWorkspaceEditResult, answer)
        except (ProtocolError, ClientGone, TimeoutError) as error:
            reason = str(error) or "it did not answer"
            raise UserError(f"the editor did not mark the step: {reason}") from None
        if not result.applied:
            reason = result.failure_reason or "it gave no reason"
            raise UserError(f"the editor did not mark the step: {reason}")

    async def _kept(self, uri: str) -> str | None:
        plan = self._plans.find(uri)
        return named_id(uri) if plan is None else await self._plans.settle(plan)


def marked(text: str, number: int, mark: StepMark) -> tuple[TextEdit, ...]:
    """Return the edits that mark a step, counted from 1.

    Raises:
        UserError: the text is no plan, or has no such step.
    """
    document = _read(text, number)
    place = number - 1
    match mark:
        case "skip":
            made = [with_field(text, document, place, "skip", "yes")]
        case "approve":
            made = [with_field(text, document, place, "skip", None)]
        case "only":
            made = [
                with_field(text, document, each, "skip", None if each == place else "yes")
                for each in range(len(document.step_lines))
            ]
        case "strong":
            made = [with_field(text, document, place, "by", "strong")]
        case "weak":
            made = [with_field(text, document, place, "by", None)]
    return tuple(edit for edit in made if edit is not None)


def from_step(text: str, number: int) -> tuple[TextEdit, ...]:
    """Return the edits that skip all steps before one, counted from 1.

    Raises:
        UserError: the text is no plan, or has no such step.
    """
    document = _read(text, number)
    made = [with_field(text, document, place, "skip", "yes") for place in range(number - 1)]
    made.append(with_field(text, document, number - 1, "skip", None))
    return tuple(edit for edit in made if edit is not None)


def _read(text: str, number: int) -> PlanDocument:
    if len(text) > MOST_CHARACTERS:
        raise InvalidRequest(f"the plan is longer than {MOST_CHARACTERS:,} characters")
    document = read_document(text)
    if document.plan is None:
        first = document.problems[0]
        raise UserError(f"mend line {first.line + 1} of the plan first: {first.message}")
    if not 0 < number <= len(document.step_lines):
        raise InvalidRequest(f"the plan has no step {number}")
    return document
