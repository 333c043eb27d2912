"""Who sits at the two ends in these tests? A raw client, and a session that does as it is told."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pairwright.checks.editor_problems import EditorProblems
from pairwright.engine.editors import ApplyInEditor
from pairwright.index.ranking import MapFocus
from pairwright.lsp.connection import Connection
from pairwright.lsp.features import SessionFeatures
from pairwright.lsp.framing import read_frame
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.server import Features, serve_client
from pairwright.lsp.session import Session
from pairwright.protocol import history_messages, messages
from pairwright.protocol.framing import frame
from pairwright.protocol.index_messages import IndexProgress
from pairwright.workspace.paths import WorkspacePath
from tests.support.waiting import within

ROOT = Path("/workspace")

RECEIPT = messages.Receipt(
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


@dataclass
class FakeSession:
    """An engine session: remembers documents, runs `script`, raises `error`."""

    script: Callable[[OnEvent], Awaitable[messages.RunResult]] = end_at_once
    error: Exception | None = None
    texts: dict[WorkspacePath, str] = field(default_factory=dict)
    runs: list[messages.RunParams] = field(default_factory=list)
    edits: tuple[Any, ...] = ()
    applied: list[str | None] = field(default_factory=list)
    apply_in_editor: ApplyInEditor | None = None
    diagnose: EditorProblems | None = None
    tell_cost: Callable[[messages.CostNotice], None] | None = None
    queries: Any = field(default_factory=FakeQueries)
    is_closed: bool = False
    was_cancelled: bool = False

    def map_focus(self) -> MapFocus:
        return MapFocus()

    def listen_to_cost(self, listener: Callable[[messages.CostNotice], None], /) -> None:
        self.tell_cost = listener

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

    def attach_editor(self, apply: ApplyInEditor, /) -> None:
        self.apply_in_editor = apply

    def attach_diagnosis(self, ask: EditorProblems, /) -> None:
        self.diagnose = ask

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

    def costs(self, params: messages.CostParams) -> messages.CostReport:
        total = messages.CostRow(
            key=params.by,
            calls=1,
            input_tokens=2,
            cached_tokens=0,
            output_tokens=3,
            cost_usd=Decimal("0.000001"),
            unpriced_calls=0,
        )
        return messages.CostReport(rows=(), total=total, day_usd=Decimal(0), day_cap_usd=Decimal(5))

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

    async def initialize(self, **capabilities: Any) -> Any:
        """Begin the session."""
        params = {"processId": None, "rootUri": None, "capabilities": capabilities}
        answer = await self.call("initialize", params, identity=0)
        self.notify("initialized", {})
        return answer


@asynccontextmanager
async def connected(
    session: Session | None = None, *, root: Path = ROOT
) -> AsyncIterator[RawClient]:
    """Give a client whose server runs in the same loop, over a pair of sockets."""
    served = session or FakeSession()

    async def open_features(connection: Connection, traits: ClientTraits) -> Features:
        return SessionFeatures(connection, served, traits, root)

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
