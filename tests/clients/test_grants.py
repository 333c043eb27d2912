"""`grant` and `revoke`, as a person and as a program sees them."""

import json
from typing import Any

import pytest

from pairwright.protocol.codec import decode, encode
from pairwright.protocol.grant_messages import Grant, GrantsParams, GrantsResult
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from tests.clients.daemon_double import DaemonDouble

BOT = GrantsResult(grants=(Grant(client="bot\x1b[2J", scopes=("spend", "write")),))


def run(rendezvous: Rendezvous, *words: str, result: GrantsResult = BOT) -> tuple[int, list[Any]]:
    """Run a command; return its exit code and what the daemon was asked."""
    asked: list[Any] = []

    def answer(params: Any, _session: Any) -> Any:
        asked.append(decode(GrantsParams, params))
        return encode(result)

    with DaemonDouble(rendezvous, {"pairwright/grants": answer}):
        code = main([*words, "--workspace", str(rendezvous.root)])
    return code, asked


def test_a_grant_is_asked_for_by_name_and_scope(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = run(rendezvous, "grant", "bot", "write")
    assert code == 0
    assert asked == [GrantsParams(client="bot", scope="write", is_granted=True)]
    said = "bot\\x1b[2J may spend money on models and write files unasked, in this workspace.\n"
    assert capsys.readouterr().out == said


def test_without_a_name_all_grants_are_told(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = run(rendezvous, "grant", result=GrantsResult(grants=()))
    assert (code, asked) == (0, [GrantsParams()])
    assert "none may write or spend" in capsys.readouterr().out


def test_a_program_gets_grants_as_json(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    run(rendezvous, "grant", "--json")
    assert json.loads(capsys.readouterr().out) == encode(BOT)


@pytest.mark.parametrize(
    ("words", "scopes"), [(("bot",), ["spend", "write"]), (("bot", "write"), ["write"])]
)
def test_revoking_takes_one_scope_or_both(
    rendezvous: Rendezvous, words: tuple[str, ...], scopes: list[str]
) -> None:
    code, asked = run(rendezvous, "revoke", *words)
    assert code == 0
    assert [each.scope for each in asked] == scopes
    assert not any(each.is_granted for each in asked)


def test_a_name_without_a_scope_is_a_usage_error(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = run(rendezvous, "grant", "bot")
    assert (code, asked) == (2, [])
    assert "pairwright grant CLIENT write" in capsys.readouterr().err


def test_a_scope_that_is_none_is_a_usage_error(rendezvous: Rendezvous) -> None:
    with pytest.raises(SystemExit) as end:
        run(rendezvous, "grant", "bot", "everything")
    assert end.value.code == 2
