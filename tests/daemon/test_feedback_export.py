"""What was remembered, written for tuning programs."""

import json
import os
import stat
from argparse import Namespace
from pathlib import Path

import pytest

from pairwright.daemon.feedback_export import main
from pairwright.feedback.store import FeedbackStore
from pairwright.protocol.rendezvous import state_dir
from tests.feedback.remembered import attempt


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which two tries of one question were made."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    monkeypatch.setenv("PAIRWRIGHT_STATE_DIR", os.fspath(state))
    root = tmp_path / "workspace"
    root.mkdir()
    store = FeedbackStore(state_dir(root) / "feedback.sqlite3")
    store.add_attempt(attempt("bad", tests="failed"))
    store.add_attempt(attempt("good"))
    store.close()
    return root


def run(workspace: Path, **options: object) -> int:
    given = {"format": "dpo", "weak_only": False, "output": None, "workspace": workspace}
    return main(Namespace(**given | options))


def test_pairs_are_written_one_a_line(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workspace) == 0
    printed = capsys.readouterr()
    (line,) = printed.out.splitlines()
    assert json.loads(line)["chosen"] == [{"role": "assistant", "content": "good"}]
    assert printed.err == "1 pair from 2 attempts\n  1 signed by tests: weak over weak\n"


def test_examples_are_written_one_a_line(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, format="sft") == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["messages"][-1]["content"] == "good"
    assert "1 signed by tests: weak" in printed.err


def test_a_file_of_them_is_for_its_owner_only(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    assert run(workspace, output=file) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


def test_a_file_that_cannot_be_written_is_told(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, output=tmp_path / "no" / "pairs.jsonl") == 2
    assert "cannot be written: No such file" in capsys.readouterr().err


def test_a_workspace_without_any_task_is_told(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    assert run(tmp_path / "other") == 2
    assert "nothing is remembered of this workspace" in capsys.readouterr().err


def test_half_a_character_and_odd_line_ends_stop_no_reader(workspace: Path, tmp_path: Path) -> None:
    store = FeedbackStore(state_dir(workspace) / "feedback.sqlite3")
    store.add_attempt(attempt("half \ud83d \u2028 ü", task_id="t2"))
    store.close()
    file = tmp_path / "pairs.jsonl"
    assert run(workspace, output=file, format="sft") == 0
    lines = file.read_text(encoding="ascii").splitlines()
    assert json.loads(lines[-1])["messages"][-1]["content"] == "half ? \u2028 ü"
