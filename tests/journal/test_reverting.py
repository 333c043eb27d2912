from collections.abc import Collection

import pytest

from pairwright.errors import UnknownTask, UserError
from pairwright.journal.hunks import NO_LINES, hunks_of
from pairwright.journal.reverting import Reverted, revert, revert_each
from pairwright.journal.tree import digest_bytes
from pairwright.text.diff import Hunk
from pairwright.workspace.paths import WorkspacePath
from tests.journal.entries_in_memory import Change, Kept, entry_of

OLD = b"one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
NEW = b"one\nTWO\nthree\nfour\nfive\nSIX\nseven\n"


def check_revert(
    changes: dict[str, Change],
    current: dict[str, bytes | None],
    *,
    paths: Collection[str] | None = None,
    hunks: Collection[int] | None = None,
    moved: dict[str, str] | None = None,
) -> tuple[dict[str, bytes | None], Reverted]:
    """Return what the files hold afterwards, and the result; hunks are given by their number."""
    entry, contents = entry_of(changes, moved=moved)
    ids = [hunk.hunk_id for hunk in hunks_of(entry, contents)]
    now = {WorkspacePath(path): content for path, content in current.items()}
    result = revert(
        entry,
        contents,
        now,
        paths=None if paths is None else [WorkspacePath(path) for path in paths],
        hunks=None if hunks is None else [ids[number] for number in hunks],
    )
    for file in result.files:
        assert now.get(file.path) == file.before
        now[file.path] = file.content
    return {str(path): content for path, content in now.items()}, result


def test_an_untouched_change_is_taken_back_byte_for_byte() -> None:
    after, result = check_revert(
        {
            "a.py": (OLD, NEW),
            "bin": (b"\xff\0", b"\xfe\0"),
            "new": (None, b"x"),
            "old": (b"y", None),
        },
        {"a.py": NEW, "bin": b"\xfe\0", "new": b"x", "old": None},
    )
    assert after == {"a.py": OLD, "bin": b"\xff\0", "new": None, "old": b"y"}
    assert (result.conflicts, result.hunks) == ((), None)


def test_what_the_user_changed_elsewhere_since_stays() -> None:
    mine = NEW.replace(b"four\n", b"four\nmine\n").replace(b"one\n", b"")
    after, result = check_revert({"a.py": (OLD, NEW)}, {"a.py": mine})
    assert after["a.py"] == OLD.replace(b"four\n", b"four\nmine\n").replace(b"one\n", b"")
    assert (result.conflicts, result.hunks) == ((), None)


def test_what_the_user_changed_in_the_same_place_conflicts_and_says_both_sides() -> None:
    after, result = check_revert(
        {"a.py": (OLD, NEW)}, {"a.py": NEW.replace(b"TWO\n", b"mine\nand more\n")}
    )
    assert after["a.py"] == b"one\nmine\nand more\nthree\nfour\nfive\nsix\nseven\n"
    (conflict,) = result.conflicts
    assert (conflict.path, conflict.ours, conflict.theirs) == ("a.py", "TWO\n", "mine\nand more\n")
    assert "line 2" in conflict.reason
    assert result.hunks is not None
    assert len(result.hunks) == 1


def test_one_hunk_can_be_taken_back_alone_and_then_the_other() -> None:
    after, result = check_revert({"a.py": (OLD, NEW)}, {"a.py": NEW}, hunks=[1])
    assert after["a.py"] == NEW.replace(b"SIX", b"six")
    assert result.hunks is not None
    rest, result = check_revert({"a.py": (OLD, NEW)}, after)
    assert rest["a.py"] == OLD
    assert (result.conflicts, result.hunks) == ((), None)


def test_one_file_can_be_taken_back_alone() -> None:
    after, result = check_revert(
        {"a.py": (OLD, NEW), "b.py": (OLD, NEW)}, {"a.py": NEW, "b.py": NEW}, paths=["b.py"]
    )
    assert after == {"a.py": NEW, "b.py": OLD}
    assert result.hunks is not None
    assert len(result.hunks) == 2


