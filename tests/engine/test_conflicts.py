"""T9: whatever happens between a change and its writing, no byte of the user is lost.

Each row is one mishap. Always asserted: what the user wrote is where they wrote it; of the change,
everything came about or nothing; and the person is told what happened.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from pairwright.editing.change import FileEditKind
from pairwright.errors import PairwrightError
from tests.engine import mishaps
from tests.engine.desks import Desk, given, open_desk
from tests.engine.mishaps import CHANGE, FILES, MINE, NEW, A, Scene


@dataclass(frozen=True)
class Case:
    name: str
    happens: mishaps.Happens
    told: str | None
    """What the person is told; None: it is done in spite of it."""
    asked: Literal["keep", "undo", "redo"] = "keep"
    is_open: tuple[str, ...] = ()
    """What the editor has open from the beginning."""


KEPT = [
    Case("typed elsewhere in the buffer", mishaps.typed_elsewhere, None, is_open=("a.py",)),
    Case(
        "typed at the place",
        mishaps.typed_at_the_same_place,
        "wants.*now:.*mine",
        is_open=("a.py",),
    ),
    Case("disk changed elsewhere", mishaps.disk_changed_elsewhere, None),
    Case("disk changed at the place", mishaps.disk_changed_at_the_same_place, "wants.*now:.*mine"),
    Case("file deleted", mishaps.file_deleted, r"b\.py.*the file was removed"),
    Case("replaced by a directory", mishaps.replaced_by_a_directory, r"b\.py.*nothing was written"),
    Case("replaced by a link", mishaps.replaced_by_a_link, r"b\.py.*link.*nothing was written"),
    Case(
        "replaced by a link outside", mishaps.replaced_by_a_link_that_leads_outside, r"b\.py.*link"
    ),
    Case("replaced by a pipe", mishaps.replaced_by_a_pipe, r"b\.py.*nothing was written"),
    Case(
        "replaced by a picture",
        mishaps.replaced_by_a_picture,
        r"b\.py.*binary.*nothing was written",
    ),
    Case("branch switched", mishaps.branch_switched, r"a\.py.*and 1 more.*nothing was written"),
    Case("branch switched, fits", mishaps.branch_switched_to_one_that_fits, None),
    Case(
        "dirty buffer, disk edit",
        mishaps.dirty_buffer_and_another_text_on_disk,
        None,
        is_open=("a.py",),
    ),
    Case("applied: false", mishaps.editor_refuses, "read-only buffer", is_open=("a.py",)),
    Case(
        "failedChange",
        mishaps.editor_stops_half_way,
        "second edit failed$",
        is_open=("a.py", "b.py"),
    ),
    Case(
        "abort only, and typed meanwhile",
        mishaps.editor_stops_half_way_while_somebody_types,
        "second edit failed$",
        is_open=("a.py", "b.py"),
    ),
    Case(
        "lies: nothing",
        mishaps.editor_says_it_did_and_did_nothing,
        "as it is|was",
        is_open=("a.py",),
    ),
    Case(
        "lies: another text",
        mishaps.editor_says_it_did_and_did_another_thing,
        r"a\.py holds another text: look at it there",
        is_open=("a.py",),
    ),
    Case(
        "lies: the half of it",
        mishaps.editor_says_it_did_and_did_the_half,
        r"said that it applied.*b\.py is as it was",
        is_open=("a.py", "b.py"),
    ),
    Case(
        "dies mid-apply",
        mishaps.editor_dies_while_it_is_asked,
        "the client has gone",
        is_open=("a.py",),
    ),
    Case(
        "typed before it was applied",
        mishaps.somebody_types_before_the_editor_applies,
        "the version is another$",
        is_open=("a.py",),
    ),
    Case(
        "disk changes while applying",
        mishaps.disk_changes_while_the_editor_applies,
        r"b\.py is not what it was",
        is_open=("a.py",),
    ),
    Case(
        "disk changes and somebody types while applying",
        mishaps.disk_changes_and_somebody_types_while_the_editor_applies,
        r"b\.py is not what it was",
        is_open=("a.py",),
    ),
    Case(
        "opened while applying",
        mishaps.opened_while_the_editor_applies,
        r"b\.py was opened in an editor meanwhile",
        is_open=("a.py",),
    ),
    Case("two editors, one refuses", mishaps.second_editor_refuses, "said no$", is_open=("a.py",)),
    Case(
        "two editors, one document", mishaps.second_editor_has_it_open_too, None, is_open=("a.py",)
    ),
    Case(
        "open where no edit is taken", mishaps.viewer_has_it_open, r"takes no edits has b\.py open"
    ),
    Case("read-only file", mishaps.read_only_file, r"b\.py' is read-only"),
    Case("hard links", mishaps.hard_linked_file, r"b\.py' is one file under 2 names"),
]
TAKEN_BACK = [
    Case("undo", mishaps.nothing_else, None, "undo"),
    Case("undo in the editor", mishaps.nothing_else, None, "undo", is_open=("a.py",)),
    Case("undo, edited elsewhere", mishaps.edited_elsewhere_since, None, "undo"),
    Case(
        "undo, edited there", mishaps.edited_there_since, r"b\.py.*had written:.*now:.*mine", "undo"
    ),
    Case("undo, typed elsewhere", mishaps.typed_elsewhere_since, None, "undo", is_open=("a.py",)),
    Case(
        "undo, typed there",
        mishaps.typed_there_since,
        r"a\.py.*now:.*mine",
        "undo",
        is_open=("a.py",),
    ),
    Case("undo, file deleted", mishaps.file_deleted, r"b\.py was removed since", "undo"),
    Case("undo, a directory", mishaps.replaced_by_a_directory, r"b\.py", "undo"),
    Case("undo, a link", mishaps.replaced_by_a_link, r"b\.py.*link", "undo"),
    Case("undo, a pipe", mishaps.replaced_by_a_pipe, r"b\.py' is not a regular file", "undo"),
    Case("undo, a picture", mishaps.replaced_by_a_picture, r"b\.py.*no text", "undo"),
    Case("undo, applied: false", mishaps.editor_refuses, "read-only", "undo", is_open=("a.py",)),
    Case(
        "undo, failedChange",
        mishaps.editor_stops_half_way,
        "second edit failed$",
        "undo",
        is_open=("a.py", "b.py"),
    ),
    Case(
        "undo, lies",
        mishaps.editor_says_it_did_and_did_nothing,
        "is as it was",
        "undo",
        is_open=("a.py",),
    ),
    Case(
        "undo, disk changes while applying",
        mishaps.disk_changes_while_the_editor_applies,
        r"b\.py is not what it was",
        "undo",
        is_open=("a.py",),
    ),
    Case(
        "undo, closed unsaved", mishaps.closed_without_saving_since, None, "undo", is_open=("a.py",)
    ),
    Case("redo, edited elsewhere", mishaps.edited_before_the_redo, None, "redo"),
    Case("redo, edited there", mishaps.edited_there_before_the_redo, r"b\.py.*now:.*mine", "redo"),
]


@pytest.mark.parametrize("case", [*KEPT, *TAKEN_BACK], ids=lambda case: case.name)
async def test_no_byte_of_the_user_is_lost(case: Case, tmp_path: Path) -> None:
    """T9."""
    async with open_desk(tmp_path, FILES, [CHANGE]) as desk:
        scene = Scene(desk, desk.editor(), desk.editor())
        for path in case.is_open:
            scene.open(path)
        task_id = (await desk.run("Change a.py and b.py.")).task_id
        if case.asked != "keep":
            await desk.accept(task_id)
        if case.asked == "redo":
            await desk.undo()
        before = {path: scene.text(path) for path in FILES}
        case.happens(scene)
        told = await ask(case, desk, task_id)
        scene.check_safe()
        check_all_or_nothing(case, scene, before, told)


async def ask(case: Case, desk: Desk, task_id: str) -> str | None:
    try:
        if case.asked == "keep":
            await desk.accept(task_id)
        elif case.asked == "undo":
            await desk.undo()
        else:
            await desk.redo()
    except PairwrightError as error:
        return str(error)
    return None


def check_all_or_nothing(
    case: Case, scene: Scene, before: dict[str, str | None], told: str | None
) -> None:
    """Check that of the change all came about, or nothing, as the person was told."""
    if case.told is None:
        assert told is None
        wanted = {path: FILES[path] for path in FILES} if case.asked == "undo" else NEW
    else:
        assert told is not None
        assert re.search(case.told, told, re.DOTALL), told
        wanted = {path: text for path, text in before.items() if text is not None}
    if case.told is not None and case.asked == "keep":
        assert scene.desk.task_state() == "review"
    for path, text in wanted.items():
        now = scene.text(path)
        is_users = path in scene.safe or path in scene.safe_buffers or now is None
        assert is_users or scene.editor.garbles or now == text, path
    assert not list(scene.desk.root.rglob(".pairwright*"))


def test_the_matrix_has_at_least_thirty_cases_of_different_names() -> None:
    names = [case.name for case in (*KEPT, *TAKEN_BACK)]
    assert len(names) == len(set(names)) >= 30


@pytest.mark.parametrize(
    ("kind", "path", "new_path", "mine", "told"),
    [
        (FileEditKind.CREATE, "new.py", None, "new.py", "there is such a file by now"),
        (FileEditKind.DELETE, "b.py", None, "b.py", "would be removed was changed"),
        (FileEditKind.RENAME, "b.py", "c.py", "c.py", "there is a file 'c.py' by now"),
    ],
    ids=["created first", "deleted, but edited", "renamed onto a new file"],
)
async def test_no_file_of_the_user_makes_room(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: FileEditKind,
    path: str,
    new_path: str | None,
    mine: str,
    told: str,
) -> None:
    """T9."""
    text = "" if kind is FileEditKind.DELETE else "# new\n"
    given(monkeypatch, kind, path, text, new_path)
    async with open_desk(tmp_path, FILES) as desk:
        task_id = (await desk.run("Change a.py and b.py.", strategy="given")).task_id
        (desk.root / mine).write_text(MINE)
        with pytest.raises(PairwrightError, match=told):
            await desk.accept(task_id)
        assert (desk.root / mine).read_text() == MINE
        assert desk.read("a.py") == A
