"""What does a person write in a plan's document? It is kept as typed, and judged line by line.

A plan's document is one whose name is `<id>.pairwright-plan.md`, wherever it lies, or our virtual
`pairwright:/plan/<id>.md`. Any other `*.pairwright-plan.md` is a person's own file: it becomes a
plan when it is saved. What was made of another version than the kept one never replaces it: it
becomes a plan of its own, so that neither text is lost.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import unquote

from lsprotocol import types

from pairwright.engine.background import in_background
from pairwright.engine.editors.shown_files import PLAN_SUFFIX
from pairwright.errors import PairwrightError, StaleChange, UnknownPlan
from pairwright.lsp.documents.convert import PositionConverter
from pairwright.lsp.documents.sync import DocumentSync
from pairwright.lsp.documents.virtual import NamedDocument, is_virtual, read_uri
from pairwright.lsp.handshake import PositionEncoding
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Connection
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.lsp.stream.wire import unstructure
from pairwright.planning.step_marks import line_starts
from pairwright.protocol.plan_messages import (
    PlanGetParams,
    PlanProblemView,
    PlanUpdateParams,
    PlanView,
)
from pairwright.text.ranges import TextRange

QUIET_S = 0.4
"""Seconds without typing after which a text is kept."""
ECHO_S = 2.0
"""Seconds in which an editor that made an edit should have told its new text."""
_ID = re.compile(rf"(?P<id>[0-9a-f]{{8}}){re.escape(PLAN_SUFFIX)}")
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
}


@dataclass(slots=True, eq=False)
class OpenPlan:
    """A plan's document that a client has open."""

    uri: str
    text: str
    """As it was last told."""
    named_id: str | None
    """The plan that the document's name speaks of."""
    plan_id: str | None = None
    """The plan that the text is kept as; None while it is kept as none."""
    base_version: int = 0
    """Of that plan, as the text knows it."""
    kept_text: str = ""
    instruction: str = ""
    estimate_usd: Decimal | None = None
    is_read: bool = False
    """Whether it was compared with the plan of its name."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    timer: asyncio.TimerHandle | None = None


class PlanDocuments:
    """The plans' documents of one client."""

    def __init__(
        self,
        connection: Connection,
        session: Session,
        documents: DocumentSync,
        encoding: PositionEncoding,
        tell: Callable[[str, int], None],
        *,
        quiet_s: float = QUIET_S,
    ) -> None:
        """`tell` shows the person a message."""
        self._connection = connection
        self._session = session
        self._documents = documents
        self._encoding = encoding
        self._tell = tell
        self._quiet_s = quiet_s
        self._open: dict[str, OpenPlan] = {}
        self._work: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()

    def find(self, uri: str) -> OpenPlan | None:
        """Return the open plan's document of that URI."""
        return self._open.get(uri)

    def opened(self, uri: str) -> None:
        """Take a document in that was opened, if it is a plan's."""
        document = self._documents.named(uri)
        if document is not None and is_plan(uri):
            plan = self._open[uri] = OpenPlan(uri, document.text, named_id(uri))
            self._begin(plan)

    def changed(self, uri: str) -> None:
        """Keep what was typed, once nobody types for a moment."""
        plan, document = self._open.get(uri), self._documents.named(uri)
        if plan is not None and document is not None:
            plan.text = document.text
            self._news.set()
            self._news = asyncio.Event()
            self._rest(plan)
            plan.timer = asyncio.get_running_loop().call_later(self._quiet_s, self._begin, plan)

    def saved(self, uri: str) -> None:
        """Keep the text now."""
        if (plan := self._open.get(uri)) is not None:
            self._rest(plan)
            self._begin(plan, is_final=True)

    def closed(self, uri: str) -> None:
        """Keep the text, and let go of the document."""
        if (plan := self._open.pop(uri, None)) is not None:
            self._rest(plan)
            self._begin(plan)
            self._publish(plan.uri, [])

    async def until_told(self, uri: str, text: str) -> bool:
        """Wait until the client told this text of an open document; False: it does not."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ECHO_S):
                while (plan := self._open.get(uri)) is not None and plan.text != text:
                    await self._news.wait()
                return plan is not None
        return False

    def adopt(self, uri: str, view: PlanView) -> None:
        """Know a text that a command made of a plan, before the client comes to it."""
        if (plan := self._open.get(uri)) is not None:
            self._bind(plan, view)

    async def settle(self, plan: OpenPlan) -> str:
        """Keep the text as it is now, whatever it says; returns the plan's id.

        Raises:
            UserError: it cannot be kept.
        """
        self._rest(plan)
        async with plan.lock:
            await self._keep(plan, is_final=True)
        if plan.plan_id is None:
            raise UnknownPlan("the document is kept as no plan")
        return plan.plan_id

    async def close(self) -> None:
        """Keep what is not kept yet: the client may have left in the middle of a word."""
        for plan in tuple(self._open.values()):
            self._rest(plan)
            self._begin(plan)
        self._open.clear()
        while self._work:
            await asyncio.wait(tuple(self._work))

    def _rest(self, plan: OpenPlan) -> None:
        if plan.timer is not None:
            plan.timer.cancel()
            plan.timer = None

    def _begin(self, plan: OpenPlan, *, is_final: bool = False) -> None:
        task = in_background(self._follow(plan, is_final=is_final), "keeping a plan")
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _follow(self, plan: OpenPlan, *, is_final: bool) -> None:
        async with plan.lock:
            text = plan.text
            try:
                problems = await self._keep(plan, is_final=is_final)
            except PairwrightError as error:
                problems = (_whole(f"this text is not kept: {error}", "error"),)
        if self._open.get(plan.uri) is plan and plan.text == text:
            self._publish(plan.uri, self._diagnostics(text, problems))

    async def _keep(self, plan: OpenPlan, *, is_final: bool) -> tuple[PlanProblemView, ...]:
        """Keep the text where it is to be kept; returns what is wrong with it."""
        text = plan.text
        if not plan.is_read:
            found = await self._read(plan, text)
            plan.is_read = True
            if found is not None and not is_final:
                return found
        if plan.plan_id is not None:
            return await self._update(plan, text)
        is_own_file = plan.named_id is None
        if is_final or (not is_own_file and text != plan.kept_text):
            known = await self._session.plans.of_text(text)
            view = known or await self._add(plan, text)
            self._bind(plan, view)
            return view.problems
        return await self._session.plans.check(text)

    async def _read(self, plan: OpenPlan, text: str) -> tuple[PlanProblemView, ...] | None:
        """Compare a document with the plan of its name; returns what is to be said of it."""
        view: PlanView | None = None
        if plan.named_id is not None:
            with suppress(UnknownPlan):
                view = await self._session.plans.get(PlanGetParams(plan_id=plan.named_id))
        if view is None:
            plan.named_id = None
            return None
        if same_text(view.text, text):
            self._bind(plan, view)
            return view.problems
        plan.instruction, plan.kept_text = view.instruction, text
        said = (
            f"the plan {view.plan_id} is another text by now (version {view.version}): what you "
            "write here is kept as a plan of its own"
        )
        return (_whole(said, "warning"), *await self._session.plans.check(text))

    async def _update(self, plan: OpenPlan, text: str) -> tuple[PlanProblemView, ...]:
        if same_text(text, plan.kept_text):
            return await self._session.plans.check(text)
        try:
            view = await self._session.plans.update(
                PlanUpdateParams(text=text, plan_id=plan.plan_id, base_version=plan.base_version)
            )
        except (StaleChange, UnknownPlan) as error:
            view = await self._add(plan, text)
            self._tell(
                f"{error} Nothing is lost: what you wrote is kept as the plan {view.plan_id}.",
                types.MessageType.Warning,
            )
        self._bind(plan, view)
        return view.problems

    async def _add(self, plan: OpenPlan, text: str) -> PlanView:
        params = PlanUpdateParams(text=text, instruction=plan.instruction)
        return await self._session.plans.update(params)

    def _bind(self, plan: OpenPlan, view: PlanView) -> None:
        plan.plan_id, plan.base_version = view.plan_id, view.version
        plan.kept_text, plan.instruction = view.text, view.instruction
        plan.estimate_usd = view.estimate_usd

    def _diagnostics(
        self, text: str, problems: tuple[PlanProblemView, ...]
    ) -> list[types.Diagnostic]:
        converter, starts = PositionConverter(text, self._encoding), line_starts(text)
        found = []
        for problem in problems:
            start = starts[min(problem.line, len(starts) - 2)]
            end = start + len(text[start:].split("\n", 1)[0].rstrip("\r"))
            where = converter.to_lsp_range(TextRange(start, end))
            severity = _SEVERITIES[problem.severity]
            found.append(types.Diagnostic(where, problem.message, severity, source="pairwright"))
        return found

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic]) -> None:
        document = self._documents.named(uri)
        version = document.version if document is not None else None
        params = types.PublishDiagnosticsParams(uri, diagnostics, version)
        self._connection.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, unstructure(params))


def is_plan(uri: str) -> bool:
    """Tell whether a URI is that of a plan's document."""
    if is_virtual(uri):
        return _virtual_id(uri) is not None
    return unquote(uri).endswith(PLAN_SUFFIX)


def named_id(uri: str) -> str | None:
    """Return the id of the plan that a document's name speaks of; None: it names none."""
    if is_virtual(uri):
        return _virtual_id(uri)
    found = _ID.fullmatch(unquote(uri).rpartition("/")[2])
    return found["id"] if found else None


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts are one, whatever their line ends."""
    return one.replace("\r\n", "\n") == other.replace("\r\n", "\n")


def _virtual_id(uri: str) -> str | None:
    try:
        name = read_uri(uri)
    except ProtocolError:
        return None
    return name.key if isinstance(name, NamedDocument) and name.kind == "plan" else None


def _whole(message: str, severity: str) -> PlanProblemView:
    """Return a problem of the document as a whole."""
    return PlanProblemView(line=0, message=message, severity=severity)  # type: ignore[arg-type]
