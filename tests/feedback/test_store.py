"""Feedback on disk."""

import sqlite3
import stat
from pathlib import Path

import pytest

from pairwright.errors import UserError
from pairwright.feedback.records import Attempt, Decision, ShownText
from pairwright.feedback.store import FeedbackStore
from pairwright.llm.model import Message
from tests.feedback.remembered import QUESTION, attempt

KEY = "sk-" + "a1B2c3D4e5F6g7H8"


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "state" / "feedback.sqlite3")


def remember(store: FeedbackStore, found: Attempt, diff: str = "") -> int:
    attempt_id = store.add_attempt(found)
    store.add_task(
        found.task_id,
        instruction="mend it",
        shown=[ShownText("a.py", "d1")],
        attempt_ids=[attempt_id],
        diff=diff,
    )
    return attempt_id


def test_what_is_remembered_is_there_in_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    first = FeedbackStore(path)
    attempt_id = remember(first, attempt("λ\n", tests="failed"), diff="+λ\n")
    first.add_decision("t1", Decision.KEPT, 2)
    first.add_decision("t1", Decision.KEPT, 1)
    first.add_decision("t1", Decision.UNDONE, 1)
    first.close()

    second = FeedbackStore(path)
    assert second.attempts() == (attempt("λ\n", tests="failed", attempt_id=attempt_id),)
    (task,) = second.tasks()
    assert (task.task_id, task.instruction, task.diff) == ("t1", "mend it", "+λ\n")
    assert task.shown == (ShownText("a.py", "d1"),)
    assert task.attempt_ids == (attempt_id,)
    assert task.decisions == {Decision.KEPT: 3, Decision.UNDONE: 1}


def test_a_task_that_is_run_again_is_forgotten_and_the_others_are_not(
    store: FeedbackStore, tmp_path: Path
) -> None:
    remember(store, attempt("once", task_id="t1"), diff="+own\n")
    kept = remember(store, attempt("other", task_id="t2"), diff="+other\n")
    store.add_decision("t1", Decision.KEPT, 1)
    store.forget("t1")
    store.forget("unknown")
    assert [each.task_id for each in store.tasks()] == ["t2"]
    assert [each.attempt_id for each in store.attempts()] == [kept]
    assert store.attempts()[0].answer == "other"
    remember(store, attempt("again", task_id="t1"))
    assert store.tasks()[-1].decisions == {}


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    FeedbackStore(tmp_path / "state" / "feedback.sqlite3").close()
    file = tmp_path / "state" / "feedback.sqlite3"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_looks_like_a_key_is_not_kept(store: FeedbackStore, tmp_path: Path) -> None:
    question = (Message("user", f"my key is {KEY}"),)
    remember(store, attempt(f"key = {KEY!r}", question=question), diff=f"+{KEY}\n")
    assert all(KEY not in found.answer for found in store.attempts())
    (found,) = store.attempts()
    assert KEY not in found.question[0].content
    assert KEY not in store.tasks()[0].diff


def test_a_message_that_repeats_is_stored_once(store: FeedbackStore, tmp_path: Path) -> None:
    long = Message("user", "".join(f"line {number}\n" for number in range(2_000)))
    for number in range(20):
        store.add_attempt(attempt(f"answer {number}", question=(*QUESTION, long)))
    store.close()
    with sqlite3.connect(tmp_path / "state" / "feedback.sqlite3") as connection:
        (count,) = connection.execute("SELECT count(*) FROM texts").fetchone()
    connection.close()
    assert count == 20 + len(QUESTION) + 1 + 1, "answers, messages, and the list of these"


def test_the_oldest_tasks_are_forgotten_when_there_is_too_much(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "feedback.sqlite3", most_bytes=200_000)
    for number in range(60):
        answer = "".join(f"{number * 7919 + line * line}\n" for line in range(1_000))
        remember(store, attempt(answer, task_id=f"t{number}"))
    kept = [task.task_id for task in store.tasks()]
    assert 1 <= len(kept) < 60
    assert kept == [f"t{number}" for number in range(60 - len(kept), 60)]
    assert [found.task_id for found in store.attempts()] == kept


