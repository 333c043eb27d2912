"""What becomes of an answer, and what is told of it?"""

from dataclasses import replace

import pytest

from pairwright.checks.dependents import Affected
from pairwright.editing.change import FileEdit, FileEditKind
from pairwright.editing.formats import FormatRecord
from pairwright.llm.model import Tier
from pairwright.strategies.base import AnswerRead, EditProposed, EditRejected
from pairwright.strategies.progress import change_from
from pairwright.workspace.paths import WorkspacePath
from tests.index.analyses import analyse
from tests.strategies.stage import TEXT, WORKSPACE, Performance, mends, perform, task_of
from tests.support.answers import answer, block, edit

A, B, C = WorkspacePath("a.py"), WorkspacePath("b.py"), WorkspacePath("c.py")
FREE = {Tier.WEAK: False, Tier.STRONG: False}
TWO_BLOCKS = answer(
    block("a.py", "one = 0\n", "one = 1\n"), block("a.py", "three = 0\n", "three = 1\n")
)


def readings(done: Performance) -> list[AnswerRead]:
    return [event for event in done.events if isinstance(event, AnswerRead)]


@pytest.mark.parametrize(
    ("written", "blocks", "is_well_formed", "is_applied"),
    [
        (mends("one"), 1, True, True),
        (TWO_BLOCKS, 2, True, True),
        (edit("a.py", "four = 0\n", "four = 1\n"), 1, True, False),
        (edit("lib.py", "library = True\n", "library = False\n"), 1, True, False),
        (mends("one").replace("=======\n", ""), 1, False, False),
        (TWO_BLOCKS.replace("### END 2", ""), 2, False, False),
        ("I would rather not.\n### END 0\n", 0, False, False),
    ],
)
async def test_each_answer_tells_how_its_format_fared(
    written: str, blocks: int, is_well_formed: bool, is_applied: bool
) -> None:
    done = await perform("weak", [written])
    first, *_ = readings(done)
    assert first == AnswerRead(
        attempt=1,
        model="scripted/weak",
        edit_format="search_replace",
        blocks=blocks,
        is_well_formed=is_well_formed,
        is_applied=is_applied,
        tier=Tier.WEAK,
        question=done.weak[0].messages,
        answer=written,
    )


@pytest.mark.parametrize("cut", range(0, len(TWO_BLOCKS) - 1, 3))
async def test_nothing_of_a_cut_answer_is_judged_or_kept(cut: int) -> None:
    """T13: what was shown while it streamed is taken back, and nothing reaches the gate."""
    done = await perform("weak", [TWO_BLOCKS[:cut]])
    assert done.gate.checked == []
    assert done.proposal is None
    assert any(isinstance(event, EditRejected) for event in done.events)


async def test_the_record_of_a_model_decides_what_it_is_asked_for() -> None:
    by_default = await perform("weak", [mends("one")], grammar=FREE)
    assert "<<<<<<< WHOLE" in by_default.weak[0].messages[2].content
    failed = FormatRecord("whole_file", 20, 3, 2)
    corrected = await perform(
        "weak", [mends("one")], grammar=FREE, records={"scripted/weak": (failed,)}
    )
    assert "<<<<<<< SEARCH" in corrected.weak[0].messages[2].content
    another = await perform(
        "weak", [mends("one")], grammar=FREE, records={"scripted/other": (failed,)}
    )
    assert "<<<<<<< WHOLE" in another.weak[0].messages[2].content


async def test_file_operations_are_explained_to_whoever_can_write_them() -> None:
    free = await perform("weak", [mends("one")], grammar=FREE)
    held = await perform("weak", [mends("one")])
    assert "### RENAME" in free.weak[0].messages[0].content
    assert "### RENAME" not in held.weak[0].messages[0].content


def only_file(done: Performance) -> FileEdit:
    assert done.proposal is not None
    (file,) = done.proposal.change.files
    return file


async def test_a_file_may_be_deleted() -> None:
    done = await perform("weak", ["### DELETE a.py\n### END 1\n"])
    file = only_file(done)
    assert (file.path, file.kind) == (A, FileEditKind.DELETE)
    shown = next(event for event in done.events if isinstance(event, EditProposed))
    assert (shown.old_text, shown.new_text) == (TEXT, "")


