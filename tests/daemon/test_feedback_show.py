"""What models were asked for a task, told attempt by attempt."""

import os
from pathlib import Path

import pytest

from pairwright.cli import main
from pairwright.feedback.records import Decision
from pairwright.feedback.store import FeedbackStore
from pairwright.llm.model import Tier
from pairwright.protocol.rendezvous import state_dir
from tests.feedback.remembered import attempt


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which two tasks were tried."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    monkeypatch.setenv("PAIRWRIGHT_STATE_DIR", os.fspath(state))
    root = tmp_path / "workspace"
    root.mkdir()
    store = FeedbackStore(state_dir(root) / "feedback.sqlite3")
    store.add_attempt(attempt("of another task", task_id="a1"))
    store.add_attempt(attempt("1. Mend a.py.", tier=Tier.STRONG, task_id="a2", step="plan"))
    store.add_attempt(attempt("\x1b[2Jwrong", tests="failed", task_id="a2"))
    store.add_attempt(attempt("nowhere", is_applied=False, task_id="a2"))
    last = store.add_attempt(attempt("right", task_id="a2"))
    store.add_task("a2", instruction="mend it all", shown=(), attempt_ids=(last,), diff="")
    store.add_decision("a2", Decision.KEPT, 2)
    store.close()
    return root


def run(workspace: Path, *arguments: str) -> int:
    return main(["feedback", "show", *arguments, "--workspace", os.fspath(workspace)])


def test_question_answer_and_verdict_of_each_attempt_are_told(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace) == 0
    told = capsys.readouterr().out
    assert told.startswith("mend it all\nHunks: 2 kept.\n")
    assert "=== Attempt 1: weak model scripted/weak, strategy ladder, format search_replace" in told
    assert "--- system\nEdit.\n\n--- user\nFile a.py: ...\n\nTask: mend it.\n" in told
    assert "=== Plan: strong model scripted/strong, strategy ladder\n--- system\n" in told
    assert "--- answer\n1. Mend a.py.\n\n=== Attempt 1: " in told
    gates = [line for line in told.splitlines() if line.startswith("--- gate: ")]
    assert [gate.removeprefix("--- gate: ").partition(" (")[0] for gate in gates] == [
        "not sound",
        "not asked, the edits fit nowhere",
        "sound",
    ]
    assert "tests failed" in gates[0]
    assert "\x1b" not in told
    assert "of another task" not in told


def test_a_task_is_named_by_the_beginning_of_its_id(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, "a1") == 0
    assert "of another task" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("beginning", "said"), [("a", "several tasks begin with 'a'"), ("b", "of a task 'b'")]
)
def test_a_name_that_means_no_task_or_several_is_refused(
    workspace: Path, capsys: pytest.CaptureFixture[str], beginning: str, said: str
) -> None:
    assert run(workspace, beginning) == 2
    assert said in capsys.readouterr().err


def test_a_workspace_without_any_task_is_told(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    assert run(tmp_path / "other") == 2
    assert "nothing is remembered of this workspace" in capsys.readouterr().err
