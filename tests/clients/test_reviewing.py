"""A person at a terminal decides what assistants propose; nothing is decided that was not said."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from pairwright.errors import InvalidRequest
from pairwright.protocol.change_messages import (
    ChangesResult,
    ChangeView,
    HunkDecision,
    InUse,
)
from pairwright.protocol.codec import encode
from pairwright.protocol.messages import (
    AcceptParams,
    AcceptResult,
    RejectParams,
    RejectResult,
)
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client.cli import main
from pairwright_client.client import DaemonClient
from pairwright_client.review import ReadLine
from pairwright_client.reviewing import review_change, show_waiting
from tests.clients import story
from tests.clients.daemon_double import DaemonDouble
from tests.clients.pictures import plain

THIRD = replace(story.SECOND_HUNK, hunk_id="h3")
CHANGE = ChangeView(
    task_id="c0ffee0000000000000000000000beef",
    proposer="bot\x1b[2J",
    label="Count each line.",
    state="review",
    verdict=story.PASSED,
    hunks=tuple(
        HunkDecision(hunk_id=hunk_id, path="shop/cart.py", state="pending")
        for hunk_id in ("h1", "h2", "h3")
    ),
    decisions=0,
    pending=(story.HUNK, story.SECOND_HUNK, THIRD),
    in_use=(InUse(hunk_id="h2", client="vim", where="total"),),
)
OTHER = replace(CHANGE, task_id="beef0000000000000000000000c0ffee", proposer="other")


@dataclass
class Daemon:
    """Answers as a daemon in which these changes wait."""

    waiting: tuple[ChangeView, ...] = (CHANGE,)
    kept: list[tuple[str, ...]] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)

    async def changes(self) -> ChangesResult:
        return ChangesResult(changes=self.waiting)

    async def accept(self, params: AcceptParams) -> AcceptResult:
        if params.check_only:
            return AcceptResult(entry_id=None, files=("shop/cart.py",))
        self.kept.append(params.hunk_ids or ())
        return AcceptResult(entry_id="e1", files=("shop/cart.py",))

    async def reject(self, params: RejectParams) -> RejectResult:
        self.rejected += [(hunk_id, params.remark) for hunk_id in params.hunk_ids or ()]
        return RejectResult(rejected=params.hunk_ids or ())


def answers(*lines: str) -> ReadLine:
    left: Iterator[str] = iter(lines)

    async def read_line() -> str | None:
        return next(left, None)

    return read_line


async def reviewed(daemon: Daemon, *lines: str, wanted: str | None = None) -> str:
    paper, screen = plain()
    await review_change(cast(DaemonClient, daemon), screen, answers(*lines), wanted)
    return paper.getvalue()


@pytest.mark.parametrize(
    ("typed", "kept", "rejected"),
    [
        (("y", "n", "not now", "y"), ["h1", "h3"], [("h2", "not now")]),
        (("n", "", "n", " why? ", "n", ""), [], [("h1", ""), ("h2", "why?"), ("h3", "")]),
        (("a",), ["h1", "h2", "h3"], []),
        (("n", "no", "a"), ["h2", "h3"], [("h1", "no")]),
        (("q",), [], []),
        (("y", "q"), ["h1"], []),
        (("n",), [], [("h1", "")]),
        ((), [], []),
    ],
)
async def test_answers_decide_and_what_is_not_said_is_not_decided(
    typed: tuple[str, ...], kept: list[str], rejected: list[tuple[str, str]]
) -> None:
    daemon = Daemon()
    text = await reviewed(daemon, *typed)
    assert [each for ids in daemon.kept for each in ids] == kept
    assert daemon.rejected == rejected
    left = 3 - len(kept) - len(rejected)
    assert ("Still to be decided" in text) == bool(left)


async def test_the_proposer_the_purpose_and_who_is_typing_are_shown_and_obeyed_by_nothing() -> None:
    text = await reviewed(Daemon(), "?", "q")
    assert "bot\\x1b[2J proposes: Count each line." in text
    assert "\x1b[2J" not in text
    assert "leave this hunk and all that follow" in text
    text = await reviewed(Daemon(), "y", "q")
    assert "a person is typing in total (vim)" in text


async def test_an_unsound_change_is_announced_as_such() -> None:
    text = await reviewed(Daemon((replace(CHANGE, verdict=story.FAILED),)), "q")
    assert "The gate did not pass this change" in text


async def test_several_are_listed_and_one_is_chosen_by_the_beginning_of_its_id() -> None:
    daemon = Daemon((CHANGE, OTHER))
    text = await reviewed(daemon)
    assert "c0ffee00  3 hunks, proposed by bot" in text
    assert "beef0000  3 hunks, proposed by other" in text
    assert not daemon.kept
    assert "other proposes" in await reviewed(daemon, "q", wanted="beef")


@pytest.mark.parametrize("wanted", ["zzz", ""])
async def test_a_change_that_is_not_one_is_an_error(wanted: str) -> None:
    with pytest.raises(InvalidRequest, match="pairwright review"):
        await reviewed(Daemon((CHANGE, OTHER)), wanted=wanted)


def test_nothing_waits_is_said() -> None:
    paper, screen = plain()
    show_waiting(screen, ChangesResult(changes=()))
    assert paper.getvalue() == "Nothing waits to be decided.\n"


def test_where_nobody_can_be_asked_it_is_listed_and_nothing_decided(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"pairwright/changes": lambda *_: encode(ChangesResult(changes=(CHANGE,)))}
    with DaemonDouble(rendezvous, answers) as daemon:
        assert main(["review", "--workspace", str(rendezvous.root)]) == 0
    assert "c0ffee00  3 hunks" in capsys.readouterr().out
    assert not {"pairwright/accept", "pairwright/reject"} & set(daemon.methods())
    assert main(["review", "c0ffee", "--workspace", str(rendezvous.root)]) == 2
    assert "not a terminal" in capsys.readouterr().err


def test_a_program_gets_what_waits_as_json(
    rendezvous: Rendezvous, capsys: pytest.CaptureFixture[str]
) -> None:
    result = ChangesResult(changes=(CHANGE,))
    answers = {"pairwright/changes": lambda *_: encode(result)}
    with DaemonDouble(rendezvous, answers):
        assert main(["review", "--json", "--workspace", str(rendezvous.root)]) == 0
    assert json.loads(capsys.readouterr().out) == encode(result)
