"""T17: no request of a client, on the wire or typed, reads or writes outside the workspace."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from pairwright.engine.session import Session
from pairwright.errors import PairwrightError
from pairwright.index.ranking import MapFocus
from pairwright.protocol import messages
from pairwright.protocol.history_messages import HistoryParams, RedoParams, UndoParams
from pairwright.protocol.index_messages import MapParams, ReferencesParams, SearchParams
from pairwright.settings import Settings
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright_client.errors import UsageError
from pairwright_client.workspaces import path_in_workspace
from tests.security.escapes import SECRET, Place, build_place
from tests.support.engines import ScriptedModels, opened_engine, scripted_model
from tests.support.waiting import within

ANSWER = "### FILE b.py\n<<<<<<< SEARCH\nb = 1\n=======\nb = 2\n>>>>>>> REPLACE\n### END 1\n"


class Client:
    """A session of a real engine on a workspace full of traps."""

    def __init__(self, ground: Place, session: Session) -> None:
        self.ground = ground
        self.session = session
        self.seen: list[object] = []

    async def check(self, ask: Callable[[str], Awaitable[object]]) -> None:
        """Ask about every path; nothing outside may be read or changed, and nothing may break."""
        before, guarded = self.ground.around(), self.ground.guarded()
        for word in self.ground.words():
            try:
                found: object = await ask(word)
            except PairwrightError as error:
                found = error
            assert SECRET not in repr(found), f"{word!r} was read"
        assert self.ground.around() == before
        assert self.ground.guarded() == guarded

    async def hear(self, event: messages.TaskEvent) -> None:
        self.seen.append(event)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    ground = build_place(tmp_path, "workspace")
    weak = scripted_model("weak", [ANSWER])
    models = ScriptedModels(scripted_model("strong"), weak)
    async with within(60), opened_engine(tmp_path, models, Settings()) as engine:
        yield Client(ground, engine.open_session("person"))


async def test_no_focus_of_a_task_leaves_the_workspace(client: Client) -> None:
    async def ask(word: str) -> object:
        params = messages.RunParams(instruction="Change it.", strategy="weak", file=word)
        with pytest.raises(PairwrightError) as refusal:
            await client.session.run_task(params, client.hear)
        return refusal.value

    await client.check(ask)
    assert all(SECRET not in repr(event) for event in client.seen)


async def test_no_query_of_the_index_leaves_the_workspace(client: Client) -> None:
    queries = client.session.queries

    async def ask(word: str) -> object:
        return (
            await queries.map(MapParams(focus=(word,)), MapFocus()),
            await queries.references(ReferencesParams(name=f"{word}:f")),
        )

    async def symbols(word: str) -> object:
        return await queries.symbols_in(WorkspacePath(word))

    async def search(word: str) -> object:
        found = await queries.search(SearchParams(text="5b1d", include=word))
        assert not found.files
        return found

    for each in (ask, symbols, search):
        await client.check(each)


async def test_no_path_of_a_review_or_an_undo_leaves_the_workspace(client: Client) -> None:
    params = messages.RunParams(instruction="Change b.py.", strategy="weak", file="b.py")
    result = await client.session.run_task(params, client.hear)
    assert result.state == "review"

    async def approve(word: str) -> object:
        params = messages.AcceptParams(task_id="unknown", approved_paths=(word,))
        return await client.session.accept(params)

    await client.check(approve)
    await client.session.accept(
        messages.AcceptParams(task_id=result.task_id, approved_paths=client.ground.words())
    )
    assert (client.ground.root / "b.py").read_text() == "b = 2\n"

    async def undo(word: str) -> object:
        return await client.session.undo(UndoParams(paths=(word,)))

    async def redo(word: str) -> object:
        return await client.session.redo(RedoParams(paths=(word,)))

    async def history(word: str) -> object:
        return await client.session.history(HistoryParams(entry_id=word))

    for each in (undo, redo, history):
        await client.check(each)
    assert (client.ground.root / "b.py").read_text() == "b = 2\n"


def test_no_path_that_is_typed_leaves_the_workspace(tmp_path: Path) -> None:
    ground = build_place(tmp_path)
    before = ground.around()
    for word in ground.words():
        if "\0" in word:
            continue  # no argument of a program holds one
        for here in (ground.root, ground.root / "pkg", ground.outside):
            try:
                path = parse_path(path_in_workspace(word, ground.root, here))
            except (UsageError, PairwrightError):
                continue
            parent = (ground.root / path).parent.resolve()
            assert parent == ground.root or ground.root in parent.parents, word
    assert ground.around() == before
