"""`pairwright run`: what is checked before anything is spent, what is written, what is said."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pairwright.protocol import messages
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from tests.clients import story
from tests.clients.daemon_double import Answer, DaemonDouble, Held, Refusal, Session
from tests.clients.tty import terminal

CHANGE = replace(story.CHANGE, hunks=(story.HUNK, story.SECOND_HUNK))
UNSOUND = story.tells(
    story.STARTED,
    replace(CHANGE, verdict=story.FAILED),
    end=story.result(is_sound=False, message="The best change does not parse."),
)
FAILED = story.tells(
    story.STARTED, end=story.result(state="failed", is_sound=False, message="No edit applied.")
)


def answers(run: Answer | None = None) -> dict[str, Answer]:
    sound = story.tells(story.STARTED, CHANGE)
    return {
        "pairwright/run": run or sound,
        "pairwright/accept": story.accepts,
        "pairwright/reject": story.rejects,
    }


@dataclass(frozen=True)
class Outcome:
    exit_code: int
    out: str
    err: str
    heard: DaemonDouble

    def accepted(self) -> Any:
        return self.heard.params_of("pairwright/accept")

    def rejected(self) -> Any:
        return self.heard.params_of("pairwright/reject")


def run(
    rendezvous: Rendezvous,
    capsys: pytest.CaptureFixture[str],
    *arguments: str,
    run: Answer | None = None,
) -> Outcome:
    with DaemonDouble(rendezvous, answers(run)) as daemon:
        exit_code = main(["run", "multiply", *arguments])
    out, err = capsys.readouterr()
    return Outcome(exit_code, out, err, daemon)


def test_with_apply_a_sound_change_is_written(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(rendezvous, capsys, "--apply")
    assert done.exit_code == 0
    assert done.accepted() == {"taskId": "t1", "approvedPaths": [], "checkOnly": False}
    assert "pairwright/reject" not in done.heard.methods()
    assert done.out.endswith("Wrote 1 file: shop/cart.py. Take it back with 'pairwright undo'.\n")


FOLLOW_UP = messages.FollowUp(intent="adapt `use` in b.py: it calls `f`", files=("b.py",))


@pytest.mark.parametrize("decision", ["--apply", "--dry-run"])
def test_what_is_to_be_done_next_is_told_once_something_is_written(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str], decision: str
) -> None:
    change = story.tells(story.STARTED, replace(CHANGE, follow_ups=(FOLLOW_UP,)))
    done = run(rendezvous, capsys, decision, "--test", "pytest -q", "--budget", "1", run=change)
    command = (
        "  pairwright run 'adapt `use` in b.py: it calls `f`' --file=b.py --budget=1 "
        "'--test=pytest -q'\n"
    )
    assert done.out.endswith(command) == (decision == "--apply")


def test_with_apply_an_unsound_change_is_not_written_and_it_says_what_to_do(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(rendezvous, capsys, "--apply", run=UNSOUND)
    assert done.exit_code == 1
    assert done.rejected() == {"taskId": "t1", "remark": ""}
    assert "pairwright/accept" not in done.heard.methods()
    assert "the gate did not pass this change. Run it again on a terminal without" in done.out


def test_with_apply_a_file_that_needs_a_yes_is_not_written(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    obeyed = replace(story.HUNK, path="setup.py", needs_approval=True)
    change = story.tells(story.STARTED, replace(CHANGE, hunks=(obeyed, story.SECOND_HUNK)))
    done = run(rendezvous, capsys, "--apply", run=change)
    assert done.exit_code == 1
    assert "Nothing was written: builds, tests or assistants obey setup.py. Run it" in done.out
    assert "pairwright/accept" not in done.heard.methods()


@pytest.mark.parametrize(("answer", "exit_code"), [(None, 0), (UNSOUND, 1)])
def test_a_dry_run_writes_nothing_and_tells_by_its_exit_code_what_the_gate_said(
    rendezvous: Rendezvous,
    capsys: pytest.CaptureFixture[str],
    answer: Answer | None,
    exit_code: int,
) -> None:
    done = run(rendezvous, capsys, "--dry-run", run=answer)
    assert done.exit_code == exit_code
    assert done.rejected() == {"taskId": "t1", "remark": ""}
    assert "pairwright/accept" not in done.heard.methods()
    assert done.out.endswith("Nothing was written.\n")


def test_a_task_without_a_change_fails_with_its_reason_and_receipt(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(rendezvous, capsys, "--apply", run=FAILED)
    assert done.exit_code == 1
    assert "Receipt" in done.out
    assert done.out.endswith("No edit applied.\n")
    assert "pairwright/accept" not in done.heard.methods()


def test_a_refusal_is_one_sentence_and_its_exit_code(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any) -> Any:
        raise Refusal("no strategy is called 'x'", details={"exitCode": 2})

    done = run(rendezvous, capsys, "--apply", "--strategy", "x", run=refuse)
    assert (done.exit_code, done.err) == (2, "pairwright: no strategy is called 'x'\n")


def test_options_become_the_request(
    rendezvous: Rendezvous, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "shop").mkdir()
    options = {
        "--file": "shop/cart.py",
        "--lines": "3:5",
        "--strategy": "plan",
        "--strong": "a/b",
        "--weak": "c/d",
        "--budget": "0.25",
        "--test": "python -m pytest -k 'a b'",
    }
    arguments = [part for option in options.items() for part in option]
    done = run(rendezvous, capsys, "--dry-run", *arguments)
    sent = done.heard.params_of("pairwright/run")
    del sent["partialResultToken"]
    assert sent == {
        "instruction": "multiply",
        "file": "shop/cart.py",
        "firstLine": 2,
        "lastLine": 4,
        "strategy": "plan",
        "strong": "a/b",
        "weak": "c/d",
        "budgetUsd": "0.25",
        "allowUnpriced": False,
        "testCommand": ["python", "-m", "pytest", "-k", "a b"],
        "planFirst": False,
        "localOnly": False,
        "kind": "edit",
        "problems": [],
        "instructionComment": "",
    }


def test_a_file_may_be_named_from_where_one_stands(
    rendezvous: Rendezvous,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (root / "shop").mkdir()
    (root / "shop" / "cart.py").touch()
    monkeypatch.chdir(root / "shop")
    done = run(rendezvous, capsys, "--dry-run", "--file", "cart.py")
    assert done.heard.params_of("pairwright/run")["file"] == "shop/cart.py"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["x"], "not a terminal, so nobody can be asked: add --apply or --dry-run"),
        ([" \n", "--apply"], "the instruction is empty: say what is to be done"),
        (["x", "--apply", "--lines", "1:2"], "--lines needs --file"),
        (["x", "--apply", "--lines", "7"], "two line numbers, such as 10:25, not '7'"),
        (["x", "--apply", "--lines", "0:2"], "counts from 1"),
        (["x", "--apply", "--lines", "3:2"], "the first is not after the last"),
        (["x", "--apply", "--budget", "much"], "an amount in USD, such as 0.25, not 'much'"),
        (["x", "--apply", "--budget", "-1"], "at least 0, not '-1'"),
        (["x", "--apply", "--budget", "NaN"], "at least 0, not 'NaN'"),
        (["x", "--apply", "--test", ""], "--test takes a command"),
        (["x", "--apply", "--test", "a 'b"], "--test cannot be split into arguments"),
        (["x", "--apply", "--file", "../outside.py"], "lies outside the workspace"),
        (["x", "--apply", "--workspace", "nowhere"], "not a directory: 'nowhere'"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_daemon_hears_of_it(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    with DaemonDouble(rendezvous, answers()) as daemon:
        exit_code = main(["run", *arguments])
    assert (exit_code, daemon.heard) == (2, [])
    out, err = capsys.readouterr()
    assert reason in err
    assert len(err.splitlines()) == 1
    assert out == ""


def test_apply_and_dry_run_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["run", "x", "--apply", "--dry-run"])
    assert caught.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def test_json_is_one_event_a_line_and_the_result_last(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(rendezvous, capsys, "--json", "--apply")
    *events, result = map(json.loads, done.out.splitlines())
    assert [event["kind"] for event in events] == ["taskStarted", "changeReady"]
    assert result["kind"] == "result"
    assert (result["entryId"], result["files"]) == ("e1", ["shop/cart.py"])
    assert result["receipt"]["costUsd"] == "0"


def test_json_tells_of_an_error_too(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any) -> Any:
        raise Refusal("the budget is spent", details={"exitCode": 1})

    done = run(rendezvous, capsys, "--json", "--apply", run=refuse)
    assert done.exit_code == 1
    assert json.loads(done.out) == {
        "kind": "error",
        "message": "the budget is spent",
        "exitCode": 1,
    }


def test_json_asks_nobody(rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(rendezvous, capsys, "--json")
    assert done.exit_code == 2
    assert json.loads(done.out)["message"] == "--json cannot ask: add --apply or --dry-run"
    assert done.heard.heard == []


def test_on_a_terminal_each_hunk_is_asked_for(rendezvous: Rendezvous) -> None:
    with DaemonDouble(rendezvous, answers()) as daemon, terminal("run", "multiply") as tty:
        tty.read_until("Keep hunk 1 of 2?")
        tty.type("n\n")
        tty.read_until("Keep hunk 2 of 2?")
        tty.type("y\n")
        tty.read_until("Wrote 1 file")
        assert tty.wait() == 0
    checked, accepted = (sent for method, sent in daemon.heard if method == "pairwright/accept")
    assert (checked["hunkIds"], checked["checkOnly"]) == (["h2"], True)
    assert (accepted["hunkIds"], accepted["checkOnly"]) == (["h2"], False)


def test_ctrl_c_cancels_the_task_and_says_so(rendezvous: Rendezvous) -> None:
    def hold(params: Any, session: Session) -> Any:
        session.progress(params, encode(story.step("edit", "weak")))
        raise Held

    with DaemonDouble(rendezvous, answers(hold)) as daemon, terminal("run", "multiply") as tty:
        tty.read_until("thinking")
        tty.interrupt()
        tty.read_until("pairwright: cancelled; 'pairwright continue' goes on")
        assert tty.wait() == 130
    assert daemon.methods()[-1] == "$/cancelRequest"


def test_ctrl_c_at_a_question_writes_nothing(rendezvous: Rendezvous) -> None:
    with DaemonDouble(rendezvous, answers()) as daemon, terminal("run", "multiply") as tty:
        tty.read_until("Keep hunk 1 of 2?")
        tty.interrupt()
        tty.read_until("pairwright: cancelled")
        assert tty.wait() == 130
    assert "pairwright/accept" not in daemon.methods()