async def test_a_file_may_be_moved_and_edited_where_the_instruction_names_its_new_path() -> None:
    mended = block("a.py", "one = 0\n", "one = 1\n")
    written = f"### RENAME a.py\n### TO b.py\n{mended}### END 2\n"
    done = await perform("weak", [written], instruction="Move a.py to b.py.")
    file = only_file(done)
    assert (file.path, file.kind, file.new_path) == (A, FileEditKind.RENAME, B)
    assert [each.new_text for each in file.edits] == ["one = 1\n"]


async def test_a_file_is_not_moved_to_where_nobody_named() -> None:
    done = await perform("weak", ["### RENAME a.py\n### TO b.py\n### END 1\n"])
    assert done.proposal is None


async def test_lines_that_a_block_quotes_are_known_from_attempt_to_attempt() -> None:
    takes_away = answer(
        block("a.py", "one = 0\n# -\n", "one = 1\n"), block("a.py", "# --\n", "# ---\n")
    )
    done = await perform("weak", [takes_away, mends("two"), mends("three")])
    assert only_file(done).quoted == ("one = 0", "# -", "# --", "two = 0", "three = 0")


async def test_lines_that_a_whole_file_leaves_out_are_not_quoted() -> None:
    whole = "### FILE a.py\n<<<<<<< WHOLE\none = 1\ntwo = 1\nthree = 1\n>>>>>>> WHOLE\n### END 1\n"
    done = await perform("weak", [whole])
    assert only_file(done).quoted == ()


CALLS = Affected(A, "use", 4, "calls `load(path)`, whose signature changed")


async def test_what_may_break_in_a_shown_file_is_told_to_the_next_attempt() -> None:
    elsewhere = replace(CALLS, path=WorkspacePath("lib.py"), line=1)
    unsure = replace(CALLS, line=2, is_certain=False)
    done = await perform(
        "weak", [mends("one", 2), mends("one")], may_break=(CALLS, elsewhere, unsure)
    )
    told = task_of(done.weak[1])
    assert "a.py:5: `use` calls `load(path)`, whose signature changed" in told
    assert "lib.py:2" not in told
    assert "a.py:3" not in told


async def test_what_may_break_makes_no_sound_change_unsound() -> None:
    done = await perform("weak", [mends("one")], rule=lambda text: (), may_break=(CALLS,))
    assert done.proposal is not None
    assert done.proposal.verdict.is_sound
    assert len(done.weak) == 1


ORIGIN = analyse(WORKSPACE).snapshot


def test_what_was_renamed_and_deleted_is_no_longer_there() -> None:
    (file,) = change_from(ORIGIN, {A: None, B: None}, {B: A}).files
    assert (file.path, file.kind) == (A, FileEditKind.DELETE)


def test_what_was_renamed_twice_is_renamed_once() -> None:
    (file,) = change_from(ORIGIN, {A: None, B: None, C: TEXT}, {B: A, C: A}).files
    assert (file.path, file.kind, file.new_path, file.edits) == (A, FileEditKind.RENAME, C, ())


def test_what_was_renamed_there_and_back_is_only_edited() -> None:
    assert change_from(ORIGIN, {A: TEXT, B: None}, {B: A, A: A}).files == ()
    (file,) = change_from(ORIGIN, {A: TEXT + "x\n", B: None}, {B: A, A: A}).files
    assert (file.path, file.kind) == (A, FileEditKind.MODIFY)


def test_what_takes_the_place_of_a_renamed_file_is_a_file_of_its_own() -> None:
    files = change_from(ORIGIN, {A: "new\n", B: TEXT}, {B: A}).files
    assert {(file.path, file.kind) for file in files} == {
        (A, FileEditKind.MODIFY),
        (B, FileEditKind.CREATE),
    }


def test_what_was_created_and_deleted_is_no_change() -> None:
    assert change_from(ORIGIN, {B: None}).files == ()
