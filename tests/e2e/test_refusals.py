"""Does bad input come to one sentence that says what to do, an exit code, and nothing else?"""

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.e2e.answers import PART
from tests.e2e.stage import INSTRUCTION, Ended, Stage, ended, staged

SENTENCE = re.compile(r"pairwright: [^\n]{10,400}\n")


@pytest.fixture(scope="module")
def shared_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage")) as stage:
        stage.put_sample()
        (stage.root / "logo.bin").write_bytes(bytes(range(256)) * 10)
        (stage.home / "outside.py").write_text("x = 1\n", "utf-8")
        yield stage


def check_refused(stage: Stage, refused: Ended, exit_code: int, said: str) -> None:
    assert (refused.exit_code, refused.out) == (exit_code, "")
    assert SENTENCE.fullmatch(refused.err), refused.err
    assert re.search(said, refused.err), refused.err
    assert stage.server.requests == []


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        ((" ",), 2, "instruction is empty"),
        (("x", "--strategy", "wishful"), 2, "'wishful'.*ladder"),
        (("x", "--file", "../outside.py"), 2, "outside the workspace"),
        (("x", "--file", "/etc/hostname"), 2, "outside the workspace"),
        (("x", "--file", "orderdesk/no.py"), 2, "no such file"),
        (("x", "--file", "logo.bin"), 2, "'logo.bin' cannot be edited: .*binary"),
        (("x", "--file", "orderdesk"), 2, "cannot be edited"),
        (("x", "--lines", "1:2"), 2, "needs --file"),
        (("x", "--file", "orderdesk/money.py", "--lines", "9:4"), 2, "not after the last"),
        (("x", "--file", "orderdesk/money.py", "--lines", "0:4"), 2, "counts from 1"),
        (("x", "--file", "orderdesk/money.py", "--lines", "few"), 2, "two line numbers"),
        (("x", "--file", "orderdesk/money.py", "--lines", "900:901"), 2, "which has 2"),
        (("x", "--budget", "much"), 2, "amount in USD"),
        (("x", "--budget", "-1"), 2, "at least 0"),
        (("x", "--test", "'"), 2, "--test cannot be split"),
        (("x", "--strong", "clever"), 2, "'clever' names no model: write PROVIDER/MODEL"),
        (("x", "--weak", "nobody/clever"), 2, "no provider that is known here"),
        (("x", "--weak", "embedded/clever"), 2, "no embedded model"),
        (("x", "--workspace", "no/such/directory"), 2, "not a directory"),
        (("x", "--workspace", "orderdesk/money.py"), 2, "not a directory"),
    ],
)
def test_a_request_that_cannot_be_met(
    stage: Stage, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    before, spent = stage.tree(), stage.ledger()
    refused = stage.call("run", *arguments, "--apply")
    check_refused(stage, refused, exit_code, said)
    assert (stage.tree(), stage.ledger()) == (before, spent)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--budget", "0"), "could cost.*of 0 USD: raise the budget"),
        (
            ("--weak", "openrouter/nobody/clever"),
            "nobody knows the price of .*: choose another model",
        ),
    ],
)
def test_a_call_that_fits_under_no_cap_is_not_made(
    stage: Stage, arguments: tuple[str, ...], said: str
) -> None:
    before, spent = stage.tree(), stage.ledger()
    refused = stage.call("run", INSTRUCTION, *arguments, "--apply", "--json")
    assert refused.exit_code == 1
    assert SENTENCE.fullmatch(refused.err), refused.err
    assert re.search(said, refused.err), refused.err
    assert refused.events[-1]["kind"] == "error"
    assert stage.server.requests == []
    assert (stage.tree(), stage.ledger()) == (before, spent)


def test_where_nobody_can_be_asked_nothing_is_begun(fresh_stage: Stage) -> None:
    fresh_stage.put_sample()
    refused = fresh_stage.call("run", INSTRUCTION)
    check_refused(fresh_stage, refused, 2, "add --apply or --dry-run")
    assert fresh_stage.processes() == []


def test_a_workspace_without_a_file_has_nothing_to_change(fresh_stage: Stage) -> None:
    refused = fresh_stage.call("run", INSTRUCTION, "--apply")
    check_refused(fresh_stage, refused, 2, "no file of the workspace")
    assert fresh_stage.tree() == {}


def test_settings_that_cannot_be_read_are_reported_and_no_task_runs(
    fresh_stage: Stage,
) -> None:
    fresh_stage.write_settings("models = [[[")
    cost = fresh_stage.call("cost")
    assert (cost.exit_code, cost.out) == (0, "No model has been asked in this workspace.\n")
    assert "settings.toml: not readable as TOML" in fresh_stage.call("status").out
    refused = fresh_stage.call("run", INSTRUCTION, "--apply")
    assert refused.exit_code == 2
    told, sentence = refused.err.splitlines()
    assert told.startswith("pairwright: settings: settings.toml: not readable as TOML")
    assert "no task runs while your settings cannot be read" in sentence
    assert "pairwright stop" in sentence
    assert fresh_stage.server.requests == []


def test_settings_that_name_no_model_are_refused_when_a_model_is_needed(
    fresh_stage: Stage,
) -> None:
    fresh_stage.put_sample()
    fresh_stage.write_settings('[models]\nstrong = "clever"\n')
    refused = fresh_stage.call("run", INSTRUCTION, "--apply")
    check_refused(fresh_stage, refused, 2, "'clever' names no model: write PROVIDER/MODEL")


def test_of_two_daemons_the_second_leaves_at_once(fresh_stage: Stage) -> None:
    assert fresh_stage.call("cost").exit_code == 0
    second = fresh_stage.call("daemon", "--workspace", str(fresh_stage.root))
    assert (second.exit_code, second.err) == (0, "the workspace has a daemon already\n")
    assert len(fresh_stage.daemons()) == 1


def test_clients_that_start_at_once_share_one_daemon(fresh_stage: Stage) -> None:
    fresh_stage.put_sample()
    clients: list[subprocess.Popen[str]] = [fresh_stage.start("cost") for _ in range(3)]
    assert [ended(client).exit_code for client in clients] == [0, 0, 0]
    assert len(fresh_stage.daemons()) == 1


def test_a_free_server_on_this_machine_costs_nothing(stage: Stage) -> None:
    stage.server.answer_with(PART)
    names = ("--weak", "openai/mine", "--strong", "openai/mine", "--strategy", "strong")
    done = stage.call("run", INSTRUCTION, *names, "--budget", "0", "--dry-run", "--json")
    assert done.exit_code == 0
    assert done.events[-1]["receipt"]["costUsd"] == "0"
    assert [request.body["model"] for request in stage.server.requests] == ["mine"]


def test_the_command_is_run_from_anywhere_in_the_workspace(stage: Stage) -> None:
    (stage.root / ".git").mkdir()
    refused = stage.call(*("run", "x", "--file", "no.py", "--apply"), cwd=stage.root / "orderdesk")
    (stage.root / ".git").rmdir()
    check_refused(stage, refused, 2, "'no.py' cannot be edited: there is no such file")
