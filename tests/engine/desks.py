"""Where does a person sit in these tests? At a session of a real engine with scripted models."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.engine.engine import Engine
from pairwright.engine.session import Session
from pairwright.llm.model import Provider
from pairwright.llm.scripted_provider import ScriptedProvider, ScriptedReply
from pairwright.protocol import messages
from pairwright.protocol.history_messages import (
    HistoryEntry,
    HistoryParams,
    RedoParams,
    UndoParams,
    UndoResult,
)
from pairwright.settings import BudgetSettings, CheckSettings, DisclosureSettings, Settings
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.registry import STRATEGIES
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.snapshot import Snapshot
from tests.support.engines import ScriptedModels, opened_engine, scripted_model, write_files
from tests.support.fake_editor import FakeEditor
from tests.support.waiting import within


@dataclass
class Desk:
    """One client's session and what it heard; `root` holds the workspace."""

    engine: Engine
    session: Session
    root: Path
    weak: Provider
    strong: Provider
    events: list[messages.TaskEvent] = field(default_factory=list)

    async def hear(self, event: messages.TaskEvent) -> None:
        self.events.append(event)

    async def run(self, instruction: str = "Change a.py.", **params: object) -> messages.RunResult:
        """Run a task of the weak model, unless `strategy` says otherwise."""
        given = {"instruction": instruction, "strategy": "weak"} | params
        return await self.session.run_task(messages.RunParams(**given), self.hear)  # type: ignore[arg-type]

    async def accept(
        self, task_id: str, *hunk_ids: str, editor: FakeEditor | None = None
    ) -> messages.AcceptResult:
        """Keep these hunks, all of them when none is named; an editor decides in its session."""
        params = messages.AcceptParams(task_id=task_id, hunk_ids=hunk_ids or None)
        return await (editor.session if editor else self.session).accept(params)

    async def reject(self, task_id: str, *hunk_ids: str) -> messages.RejectResult:
        """Reject these hunks, all that are pending when none is named."""
        params = messages.RejectParams(task_id=task_id, hunk_ids=hunk_ids or None)
        return await self.session.reject(params)

    async def undo(
        self, entry_id: str | None = None, *, editor: FakeEditor | None = None, **part: object
    ) -> UndoResult:
        params = UndoParams(entry_id=entry_id, **part)  # type: ignore[arg-type]
        return await (editor.session if editor else self.session).undo(params)

    async def redo(self, entry_id: str | None = None, **part: object) -> UndoResult:
        return await self.session.redo(RedoParams(entry_id=entry_id, **part))  # type: ignore[arg-type]

    async def history(self, entry_id: str | None = None) -> tuple[HistoryEntry, ...]:
        return (await self.session.history(HistoryParams(entry_id=entry_id))).entries

    def editor(self) -> FakeEditor:
        """Return an editor that has connected as a client of its own."""
        return FakeEditor(self.engine.open_session("editor"), self.root)

    def change_ready(self) -> messages.ChangeReady:
        (ready,) = (e for e in self.events if isinstance(e, messages.ChangeReady))
        return ready

    def task_state(self, task_id: str | None = None) -> str:
        """Return the state of a task, the only one by default."""
        tasks = self.session.status().tasks
        (state,) = (task.state for task in tasks if task_id in (None, task.task_id))
        return state

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def prompts(self) -> str:
        """Return everything that went to both models, as one text."""
        return "\n".join(
            message.content
            for provider in (self.weak, self.strong)
            if isinstance(provider, ScriptedProvider)
            for request in provider.requests
            for message in request.messages
        )


@asynccontextmanager
async def open_desk(
    directory: Path,
    files: Mapping[str, str | bytes],
    weak: Iterable[ScriptedReply] | Provider = (),
    strong: Iterable[ScriptedReply] | Provider = (),
    *,
    tests: tuple[str, ...] = (),
    task_usd: str = "1",
    day_usd: str = "5",
    allow_unpriced: bool = False,
    disclosure: DisclosureSettings | None = None,
    strategy: str = "ladder",
) -> AsyncGenerator[Desk, None]:
    """Open an engine on these files; models are given whole, or by what they answer."""
    write_files(directory / "workspace", files)
    weak_model = scripted_model("weak", weak) if isinstance(weak, Iterable) else weak
    strong_model = scripted_model("strong", strong) if isinstance(strong, Iterable) else strong
    settings = Settings(
        budget=BudgetSettings(
            task_usd=Decimal(task_usd), day_usd=Decimal(day_usd), allow_unpriced=allow_unpriced
        ),
        checks=CheckSettings(test_command=tests, test_timeout_s=10),
        disclosure=disclosure or DisclosureSettings(),
        strategy=strategy,
    )
    models = ScriptedModels(strong_model, weak_model)
    async with within(15), opened_engine(directory, models, settings) as engine:
        session = engine.open_session("person")
        yield Desk(engine, session, directory / "workspace", weak_model, strong_model)


@dataclass(frozen=True)
class GivenChange:
    """A strategy that asks nobody: it proposes what the test gives it."""

    make: Callable[[Snapshot], SourceChange]
    name: str = "given"

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        change = self.make(ctx.analysis.snapshot)
        return Proposal(change, await ctx.gate.check(change))


def given(
    monkeypatch: pytest.MonkeyPatch,
    kind: FileEditKind,
    path: str,
    text: str = "",
    new_path: str | None = None,
) -> None:
    """Make the strategy `given` propose one edit of a file."""

    def make(snapshot: Snapshot) -> SourceChange:
        known = snapshot.documents.get(WorkspacePath(path))
        digest = known.digest if known else None
        edits = (TextEdit(TextRange(0, 0), text),) if text else ()
        renamed = parse_path(new_path) if new_path else None
        file_edit = FileEdit(WorkspacePath(path), kind, digest, edits, renamed)
        return SourceChange(snapshot.revision, (file_edit,))

    monkeypatch.setitem(STRATEGIES, "given", GivenChange(make))
