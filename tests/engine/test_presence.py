"""Who works where? Told from what editors say, for as long as it is true."""

from pathlib import Path

import pytest

from pairwright.engine.editors.presence import TYPING_S, Presence, changed_range
from pairwright.protocol.change_messages import ChangeView, ProposeParams
from pairwright.workspace.paths import WorkspacePath
from tests.engine.desks import Desk, open_desk
from tests.support.fake_editor import FakeEditor

A = WorkspacePath("a.py")
TEXT = "def one():\n    a = 1\n    return a\n\n\ndef two():\n    b = 1\n    return b\n"
IN_ONE = "--- a/a.py\n+++ b/a.py\n@@ -2 +2 @@\n-    a = 1\n+    a = 2\n"
IN_TWO = "--- a/a.py\n+++ b/a.py\n@@ -7 +7 @@\n-    b = 1\n+    b = 2\n"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("", "", ""),
        ("", "abc", "abc"),
        ("abc", "", ""),
        ("abc", "abc", ""),
        ("abc", "abXc", "X"),
        ("aaa", "aaaa", "a"),
        ("one two three", "one 2 three", "2"),
        ("same" * 1000, "same" * 500 + "!" + "same" * 500, "!"),
    ],
)
def test_the_changed_part_is_what_stands_between_equal_beginnings_and_ends(
    before: str, after: str, changed: str
) -> None:
    found = changed_range(before, after)
    assert after[found.start : found.end] == changed
    assert before.startswith(after[: found.start])
    assert before.endswith(after[found.end :])


def test_typing_is_forgotten_after_a_while_and_at_once_when_the_editor_leaves() -> None:
    clock = Clock()
    presence = Presence(clock)
    presence.opened("v", "vim", A)
    presence.typed("v", A, "a", "ab")
    assert [each.client for each in presence.typing] == ["vim"]
    clock.now += TYPING_S + 0.1
    assert presence.typing == ()
    presence.typed("v", A, "ab", "abc")
    presence.closed("v", A)
    assert presence.typing == ()
    presence.opened("v", "vim", A)
    presence.typed("v", A, "ab", "abc")
    presence.left("v")
    presence.left("v")
    assert presence.typing == ()


def test_who_has_nothing_open_and_who_changes_nothing_types_nowhere() -> None:
    presence = Presence()
    presence.typed("stranger", A, "a", "b")
    presence.opened("v", "vim", A)
    presence.typed("v", A, "same", "same")
    assert presence.typing == ()


async def proposed(desk: Desk, diff: str) -> ChangeView:
    result = await desk.session.changes.propose(ProposeParams(edits=diff, why="Two."))
    assert result.change is not None, result.refusals
    return result.change


def typing_in_one(desk: Desk) -> FakeEditor:
    editor = FakeEditor(desk.engine.open_session("vim"))
    editor.open("a.py", TEXT)
    editor.type("a.py", TEXT.replace("return a\n", "return a + 0\n"))
    return editor


async def test_a_hunk_in_the_function_where_somebody_types_is_marked(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": TEXT}) as desk:
        typing_in_one(desk)
        change = await proposed(desk, IN_ONE)
        assert [(each.client, each.where) for each in change.in_use] == [("vim", "one")]


async def test_a_hunk_elsewhere_is_not_marked(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": TEXT}) as desk:
        editor = typing_in_one(desk)
        change = await proposed(desk, IN_TWO)
        assert change.in_use == ()
        editor.close("a.py")
        change = await proposed(desk, IN_ONE)
        assert change.in_use == ()


async def test_what_we_had_an_editor_change_is_not_somebody_typing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": TEXT}) as desk:
        editor = FakeEditor(desk.engine.open_session("vim"))
        editor.open("a.py", TEXT)
        change = await proposed(desk, IN_ONE)
        await desk.accept(change.task_id)
        assert "a = 2" in editor.buffers["a.py"]
        (file,) = desk.session.open_files()
        assert (file.clients, file.typing, file.symbol) == (("vim",), (), "")


async def test_two_editors_of_one_file_are_both_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"a.py": TEXT}) as desk:
        typing_in_one(desk)
        FakeEditor(desk.engine.open_session("emacs")).open("a.py", TEXT)
        (file,) = desk.session.open_files()
        assert file.clients == ("emacs", "vim")
        assert (file.typing, file.symbol) == (("vim",), "one")
