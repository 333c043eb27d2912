"""What an editor asks about a place of a text: is it answered from that very text?"""

from pathlib import Path

import pytest

from pairwright.engine.questions.places import Spot
from pairwright.errors import StaleChange, UnreadableFile
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath
from tests.engine.asking import STACK, STACK_PY, USE, USE_PY, asking, shown, spot


async def test_the_outline_of_a_file_comes_with_its_text(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        defined, text = await queries.symbols_in(STACK_PY)
        assert text == STACK
        assert [symbol.qualified_name for symbol in defined][:2] == ["Stack", "Stack.push"]
        defined, text = await queries.symbols_in(WorkspacePath("notes.txt"))
        assert (defined, text) == ((), "Push it.\n")


@pytest.mark.parametrize(
    ("path", "reason"), [("nix.py", "there is no file 'nix.py'"), ("picture.png", "binary")]
)
async def test_a_file_without_text_is_refused_with_the_reason(
    tmp_path: Path, path: str, reason: str
) -> None:
    async with asking(tmp_path) as (queries, _):
        known = WorkspacePath(path)
        with pytest.raises(UnreadableFile, match=reason):
            await queries.symbols_in(known)
        with pytest.raises(UnreadableFile, match=reason):
            await queries.definitions(Spot(known, TextRange(0, 0), ""))
        with pytest.raises(UnreadableFile, match=reason):
            await queries.references_at(Spot(known, TextRange(0, 0), ""), with_definitions=True)


async def test_what_stands_at_a_place_is_found(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        used, defined = spot(USE_PY, USE, "push"), spot(STACK_PY, STACK, "push")
        definition = ("stack.py", STACK.index("push"), "push")
        assert shown(await queries.definitions(used)) == [definition]
        uses = shown(await queries.references_at(defined, with_definitions=False))
        assert [path for path, _, _ in uses] == ["use.py", "use.py"]
        assert shown(await queries.references_at(used, with_definitions=True)) == [
            definition,
            *uses,
        ]
        assert await queries.definitions(spot(USE_PY, USE, "2)")) == ()


async def test_a_place_in_a_text_that_is_another_by_now_is_stale(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, desk):
        place = spot(USE_PY, USE, "push")
        desk.session.document_opened(USE_PY, "\n" + USE, 1)
        with pytest.raises(StaleChange, match=r"the text of 'use\.py' is another by now"):
            await queries.definitions(place)
        with pytest.raises(StaleChange, match=r"the text of 'use\.py' is another by now"):
            await queries.references_at(place, with_definitions=False)


async def test_workspace_symbols_say_where_their_names_stand(tmp_path: Path) -> None:
    async with asking(tmp_path) as (queries, _):
        for _ in range(2):  # read, and then remembered
            found, _ = await queries.workspace_symbols("push", 10)
            assert [(each.path, place.start.line, place.end.column) for each, place in found] == [
                ("stack.py", 4, len("    def push"))
            ]
        found, _ = await queries.workspace_symbols("", 10)
        assert found == ()
