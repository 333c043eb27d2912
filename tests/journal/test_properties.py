"""What holds of undoing, whatever the texts are."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairwright.journal.entries import FileWrite
from pairwright.journal.hunks import hunks_of
from pairwright.journal.journal import Journal
from pairwright.journal.reverting import revert
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.paths import WorkspacePath
from tests.journal.changes import tree_of, undo
from tests.journal.entries_in_memory import Kept, entry_of

PATH = WorkspacePath("a.txt")
LINES = tuple(f"line {number}" for number in range(12))
CONTENTS = st.one_of(
    st.none(),
    st.binary(max_size=40),
    st.text("ab\n\r\ufeffé", max_size=40).map(str.encode),
    st.text("ab\n", max_size=20).map(lambda text: text.encode("utf-16")),
)


@st.composite
def edits(draw: st.DrawFn, mark: str) -> list[tuple[str, ...]]:
    """Return what stands for each line, and behind the last: itself, nothing, or marked lines."""
    kinds = draw(
        st.lists(
            st.sampled_from(["keep"] * 6 + ["remove", "replace", "insert", "append"]),
            min_size=len(LINES),
            max_size=len(LINES),
        )
    )
    results = []
    for number, kind in enumerate(kinds):
        line, mine = LINES[number], f"{mark} {number}"
        results.append(
            {
                "keep": (line,),
                "remove": (),
                "replace": (mine,),
                "insert": (mine, line),
                "append": (line, mine, f"{mine} more"),
            }[kind]
        )
    return results


def bytes_of(lines: list[str], line_end: str) -> bytes:
    return "".join(line + line_end for line in lines).encode()


@settings(max_examples=300, deadline=None)
@given(ours=edits("ours"), theirs=edits("theirs"), picks=st.sets(st.integers(0, 12)))
def test_undoing_a_hunk_keeps_what_the_user_changed_since_or_conflicts(
    ours: list[tuple[str, ...]], theirs: list[tuple[str, ...]], picks: set[int]
) -> None:
    """Every line is the only one of its kind, so it can be followed."""
    old = bytes_of(list(LINES), "\n")
    new_lines = [line for lines in ours for line in lines]
    new = bytes_of(new_lines, "\n")
    if old == new:
        return
    # The user edits what the change left in the same ways, line by line.
    now_lines = [
        line if line.startswith("theirs") else kept
        for kept, lines in zip(new_lines, theirs, strict=False)
        for line in lines
    ] + new_lines[len(theirs) :]
    now = bytes_of(now_lines, "\n")
    entry, contents = entry_of({PATH: (old, new)})
    known = hunks_of(entry, contents)
    chosen = [hunk for number, hunk in enumerate(known) if number in picks] or list(known)
    result = revert(entry, contents, {PATH: now}, hunks=[hunk.hunk_id for hunk in chosen])

    after = result.files[0].content if result.files else now
    assert after is not None
    lines = after.decode().split("\n")[:-1]
    assert len(set(lines)) == len(lines)
    done = {hunk.hunk_id for hunk in known} if result.hunks is None else set(result.hunks)
    done_hunks = [hunk.hunk for hunk in known if hunk.hunk_id in done]
    brought_back = {line[:-1] for hunk in done_hunks for line in hunk.old_lines}
    taken_away = {line[:-1] for hunk in done_hunks for line in hunk.new_lines}
    # Nothing of the user's is lost, nothing that they removed comes back, nothing else changes.
    assert set(lines) == (set(now_lines) - taken_away) | brought_back
    stayed = [line for line in now_lines if line not in taken_away and line not in brought_back]
    assert [line for line in lines if line in set(stayed)] == stayed
    missed = {hunk.hunk_id for hunk in chosen} - done
    assert bool(missed) == bool(result.conflicts)
    for conflict in result.conflicts:
        assert conflict.ours != conflict.original
        assert all(line in now_lines for line in conflict.theirs.split("\n")[:-1])


@settings(max_examples=300, deadline=None)
@given(before=CONTENTS, after=CONTENTS, later=CONTENTS)
def test_whatever_the_bytes_undo_and_redo_give_them_back_or_touch_nothing(
    before: bytes | None, after: bytes | None, later: bytes | None
) -> None:
    kept = Kept()
    entry, contents = entry_of({PATH: (before, after)}, kept=kept)
    undone = revert(entry, contents, {PATH: after})
    assert undone.conflicts == ()
    assert (undone.files[0].content if undone.files else after) == before
    undo_entry, _ = entry_of({PATH: (after, before)}, entry_id="000002-00000000", kept=kept)
    redone = revert(undo_entry, contents, {PATH: before})
    assert (redone.files[0].content if redone.files else before) == after
    foreign = revert(entry, contents, {PATH: later})
    if foreign.conflicts and foreign.hunks == ():
        assert foreign.files == ()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(st.text("ab\n", max_size=12), min_size=2, max_size=4),
    picks=st.lists(st.integers(0, 3), max_size=3),
)
def test_redo_after_undo_is_as_if_nothing_had_happened(
    quick: Path, texts: list[str], picks: list[int]
) -> None:
    """On the disk, for whole entries and for single hunks; across restarts."""
    root = quick / "ws"
    root.mkdir(exist_ok=True)
    (root / PATH).write_text(texts[0])
    journal = Journal(quick / "state", root)
    for text in texts[1:]:
        write = FileWrite(PATH, digest_bytes((root / PATH).read_bytes()), text.encode())
        entry = journal.commit([write])
    known = hunks_of(entry, journal.content)
    chosen = {known[pick % len(known)].hunk_id for pick in picks}
    before = tree_of(root)
    if entry.files[0].before != entry.files[0].after:
        undone = undo(journal, entry, hunks=chosen or None)
        assert tree_of(root) != before
        undo(Journal(quick / "state", root), undone)
    assert tree_of(root) == before


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ours=edits("ours"), place=st.integers(0, len(LINES)))
def test_line_ends_are_never_translated(
    line_end: str, ours: list[tuple[str, ...]], place: int
) -> None:
    old = bytes_of(list(LINES), line_end)
    new_lines = [line for lines in ours for line in lines]
    entry, contents = entry_of({PATH: (old, bytes_of(new_lines, line_end))})
    now = bytes_of([*new_lines[:place], "theirs", *new_lines[place:]], line_end)
    result = revert(entry, contents, {PATH: now})
    for file in result.files:
        assert file.content is not None
        rest = file.content.replace(line_end.encode(), b"")
        assert b"\r" not in rest
        assert b"\n" not in rest
