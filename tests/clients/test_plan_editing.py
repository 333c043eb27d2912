"""`pairwright plan --edit`: what a person writes is checked, and never lost."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pairwright.protocol.codec import encode
from pairwright.protocol.plan_messages import PlanProblemView, PlanView
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.errors import UsageError
from pairwright_client.plan_editing import editor_of
from tests.clients.daemon_double import Answer, Refusal, Session
from tests.clients.test_plans import TEXT, VIEW, call


class KeptPlan:
    """A daemon's plan that can be edited: `bad` is wrong, all else is right."""

    def __init__(self, view: PlanView = VIEW) -> None:
        self.view = view

    def get(self, _params: Any, _session: Session) -> Any:
        return encode(self.view)

    def update(self, params: Any, _session: Session) -> Any:
        problem = PlanProblemView(line=0, message="it is bad", severity="error")
        self.view = replace(
            self.view,
            text=params["text"],
            version=params["baseVersion"] + 1,
            problems=(problem,) if "bad" in params["text"] else (),
        )
        return encode(self.view)

    @property
    def answers(self) -> dict[str, Answer]:
        return {"pairwright/plan/get": self.get, "pairwright/plan/update": self.update}


def set_editor(root: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the person's editor be a program that does this to the file `$1`."""
    editor = root / "my editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{editor}'")


def test_what_the_editor_saves_is_sent_with_its_version(
    rendezvous: Rendezvous,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_editor(root, monkeypatch, 'printf \'More.\\n\' >> "$1"; echo "$1" > name')
    exit_code, daemon = call(rendezvous, "plan", "--edit", answers=KeptPlan().answers)
    sent = daemon.params_of("pairwright/plan/update")
    assert exit_code == 0
    assert (sent["planId"], sent["baseVersion"]) == ("3f2a9c1b", 1)
    assert sent["text"] == f"{TEXT}More.\n"
    assert "Plan 3f2a9c1b is version 2 now." in capsys.readouterr().out
    assert not Path((root / "name").read_text().strip()).exists(), "nothing is left behind"


def test_an_editor_that_changes_nothing_sends_nothing(
    rendezvous: Rendezvous,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_editor(root, monkeypatch, "true")
    exit_code, daemon = call(rendezvous, "plan", "--edit", answers=KeptPlan().answers)
    assert exit_code == 0
    assert "pairwright/plan/update" not in daemon.methods()
    assert "Nothing was changed in plan 3f2a9c1b." in capsys.readouterr().out


def test_a_text_that_is_no_plan_is_kept_and_its_problems_are_shown(
    rendezvous: Rendezvous,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_editor(root, monkeypatch, 'echo bad > "$1"')
    kept = KeptPlan()
    exit_code, _ = call(rendezvous, "plan", "--edit", "3f2a9c1b", answers=kept.answers)
    out = capsys.readouterr().out
    assert (exit_code, kept.view.text) == (1, "bad\n")
    assert "✗ line 1: it is bad\n    bad\n" in out
    assert out.endswith("'pairwright plan --edit 3f2a9c1b' goes on with it.\n")


def refuse(*_: Any) -> Any:
    raise Refusal("the plan is version 5 by now", code=-32801)


@pytest.mark.parametrize(
    ("script", "update", "reason"),
    [
        ('echo mine > "$1"', refuse, "the plan is version 5 by now"),
        ('echo mine > "$1"; exit 3', None, "ended with 3"),
        ("printf 'mine\\n\\377' > \"$1\"", None, "line 2 is no UTF-8"),
    ],
)
def test_what_cannot_be_kept_stays_in_its_file(
    rendezvous: Rendezvous,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str,
    update: Answer | None,
    reason: str,
) -> None:
    monkeypatch.setenv("TMPDIR", str(root))
    set_editor(root, monkeypatch, script)
    kept = KeptPlan()
    answers = {**kept.answers, **({"pairwright/plan/update": update} if update else {})}
    exit_code, _ = call(rendezvous, "plan", "--edit", answers=answers)
    err = capsys.readouterr().err
    assert exit_code == 1
    assert reason in err
    assert kept.view == VIEW
    left = Path(err.strip().rpartition("lies in ")[2])
    assert left.read_bytes().startswith(b"mine")
    left.unlink()


def test_an_editor_that_fails_without_a_change_leaves_no_file(
    rendezvous: Rendezvous,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_editor(root, monkeypatch, 'echo "$1" > name; exit 1')
    assert call(rendezvous, "plan", "--edit", answers=KeptPlan().answers)[0] == 1
    assert capsys.readouterr().err.endswith("ended with 1; the plan is as it was\n")
    assert not Path((root / "name").read_text().strip()).exists()


def test_an_editor_that_is_not_there_is_told(
    rendezvous: Rendezvous, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    assert call(rendezvous, "plan", "--edit", answers=KeptPlan().answers)[0] == 1
    assert "'no-such-editor' cannot be started: No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "editor"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
        ({"VISUAL": " ", "EDITOR": "'my vi' -n"}, ["my vi", "-n"]),
    ],
)
def test_the_editor_is_the_one_that_the_person_set(
    environment: dict[str, str], editor: list[str]
) -> None:
    assert editor_of(environment) == editor


@pytest.mark.parametrize(
    ("environment", "message"),
    [({"PATH": "/nowhere"}, "there is no editor"), ({"EDITOR": "'"}, "cannot be split")],
)
def test_without_an_editor_it_says_how_to_set_one(
    environment: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        editor_of(environment)