def test_what_is_taken_back_already_needs_nothing() -> None:
    after, result = check_revert(
        {"a.py": (OLD, NEW), "new": (None, b"x"), "old": (b"y", None)},
        {"a.py": OLD, "new": None, "old": b"y"},
    )
    assert after == {"a.py": OLD, "new": None, "old": b"y"}
    assert (result.files, result.conflicts, result.hunks) == ((), (), None)


@pytest.mark.parametrize(
    ("change", "current", "reason", "sides"),
    [
        ((OLD, NEW), None, "was removed since", (NEW.decode(), "")),
        ((None, b"x\n"), b"x\nmine\n", "is new, and was changed since", ("x\n", "x\nmine\n")),
        ((b"y\n", None), b"mine\n", "is there again", ("", "mine\n")),
        ((b"\xff", b"\xfe"), b"\xfd", "no text", ("", "")),
        ((b"\xff\n", b"text\n"), b"text\nmine\n", "no text", ("text\n", "text\nmine\n")),
        ((OLD, NEW), b"\xff", "no text", (NEW.decode(), "")),
    ],
)
def test_a_file_that_cannot_be_taken_back_by_lines_conflicts_as_a_whole(
    change: Change, current: bytes | None, reason: str, sides: tuple[str, str]
) -> None:
    after, result = check_revert({"f": change}, {"f": current})
    assert after == {"f": current}
    (conflict,) = result.conflicts
    assert reason in conflict.reason
    assert (conflict.ours, conflict.theirs) == sides
    assert result.hunks == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_stay(encoding: str, line_end: str) -> None:
    old, new = (text.decode().replace("\n", line_end).encode(encoding) for text in (OLD, NEW))
    mine = f"ü mine{line_end}{NEW.decode()}".replace("\n", line_end) if line_end != "\n" else ""
    mine = f"ü mine\n{NEW.decode()}".replace("\n", line_end)
    after, result = check_revert({"a.txt": (old, new)}, {"a.txt": mine.encode(encoding)})
    expected = f"ü mine\n{OLD.decode()}".replace("\n", line_end)
    assert after["a.txt"] == expected.encode(encoding)
    assert result.conflicts == ()


def test_a_declared_encoding_is_kept_and_what_it_lacks_conflicts() -> None:
    head = "# -*- coding: latin-1 -*-\n"
    old, new = f"{head}x = 'é'\n".encode("latin-1"), f"{head}x = 1\n".encode("latin-1")
    mine = new + "y = 'ü'\n".encode("latin-1")
    after, _ = check_revert({"a.py": (old, new)}, {"a.py": mine})
    assert after["a.py"] == f"{head}x = 'é'\ny = 'ü'\n".encode("latin-1")
    ascii_now = b"# -*- coding: ascii -*-\nx = 1\n"
    after, result = check_revert({"a.py": (old, new)}, {"a.py": ascii_now})
    assert after["a.py"] == ascii_now
    assert "encoding" in result.conflicts[0].reason


def test_a_moved_file_moves_back_with_what_was_changed_since() -> None:
    changes: dict[str, Change] = {"old.py": (OLD, None), "new.py": (None, NEW)}
    mine = NEW + b"mine\n"
    after, result = check_revert(
        changes, {"old.py": None, "new.py": mine}, moved={"new.py": "old.py"}
    )
    assert after == {"old.py": OLD + b"mine\n", "new.py": None}
    assert (result.conflicts, result.hunks) == ((), None)


def test_half_a_move_is_the_whole_move() -> None:
    changes: dict[str, Change] = {
        "old.py": (OLD, None),
        "new.py": (None, OLD),
        "a.py": (b"1", b"2"),
    }
    current: dict[str, bytes | None] = {"old.py": None, "new.py": OLD, "a.py": b"2"}
    for path in ("old.py", "new.py"):
        after, _ = check_revert(changes, current, paths=[path], moved={"new.py": "old.py"})
        assert after == {"old.py": OLD, "new.py": None, "a.py": b"2"}


