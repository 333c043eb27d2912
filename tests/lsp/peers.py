"""Who sits at the two ends in these tests? A raw client, and a session that does as it is told."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pairwright.checks.editor_problems import EditorProblems
from pairwright.engine.editors.editors import ApplyInEditor
from pairwright.engine.grants import AskPerson
from pairwright.engine.models.lending import Ask
from pairwright.errors import StaleChange, UnknownPlan
from pairwright.index.ranking import MapFocus
from pairwright.lsp.code.switches import FEATURES
from pairwright.lsp.features import SessionFeatures
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.server import Features, serve_client
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Connection
from pairwright.lsp.stream.framing import read_frame
from pairwright.protocol import (
    budget_messages,
    cost_messages,
    disclosure_messages,
    history_messages,
    messages,
    plan_messages,
)
from pairwright.protocol.change_messages import ChangeNotice
from pairwright.protocol.framing import frame
from pairwright.protocol.grant_messages import Grant, GrantsParams, GrantsResult
from pairwright.protocol.index_messages import IndexProgress
from pairwright.protocol.key_messages import KeysParams, KeysResult
from pairwright.protocol.lending_messages import LendParams, LendResult
from pairwright.protocol.plane_messages import PlaneResult
from pairwright.settings import FeatureSettings
from pairwright.workspace.paths import WorkspacePath
from tests.support.waiting import within

ROOT = Path("/workspace")
DEFAULTS = FeatureSettings()
ALL_FEATURES = {feature.name: True for feature in FEATURES}

RECEIPT = cost_messages.Receipt(
    roles=(), cost_usd=Decimal("0.01"), unpriced_calls=0, strong_alone_usd=None, duration_ms=5
)
RUN_RESULT = messages.RunResult(
    task_id="t1", state="review", message="done", is_sound=True, receipt=RECEIPT
)
OnEvent = Callable[[messages.TaskEvent], Awaitable[None]]


async def end_at_once(on_event: OnEvent) -> messages.RunResult:
    """Run a task that emits nothing."""
    return RUN_RESULT


class FakeQueries:
    """Questions of an index that is built file by file, when the test says so."""

    def __init__(self, files: int = 0) -> None:
        self._files = self._pending = files
        self._step = asyncio.Event()

    @property
    def progress(self) -> IndexProgress:
        done = self._files - self._pending
        return IndexProgress(files=self._files, pending=self._pending, parsed=done, cached=0)

    def read(self, files: int) -> None:
        self._pending -= files
        step, self._step = self._step, asyncio.Event()
        step.set()

    async def complete(self, on_progress: Callable[[IndexProgress], None]) -> None:
        while self._pending:
            on_progress(self.progress)
            await self._step.wait()

    async def never(self, *_: object) -> None:
        await asyncio.Event().wait()

    index_report = symbols = references = search = map = never


class NoOutline:
    """Questions that nobody answers; nothing is being indexed."""

    async def complete(self, on_progress: object) -> None:
        pass

    async def symbols_in(self, path: object) -> None:
        await asyncio.Event().wait()

    never = index_report = symbols = references = search = map = symbols_in


@dataclass
class FakePlans:
    """Plans that are what the last update says."""

    view: plan_messages.PlanView = field(
        default_factory=lambda: plan_messages.PlanView(
            plan_id="p1",
            version=1,
            text="# Plan\n",
            instruction="x",
            origin="person",
            written_at="2026-11-22T13:05:00+00:00",
        )
    )

    async def get(self, params: plan_messages.PlanGetParams) -> plan_messages.PlanView:
        if params.plan_id not in (None, "p1"):
            raise UnknownPlan(f"there is no plan {params.plan_id!r}")
        return self.view

    async def update(self, params: plan_messages.PlanUpdateParams) -> plan_messages.PlanView:
        if params.base_version != self.view.version:
            raise StaleChange("the plan is another version")
        self.view = replace(self.view, text=params.text, version=self.view.version + 1)
        return self.view

    async def listed(self, params: plan_messages.PlansParams) -> plan_messages.PlansResult:
        return plan_messages.PlansResult(plans=(), total=params.limit)


class FakeChanges:
    """Nothing is proposed."""

    async def propose(self, params: object) -> None:
        await asyncio.Event().wait()

    change = propose


@dataclass
class FakeSession:
    """An engine session: remembers documents, runs `script`, raises `error`."""

    script: Callable[[OnEvent], Awaitable[messages.RunResult]] = end_at_once
    error: Exception | None = None
    texts: dict[WorkspacePath, str] = field(default_factory=dict)
    runs: list[messages.RunParams] = field(default_factory=list)
    continued: list[budget_messages.ContinueParams] = field(default_factory=list)
    edits: tuple[Any, ...] = ()
    applied: list[str | None] = field(default_factory=list)
    apply_in_editor: ApplyInEditor | None = None
    diagnose: EditorProblems | None = None
    ask_person: AskPerson | None = None
    tell_cost: Callable[[cost_messages.CostNotice], None] | None = None
    tell_change: Callable[[ChangeNotice], None] | None = None
    queries: Any = field(default_factory=FakeQueries)
    changes: Any = field(default_factory=FakeChanges)
    shown_files: Any = None
    plans: Any = field(default_factory=FakePlans)
    is_closed: bool = False
    was_cancelled: bool = False

    def map_focus(self) -> MapFocus:
        return MapFocus()

    def listen_to_cost(self, listener: Callable[[cost_messages.CostNotice], None], /) -> None:
        self.tell_cost = listener

    def listen_to_changes(self, listener: Callable[[ChangeNotice], None], /) -> None:
        self.tell_change = listener

    def listen_to_ends(
        self, listener: Callable[[messages.RunParams, messages.RunResult], None], /
    ) -> None:
        """Nobody of these tests asks what a task cost."""

    def receipt(self, task_id: str, /) -> cost_messages.Receipt:
        return RECEIPT

    def document_opened(self, path: WorkspacePath, text: str, version: int) -> None:
        self.texts[path] = text

    def document_changed(self, path: WorkspacePath, text: str, version: int) -> None:
        self.texts[path] = text

    def document_closed(self, path: WorkspacePath) -> None:
        del self.texts[path]

    async def run_task(self, params: messages.RunParams, on_event: OnEvent) -> messages.RunResult:
        self.runs.append(params)
        if self.error is not None:
            raise self.error
        try:
            return await self.script(on_event)
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise

    async def continue_task(
        self, params: budget_messages.ContinueParams, on_event: OnEvent
    ) -> messages.RunResult:
        self.continued.append(params)
        return await self.script(on_event)

    async def estimate(self, params: budget_messages.EstimateParams) -> budget_messages.Estimate:
        known = budget_messages.EstimateFigure(
            usd=Decimal("0.01"), high_usd=Decimal("0.02"), tasks=3
        )
        unknown = budget_messages.EstimateFigure(usd=None, high_usd=None, tasks=0)
        return budget_messages.Estimate(
            strategy=params.instruction,
            weak=known,
            pair=unknown,
            strong=unknown,
            room_usd=Decimal(1),
        )

    def budget(self, params: budget_messages.BudgetParams) -> budget_messages.BudgetResult:
        return budget_messages.BudgetResult(
            task_id=params.task_id,
            task_usd=None,
            task_cap_usd=params.task_usd,
            day_usd=Decimal(1),
            day_cap_usd=Decimal(5),
            workspace_usd=Decimal(9),
            workspace_cap_usd=None,
        )

    def attach_editor(self, apply: ApplyInEditor, /) -> None:
        self.apply_in_editor = apply

    async def disclosed(
        self, params: disclosure_messages.DisclosedParams
    ) -> disclosure_messages.DisclosedResult:
        return disclosure_messages.DisclosedResult(calls=(), hosts=())

    def attach_diagnosis(self, ask: EditorProblems, /) -> None:
        self.diagnose = ask

    def attach_person(self, ask: AskPerson, /) -> None:
        self.ask_person = ask

    def change_grants(self, params: GrantsParams, /) -> GrantsResult:
        scopes = (params.scope,) if params.scope else ()
        return GrantsResult(grants=(Grant(client=params.client or "nobody", scopes=scopes),))

    async def accept(self, params: messages.AcceptParams) -> messages.AcceptResult:
        if self.apply_in_editor is not None:
            self.applied.append(await self.apply_in_editor(self.edits))
        return messages.AcceptResult(entry_id="e1", files=("a.py",))

    async def reject(self, params: messages.RejectParams) -> messages.RejectResult:
        return messages.RejectResult(rejected=params.hunk_ids or ("h1",))

    async def history(
        self, params: history_messages.HistoryParams
    ) -> history_messages.HistoryResult:
        return history_messages.HistoryResult(entries=(), total=params.limit)

    async def undo(self, params: history_messages.UndoParams) -> history_messages.UndoResult:
        return history_messages.UndoResult(entry_id=params.entry_id or "e1", files=("a.py",))

    async def redo(self, params: history_messages.RedoParams) -> history_messages.UndoResult:
        return history_messages.UndoResult(entry_id=params.entry_id or "e2", files=("a.py",))

    def costs(self, params: cost_messages.CostParams) -> cost_messages.CostReport:
        total = cost_messages.CostRow(
            key=params.by,
            calls=1,
            input_tokens=2,
            cached_tokens=0,
            output_tokens=3,
            cost_usd=Decimal("0.000001"),
            unpriced_calls=0,
        )
        return cost_messages.CostReport(
            rows=(), total=total, day_usd=Decimal(0), day_cap_usd=Decimal(5)
        )

    def status(self) -> messages.StatusResult:
        return messages.StatusResult(
            version="1",
            pid=1,
            revision=1,
            files=len(self.texts),
            unreadable=0,
            symbols=0,
            pending=0,
            notice="",
            clients=1,
            tasks=(),
            settings_problems=(),
        )

    async def models(self, params: messages.ModelsParams) -> messages.ModelsResult:
        view = messages.ModelView(name="a/b", tier="weak", is_local=True, download_bytes=0)
        return messages.ModelsResult(strong=view, weak=view, reason="only one", estimate_usd=None)

    def lend(self, params: LendParams, ask: Ask, /) -> LendResult:
        return LendResult(lent=tuple(model.name for model in params.models))

    def plane(self) -> PlaneResult:
        return PlaneResult(points=(), least_tasks=5)

    async def give_key(self, params: KeysParams) -> KeysResult:
        return KeysResult(held=(params.provider,) if params.key else ())

    async def close(self) -> None:
        self.is_closed = True


class RawClient:
    """Bytes in, messages out."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send_bytes(self, sent: bytes) -> None:
        self.writer.write(sent)

    def send(self, message: Any) -> None:
        """Send one body as it is."""
        self.send_bytes(frame(json.dumps(message).encode()))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, identity: Any, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "id": identity, "method": method, "params": params})

    async def receive(self) -> Any:
        """Return the next message; None when the server has closed."""
        async with within():
            body = await read_frame(self.reader)
        return None if body is None else json.loads(body)

    async def call(self, method: str, params: Any = None, *, identity: Any = 7) -> Any:
        """Ask and return the next message."""
        self.ask(identity, method, params)
        return await self.receive()

    async def initialize(self, *, features: Any = None, **capabilities: Any) -> Any:
        """Begin the session; `features` are switched on or off."""
        params = {"processId": None, "rootUri": None, "capabilities": capabilities}
        if features is not None:
            params["initializationOptions"] = {"features": features}
        answer = await self.call("initialize", params, identity=0)
        self.notify("initialized", {})
        return answer


@asynccontextmanager
async def connected(
    session: Session | None = None, *, root: Path = ROOT, switches: FeatureSettings = DEFAULTS
) -> AsyncIterator[RawClient]:
    """Give a client whose server runs in the same loop, over a pair of sockets."""
    served = session or FakeSession()

    async def open_features(connection: Connection, traits: ClientTraits) -> Features:
        return SessionFeatures(connection, served, traits, root, switches)

    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=theirs)
    async with asyncio.TaskGroup() as group:
        server = group.create_task(
            serve_client(reader, writer, root=root, open_features=open_features)
        )
        client = RawClient(*await asyncio.open_connection(sock=ours))
        yield client
        client.writer.close()
        async with within():
            await server
