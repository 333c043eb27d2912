"""`disclosed`, as a person and as a program sees it."""

import json
from datetime import UTC, datetime

import pytest

from pairwright.protocol import disclosure_messages as messages
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from pairwright_client.disclosed import moment_of, show_disclosed
from pairwright_client.errors import UsageError
from tests.clients.daemon_double import DaemonDouble
from tests.clients.pictures import plain

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILE = messages.DisclosedPart(kind="file", path="pkg/\x1b[2Ja.py", digest="ab" * 32, bytes=1200)
CHANGED = messages.DisclosedPart(kind="file", path="pkg/\x1b[2Ja.py", digest="cd" * 32, bytes=1210)
TOLD = messages.DisclosedPart(kind="instruction", digest="ef" * 32, bytes=80)
REST = messages.DisclosedPart(kind="prompts and the models' own words", bytes=3000)


def call(host: str, *parts: messages.DisclosedPart, taken_out: int = 0) -> messages.DisclosedCall:
    return messages.DisclosedCall(
        at="2026-11-22T11:59:00.000+00:00",
        task_id="0123456789abcdef",
        host=host,
        is_local=host == "this machine",
        model="openai/x",
        bytes=sum(part.bytes for part in parts),
        taken_out=taken_out,
        parts=parts,
    )


RESULT = messages.DisclosedResult(
    calls=(
        call("api.example.org", CHANGED, TOLD, REST, taken_out=2),
        call("api.example.org", FILE, TOLD, REST),
        call("this machine", TOLD),
    ),
    hosts=(
        messages.DisclosedHost(
            host="api.example.org", is_local=False, calls=2, bytes=8570, files=1
        ),
        messages.DisclosedHost(host="this machine", is_local=True, calls=1, bytes=80, files=0),
    ),
    notice="the oldest 500 calls are no longer on record",
)


def check_shown(result: messages.DisclosedResult) -> str:
    paper, screen = plain()
    show_disclosed(screen, result)
    return paper.getvalue()


def test_what_left_is_a_table_a_task_and_host() -> None:
    shown = check_shown(RESULT)
    assert "task 01234567  to api.example.org (openai/x)" in shown
    lines = [line.split() for line in shown.splitlines()]
    assert any(line[-3:] == ["abababababab", "1,200", "1"] for line in lines)
    assert any(line[-3:] == ["cdcdcdcdcdcd", "1,210", "1"] for line in lines)
    assert ["instruction", "160", "2"] in lines
    assert ["2", "calls", "8,570"] in lines
    assert "2 secrets taken out of what was sent" in shown
    assert "api.example.org: 8,570 bytes in 2 calls, of 1 file; left this machine" in shown
    assert "this machine: 80 bytes in 1 call, of 0 files; stayed on this machine" in shown
    assert "no longer on record" in shown
    assert "\x1b[2J" not in shown


def test_that_nothing_was_sent_is_said() -> None:
    assert check_shown(messages.DisclosedResult(calls=(), hosts=())) == (
        "Nothing was sent to any model.\n"
    )


def test_that_a_task_sent_nothing_says_nothing_of_the_others() -> None:
    paper, screen = plain()
    show_disclosed(screen, messages.DisclosedResult(calls=(), hosts=()), is_of_all=False)
    assert "'pairwright disclosed' shows all" in paper.getvalue()


def test_that_more_is_on_record_is_said() -> None:
    shown = check_shown(messages.DisclosedResult(calls=RESULT.calls[:1], hosts=RESULT.hosts))
    assert "The newest 1 of 3 calls; --limit shows more." in shown


def test_options_are_asked_of_the_daemon(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    with DaemonDouble(rendezvous, {"pairwright/disclosed": lambda *_: encode(RESULT)}) as daemon:
        given = ["--task", "0123", "--since", "2026-11-22T10:00+00:00", "--limit", "5", "--json"]
        assert main(["disclosed", *given]) == 0
    assert daemon.params_of("pairwright/disclosed") == {
        "taskId": "0123",
        "since": "2026-11-22T10:00:00+00:00",
        "limit": 5,
    }
    assert json.loads(capsys.readouterr().out)["calls"][0]["takenOut"] == 2


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90m", "2026-11-22T10:30:00+00:00"),
        ("12h", "2026-11-22T00:00:00+00:00"),
        ("7d", "2026-11-15T12:00:00+00:00"),
        ("2026-11-20T10:00+02:00", "2026-11-20T08:00:00+00:00"),
    ],
)
def test_since_takes_moments_and_spans(text: str, moment: str) -> None:
    assert moment_of(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "7w", "-1d", "999999d", "2026-13-01"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--since"):
        moment_of(text, NOW)
