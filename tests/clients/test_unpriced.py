"""How is a person at a terminal asked about a model whose price nobody knows?"""

from decimal import Decimal
from typing import Any

import pytest

from pairwright.protocol.budget_messages import BudgetResult
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from tests.clients import story
from tests.clients.daemon_double import Answer, DaemonDouble, Refusal, Session
from tests.clients.tty import terminal

REFUSAL = "nobody knows the price of 'work/new', so no cap can hold"
ALLOWED = BudgetResult(
    task_id=None,
    task_usd=None,
    task_cap_usd=None,
    day_usd=Decimal(0),
    day_cap_usd=Decimal(5),
    workspace_usd=Decimal(0),
    workspace_cap_usd=None,
    unpriced_models=("work/new",),
)


def refuse(params: Any, session: Session) -> Any:
    session.progress(params, encode(story.STARTED))
    raise Refusal(REFUSAL, details={"exitCode": 1, "unpricedModel": "work/new"})


def answers(**more: Answer) -> dict[str, Answer]:
    return {
        "pairwright/run": refuse,
        "pairwright/continue": story.tells(story.STARTED, story.CHANGE),
        "pairwright/budget": lambda *_: encode(ALLOWED),
        "pairwright/accept": story.accepts,
        "pairwright/reject": story.rejects,
        **more,
    }


@pytest.mark.parametrize(("key", "is_once"), [("y", True), ("a", False)])
def test_a_yes_lets_the_task_go_on(rendezvous: Rendezvous, key: str, is_once: bool) -> None:
    with DaemonDouble(rendezvous, answers()) as daemon, terminal("run", "multiply") as tty:
        tty.read_until("Nobody knows the price of work/new: no cap can hold it.")
        tty.read_until("[y/a/N]")
        tty.type(f"{key}\n")
        tty.read_until("Keep hunk 1 of")
        tty.type("y\n")
        tty.read_until("Wrote 1 file")
        assert tty.wait() == 0
    went_on = daemon.params_of("pairwright/continue")
    assert went_on["taskId"] == story.STARTED.task_id
    assert went_on.get("allowUnpriced", False) is is_once
    assert ("pairwright/budget" in daemon.methods()) is not is_once
    if not is_once:
        said = daemon.params_of("pairwright/budget")
        assert (said["unpricedModel"], said["isAllowed"]) == ("work/new", True)


def test_anything_else_is_no(rendezvous: Rendezvous) -> None:
    with DaemonDouble(rendezvous, answers()) as daemon, terminal("run", "multiply") as tty:
        tty.read_until("[y/a/N]")
        tty.type("\n")
        tty.read_until(f"pairwright: {REFUSAL}")
        assert tty.wait() == 1
    assert "pairwright/continue" not in daemon.methods()


def test_a_model_that_is_refused_again_is_not_asked_about_again(rendezvous: Rendezvous) -> None:
    again = {"pairwright/continue": refuse}
    with DaemonDouble(rendezvous, answers(**again)), terminal("run", "multiply") as tty:
        tty.read_until("[y/a/N]")
        tty.type("y\n")
        tty.read_until(f"pairwright: {REFUSAL}")
        assert tty.wait() == 1


@pytest.mark.parametrize("decision", ["--apply", "--dry-run"])
def test_who_does_not_decide_is_not_asked(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str], decision: str
) -> None:
    with DaemonDouble(rendezvous, answers()) as daemon:
        assert main(["run", "multiply", decision]) == 1
    assert REFUSAL in capsys.readouterr().err
    assert "pairwright/continue" not in daemon.methods()


@pytest.mark.parametrize(
    ("command", "method"), [(["run", "x"], "pairwright/run"), (["continue"], "pairwright/continue")]
)
def test_the_yes_may_be_an_option(rendezvous: Rendezvous, command: list[str], method: str) -> None:
    done = story.tells(story.STARTED, story.CHANGE)
    with DaemonDouble(rendezvous, answers(**{method: done})) as daemon:
        assert main([*command, "--apply", "--allow-unpriced"]) == 0
        assert main([*command, "--apply"]) == 0
    first, second = (sent for name, sent in daemon.heard if name == method)
    assert first["allowUnpriced"] is True
    assert not second.get("allowUnpriced")


@pytest.mark.parametrize(("option", "is_allowed"), [("--allow", True), ("--forbid", False)])
def test_it_may_be_said_for_good(
    rendezvous: Rendezvous,
    capsys: pytest.CaptureFixture[str],
    option: str,
    is_allowed: bool,
) -> None:
    with DaemonDouble(rendezvous, answers()) as daemon:
        assert main(["budget", option, "work/new"]) == 0
    said = daemon.params_of("pairwright/budget")
    assert (said["unpricedModel"], said["isAllowed"]) == ("work/new", is_allowed)
    assert "No price   work/new is asked all the same: no cap holds it" in capsys.readouterr().out