@pytest.mark.parametrize(
    ("current", "reason"),
    [
        ({"old.py": None, "new.py": None}, "was removed"),
        ({"old.py": b"mine", "new.py": NEW}, "is there again"),
        ({"old.py": None, "new.py": NEW.replace(b"TWO", b"mine")}, "line 2"),
        ({"old.py": None, "new.py": b"\xff"}, "no text"),
    ],
)
def test_a_move_that_cannot_go_back_stays_whole(
    current: dict[str, bytes | None], reason: str
) -> None:
    changes: dict[str, Change] = {"old.py": (OLD, None), "new.py": (None, NEW)}
    after, result = check_revert(changes, current, moved={"new.py": "old.py"})
    assert after == current
    assert reason in result.conflicts[0].reason


def test_only_a_mode_that_nobody_changed_since_is_restored() -> None:
    entry, contents = entry_of({"a.sh": (b"x", b"x")}, modes=(0o644, 0o755))
    path = WorkspacePath("a.sh")
    now = {path: b"x"}
    (file,) = revert(entry, contents, now, modes={path: 0o755}).files
    assert file.mode == 0o644
    assert revert(entry, contents, now, modes={path: 0o700}).files == ()


def test_what_an_entry_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownTask, match=r"no file 'x\.py'"):
        check_revert({"a.py": (OLD, NEW)}, {"a.py": NEW}, paths=["x.py"])
    entry, contents = entry_of({"a.py": (OLD, NEW)})
    with pytest.raises(UnknownTask, match="no hunk 'nothing'"):
        revert(entry, contents, {}, hunks=["nothing"])


def test_a_pruned_entry_and_a_lost_content_are_refused() -> None:
    entry, contents = entry_of({"a.py": (OLD, NEW)}, is_pruned=True)
    with pytest.raises(UserError, match="no longer be taken back"):
        revert(entry, contents, {})
    entry, _ = entry_of({"a.py": (OLD, NEW)})
    with pytest.raises(UserError, match="no longer holds"):
        revert(entry, Kept(), {})


def test_several_entries_are_taken_back_newest_first() -> None:
    kept = Kept()
    path = WorkspacePath("a.py")
    entries = [
        entry_of({"a.py": (before, after)}, entry_id=f"00000{number}-0", kept=kept)[0]
        for number, (before, after) in enumerate([(OLD, NEW), (NEW, b"one\n"), (b"one\n", b"2\n")])
    ]
    results = revert_each(entries, kept, {path: b"2\n"})
    assert [result.entry_id for result in results] == ["000002-0", "000001-0", "000000-0"]
    assert [result.files[0].content for result in results] == [b"one\n", NEW, OLD]


def test_a_reverted_file_becomes_a_write() -> None:
    _, result = check_revert({"a.py": (OLD, NEW)}, {"a.py": NEW})
    (file,) = result.files
    write = file.to_write()
    assert (write.path, write.before, write.content) == ("a.py", digest_bytes(NEW), OLD)
    assert (write.in_editor, write.old_content) == (False, None)
    assert file.to_write(in_editor=True).old_content == NEW


def test_hunks_are_listed_with_lasting_ids() -> None:
    changes: dict[str, Change] = {
        "a.py": (OLD, NEW),
        "new.py": (None, b"x\n"),
        "empty": (None, b""),
        "bin": (b"\xff", b"\xfe"),
    }
    entry, contents = entry_of(changes)
    hunks = hunks_of(entry, contents)
    assert [(hunk.path, hunk.hunk) for hunk in hunks] == [
        ("a.py", Hunk(1, ("two\n",), 1, ("TWO\n",))),
        ("a.py", Hunk(5, ("six\n",), 5, ("SIX\n",))),
        ("new.py", Hunk(0, (), 0, ("x\n",))),
        ("empty", NO_LINES),
        ("bin", NO_LINES),
    ]
    ids = [hunk.hunk_id for hunk in hunks]
    assert len(set(ids)) == 5
    assert ids == [hunk.hunk_id for hunk in hunks_of(*entry_of(changes))]
    other, contents = entry_of(changes, entry_id="000002-00000000")
    assert not set(ids) & {hunk.hunk_id for hunk in hunks_of(other, contents)}
    # Written down: an id that a client remembers must mean the same after an update.
    assert ids[0] == "4c17097f0bb6"
