"""What speaks against the chosen hunks is said before anything is written."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pairwright.protocol import messages
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery
from pairwright_client.client import DaemonClient
from pairwright_client.keeping import keep_hunks
from tests.clients import story
from tests.clients.daemon_double import DaemonDouble, Session
from tests.clients.pictures import plain
from tests.clients.test_review import answers
from tests.support.waiting import within

FIRST, SECOND = story.HUNK, story.SECOND_HUNK
WROTE = messages.AcceptResult(entry_id="e1", files=("shop/cart.py",))
CONFLICT = messages.Conflict(
    path="shop/cart.py",
    reason="line 2 was changed",
    ours="    return price * count\n",
    theirs="    return mine\n",
    hunk_id=FIRST.hunk_id,
)


async def keep(
    rendezvous: Rendezvous,
    checked: messages.AcceptResult,
    *typed: str,
    hunks: tuple[messages.HunkView, ...] = (FIRST, SECOND),
) -> tuple[messages.AcceptResult, list[Mapping[str, Any]], str]:
    """Return the result, the requests that the daemon heard, and what the person saw."""

    def accept(params: Any, _: Session) -> Any:
        if not params["checkOnly"]:
            return encode(WROTE)
        asked = params["hunkIds"]
        left = tuple(each for each in checked.conflicts if each.hunk_id in asked)
        return encode(replace(checked, conflicts=left))

    paper, screen = plain()
    with DaemonDouble(rendezvous, {"pairwright/accept": accept}) as daemon:
        peer = discovery.connect(rendezvous)
        assert peer is not None
        async with within(), DaemonClient(peer, rendezvous.root) as client:
            result = await keep_hunks(client, screen, answers(*typed), "t1", hunks)
    heard = [params for method, params in daemon.heard if method == "pairwright/accept"]
    return result, heard, paper.getvalue()


def checked(**fields: Any) -> messages.AcceptResult:
    return messages.AcceptResult(entry_id=None, files=("shop/cart.py",), **fields)


async def test_what_nothing_speaks_against_is_written_unasked(rendezvous: Rendezvous) -> None:
    result, heard, seen = await keep(rendezvous, checked())
    assert (result, seen) == (WROTE, "")
    assert [each["checkOnly"] for each in heard] == [True, False]


async def test_who_chose_nothing_asks_for_nothing(rendezvous: Rendezvous) -> None:
    result, heard, _ = await keep(rendezvous, checked(), hunks=())
    assert (result.entry_id, heard) == (None, [])


async def test_a_hunk_that_no_longer_fits_is_shown_with_both_sides_and_the_other_is_kept(
    rendezvous: Rendezvous,
) -> None:
    result, heard, seen = await keep(rendezvous, checked(conflicts=(CONFLICT,)))
    assert result == WROTE
    assert heard[-1]["hunkIds"] == [SECOND.hunk_id]
    assert "✗ conflict in shop/cart.py: line 2 was changed" in seen
    assert "the change wants:\n            return price * count" in seen
    assert "there stands now:\n            return mine" in seen


async def test_when_no_hunk_fits_any_more_nothing_is_written(rendezvous: Rendezvous) -> None:
    result, heard, _ = await keep(rendezvous, checked(conflicts=(CONFLICT,)), hunks=(FIRST,))
    assert result.entry_id is None
    assert [each["checkOnly"] for each in heard] == [True]


@pytest.mark.parametrize(("typed", "is_written"), [("y", True), ("", False), ("n", False)])
async def test_a_choice_that_does_not_parse_is_asked_about(
    rendezvous: Rendezvous, typed: str, is_written: bool
) -> None:
    note = "shop/cart.py does not parse with only these hunks (line 3)"
    result, _, seen = await keep(rendezvous, checked(notes=(note,)), typed)
    assert (result.entry_id is not None) is is_written
    assert f"! {note}.\nWrite them all the same? [y/N]" in seen


async def test_each_file_that_others_obey_is_asked_for_by_name(rendezvous: Rendezvous) -> None:
    obeyed = replace(SECOND, path="setup.py", needs_approval=True)
    both = checked(needs_approval=("setup.py",))
    result, heard, seen = await keep(rendezvous, both, "y", hunks=(FIRST, obeyed))
    assert result == WROTE
    assert heard[-1]["approvedPaths"] == ["setup.py"]
    assert "Builds, tests or assistants obey setup.py. Write it? [y/N]" in seen


async def test_without_a_yes_the_other_files_are_written(rendezvous: Rendezvous) -> None:
    obeyed = replace(SECOND, path="setup.py", needs_approval=True)
    both = checked(needs_approval=("setup.py",))
    _, heard, _ = await keep(rendezvous, both, "n", hunks=(FIRST, obeyed))
    assert (heard[-1]["hunkIds"], heard[-1]["approvedPaths"]) == ([FIRST.hunk_id], [])
