"""`history`, `undo` and `redo`, as a person and as a program sees them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from pairwright.protocol.codec import encode
from pairwright.protocol.history_messages import (
    HistoryEntry,
    HistoryFile,
    HistoryResult,
    Standing,
    UndoResult,
)
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from pairwright_client.history import show_entry, show_history, show_undone, when
from tests.clients import story
from tests.clients.daemon_double import DaemonDouble, Refusal
from tests.clients.pictures import check_picture, plain

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
FILE = HistoryFile(path="shop/cart.py", file_change="modify", added=2, removed=1, in_editor=False)
CHANGE = HistoryEntry(
    entry_id="000002-12345678",
    number=2,
    kind="change",
    label="Charge for the quantity of each line, and round half up\nas the tests want it.",
    written_at="2026-11-22T13:05:00+00:00",
    client="pairwright-cli",
    task_id="t1",
    reverts=None,
    standing="undone",
    files=(FILE, replace(FILE, path="shop/\x1b[2Jtax.py")),
)
UNDO = replace(
    CHANGE,
    entry_id="000003-12345678",
    number=3,
    kind="undo",
    reverts=CHANGE.entry_id,
    change_number=2,
    standing="standing",
    files=(replace(FILE, added=1, removed=2),),
)
OLD = replace(
    CHANGE,
    entry_id="000001-12345678",
    number=1,
    label="Add a discount",
    written_at="2026-11-21T09:12:00+00:00",
    standing="partly",
    files=(replace(FILE, path="a/long/way/down/to/the/" + "x" * 30 + ".py", file_change="create"),),
)


def ask(rendezvous: Rendezvous, answer: Any, *command_lines: str) -> list[Any]:
    """Run commands, all answered alike; return the params that the daemon heard."""
    names = ("history", "undo", "redo")
    answers = {f"pairwright/{name}": lambda *_: encode(answer) for name in names}
    with DaemonDouble(rendezvous, answers) as daemon:
        for command_line in command_lines:
            assert main(command_line.split()) == 0
    return [params for method, params in daemon.heard if method in answers]


def test_the_history_is_a_table() -> None:
    paper, screen = plain()
    result = HistoryResult(
        entries=(UNDO, CHANGE, OLD), total=7, notice="the oldest change can no longer be taken back"
    )
    show_history(screen, result, now=NOW)
    assert all(len(line) <= screen.width for line in paper.getvalue().splitlines())
    check_picture("history", paper.getvalue())


def test_an_empty_history_says_so() -> None:
    paper, screen = plain()
    show_history(screen, HistoryResult(entries=(), total=0), now=NOW)
    assert paper.getvalue() == "Nothing was written in this workspace yet.\n"


def test_one_entry_is_shown_hunk_by_hunk() -> None:
    paper, screen = plain()
    hunks = (story.HUNK, story.SECOND_HUNK)
    file = replace(FILE, in_editor=True, hunks=hunks, undone_hunks=(story.SECOND_HUNK.hunk_id,))
    moved = replace(FILE, path="new.py", moved_from="old.py", file_change="rename")
    show_entry(screen, replace(CHANGE, standing="partly", files=(file, moved)), now=NOW)
    check_picture("history_entry", paper.getvalue())


@pytest.mark.parametrize(
    ("written_at", "said"),
    [
        ("2026-11-22T13:05:00+00:00", "today 13:05"),
        ("2026-11-22T00:30:00+02:00", "yesterday 22:30"),
        ("2026-03-01T13:05:00+00:00", "1 Mar 13:05"),
        ("2025-03-01T13:05:00+00:00", "1 Mar 2025"),
        ("no\x1btime", "no\\x1btime"),
    ],
)
def test_a_time_is_said_as_a_person_would(written_at: str, said: str) -> None:
    assert when(written_at, NOW) == said


def test_history_asks_for_as_many_as_wanted_or_for_one(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    result = HistoryResult(entries=(CHANGE,), total=1)
    asked = ask(rendezvous, result, "history --limit 5", "history 2 --json")
    assert asked == [{"limit": 5}, {"entryId": "2", "limit": 20}]
    *_, last = capsys.readouterr().out.splitlines()
    assert json.loads(last)["entries"][0]["number"] == 2


def test_undo_takes_the_last_change_back_or_what_is_named(
    rendezvous: Rendezvous, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = UndoResult(entry_id="x", number=2, label="Round\x1b half up", files=("a.py", "b.py"))
    part = "undo 2 --file a.py --hunk h1 --hunk h2"
    asked = ask(rendezvous, answer, "undo", part, "undo --task t1")
    assert asked == [
        {},
        {"entryId": "2", "paths": ["a.py"], "hunkIds": ["h1", "h2"]},
        {"taskId": "t1"},
    ]
    assert capsys.readouterr().out.startswith(
        "Took back change 2: Round\\x1b half up\n"
        "  2 files: a.py, b.py\n"
        "  Bring it back with 'pairwright redo'.\n"
    )


def test_an_undo_that_had_nothing_to_write_says_so(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(rendezvous, UndoResult(entry_id="e", number=4, files=()), "undo")
    assert capsys.readouterr().out == (
        "Nothing had to be written for change 4: all is as it would be already.\n"
    )


def test_who_took_back_a_part_hears_that_it_was_one(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    part = UndoResult(entry_id="e", number=4, label="Round", files=("a.py",), is_part=True)
    ask(rendezvous, part, "undo 4 --hunk h1")
    assert capsys.readouterr().out.startswith("Took back a part of change 4: Round\n")


def test_redo_brings_back_what_an_undo_took(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = UndoResult(entry_id="e", number=2, label="Round", files=("a.py",))
    part = "redo 3 --file a.py --hunk h1 --hunk h2"
    asked = ask(rendezvous, answer, "redo 3", part, "redo --task t1", "redo --json")
    assert asked == [
        {"entryId": "3"},
        {"entryId": "3", "paths": ["a.py"], "hunkIds": ["h1", "h2"]},
        {"taskId": "t1"},
        {},
    ]
    out = capsys.readouterr().out
    assert out.startswith("Brought back change 2: Round\n  1 file: a.py\n")
    assert json.loads(out.splitlines()[-1])["files"] == ["a.py"]


def test_an_undo_of_several_changes_is_one_line_that_names_them() -> None:
    paper, screen = plain()
    undo = replace(UNDO, label="Round", change_numbers=(1, 2), also_reverts=(OLD.entry_id,))
    show_history(screen, HistoryResult(entries=(undo,), total=1), now=NOW)
    (line,) = (line for line in paper.getvalue().splitlines() if "undo of" in line)
    assert line.startswith("3  today 13:05  ↶ undo of 1 and 2: Round")
    three = UndoResult(
        entry_id="e", number=4, label="Round", files=("a.py",), numbers=(1, 2, 4), undo_id="u"
    )
    show_undone(screen, three, verb="Took back", again="Bring it back.")
    assert "Took back changes 1, 2 and 4: Round\n" in paper.getvalue()


@pytest.mark.parametrize(
    ("kind", "standing", "said"),
    [
        ("change", "standing", ["undo 3' takes it back"]),
        ("change", "partly", ["undo 3' takes it back", "redo 3' brings back what was undone"]),
        ("change", "undone", ["redo 3' brings back what was undone"]),
        ("undo", "standing", ["redo 3' brings it back"]),
        ("undo", "undone", []),
        ("redo", "standing", ["undo 3' takes it back"]),
        ("change", "forgotten", []),
    ],
)
def test_an_entry_ends_with_what_can_be_done_about_it(
    kind: Literal["change", "undo", "redo"], standing: Standing, said: list[str]
) -> None:
    paper, screen = plain()
    show_entry(screen, replace(UNDO, kind=kind, standing=standing), now=NOW)
    steps = [line for line in paper.getvalue().splitlines() if line.startswith("'pairwright")]
    assert len(steps) == len(said)
    assert all(
        step.startswith(f"'pairwright {word}") for step, word in zip(steps, said, strict=True)
    )
    assert all(len(step) <= screen.width for step in steps)


def test_a_refusal_says_both_sides(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any) -> Any:
        raise Refusal("a.py was changed since\nthere stands now:\n    mine", code=-32801)

    with DaemonDouble(rendezvous, {"pairwright/undo": refuse}):
        assert main(["undo"]) == 1
    err = capsys.readouterr().err
    assert err == "pairwright: a.py was changed since\nthere stands now:\n    mine\n"