def test_the_latest_task_stays_however_large_it_is(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "feedback.sqlite3", most_bytes=1)
    remember(store, attempt())
    remember(store, attempt("another", task_id="t2"))
    assert [task.task_id for task in store.tasks()] == ["t2"]
    assert [found.answer for found in store.attempts()] == ["another"]


def test_attempts_that_proposed_nothing_are_forgotten_as_well(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "feedback.sqlite3", most_bytes=1)
    for number in range(3):
        store.add_attempt(attempt(task_id=f"t{number}"))
    assert [found.task_id for found in store.attempts()] == ["t2"]


def test_a_damaged_text_takes_only_its_own_attempt_with_it(
    store: FeedbackStore, tmp_path: Path
) -> None:
    store.add_attempt(attempt("one"))
    store.add_attempt(attempt("two"))
    store.close()
    path = tmp_path / "state" / "feedback.sqlite3"
    with sqlite3.connect(path) as connection:
        (digest,) = connection.execute("SELECT answer FROM attempts LIMIT 1").fetchone()
        connection.execute("UPDATE texts SET body = x'00' WHERE digest = ?", (digest,))
    connection.close()
    assert [found.answer for found in FeedbackStore(path).attempts()] == ["two"]


def test_a_task_proposes_once(store: FeedbackStore) -> None:
    remember(store, attempt())
    with pytest.raises(UserError, match="cannot be used: UNIQUE"):
        remember(store, attempt())


def test_another_programs_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(UserError, match="it was left as it is"):
        FeedbackStore(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with pytest.raises(UserError, match="cannot be used: file is not a database"):
        FeedbackStore(path)


def test_tasks_without_attempts_are_forgotten_as_well(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "feedback.sqlite3", most_bytes=1)
    for number in range(5):
        store.add_task(f"t{number}", instruction="x", shown=(), attempt_ids=(), diff="")
        store.add_decision(f"t{number}", Decision.REJECTED, 1)
    assert [task.task_id for task in store.tasks()] == ["t4"]
    remember(store, attempt(task_id="t5"))
    remember(store, attempt(task_id="t6"))
    assert [task.task_id for task in store.tasks()] == ["t6"]


def test_the_latest_tasks_can_be_asked_for(store: FeedbackStore) -> None:
    for number in range(5):
        remember(store, attempt(task_id=f"t{number}"))
    store.add_decision("t4", Decision.KEPT, 2)
    latest = store.tasks(latest=2)
    assert [task.task_id for task in latest] == ["t3", "t4"]
    assert latest[-1].decisions == {Decision.KEPT: 2}


def test_half_a_character_is_no_obstacle(store: FeedbackStore) -> None:
    answer = attempt("half \ud83d")
    attempt_id = store.add_attempt(answer)
    store.add_task(
        "t1", instruction="half \ud83d", shown=(), attempt_ids=(attempt_id,), diff="+\ud83d\n"
    )
    assert store.attempts()[0].answer == "half \ud83d"
    assert store.tasks()[0].instruction == "half ?"


def test_what_was_asked_beside_edits_is_an_answer_and_no_attempt(store: FeedbackStore) -> None:
    plan = store.add_attempt(attempt("1. Do it.", is_applied=False, step="plan"))
    edit = store.add_attempt(attempt("an edit"))
    assert [(each.attempt_id, each.step) for each in store.answers()] == [
        (plan, "plan"),
        (edit, "edit"),
    ]
    assert [each.attempt_id for each in store.attempts()] == [edit]
    store.add_attempt(attempt("what it does", task_id="explained", step="explain"))
    assert set(store.runs(latest=5)) == {"t1"}


def test_a_file_of_the_first_version_is_brought_up_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite3"
    store = FeedbackStore(path)
    remember(store, attempt("of old"), diff="+of old\n")
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE attempts DROP COLUMN step")
        connection.execute("PRAGMA user_version = 1")
    connection.close()

    store = FeedbackStore(path)
    assert [each.answer for each in store.attempts()] == ["of old"]
    store.add_attempt(attempt("of now", step="plan"))
    assert [each.step for each in store.answers()] == ["edit", "plan"]
