"""T17, the race; `python -m tests.soak escapes` runs it at its promised length."""

from contextlib import suppress
from pathlib import Path

import pytest

from pairwright.errors import PairwrightError
from pairwright.journal.entries import FileWrite
from pairwright.journal.journal import Journal
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.paths import parse_path
from tests.security.escapes import Place, build_place
from tests.security.racing import race

SWAPS = 3_000
OLD = b"inside\n"


def test_a_directory_that_becomes_a_link_meanwhile_leads_nobody_outside(tmp_path: Path) -> None:
    ground = build_place(tmp_path)
    around = ground.around()
    outcome = race(ground, SWAPS)
    assert outcome.leaks == []
    assert outcome.surprises == []
    assert ground.around() == around
    assert outcome.swaps >= SWAPS
    for deed in ("read", "stat", "list", "read by the tree"):
        assert outcome.done[deed] > 0, deed
    for deed in ("write by the tree", "write by the journal", "make directories"):
        assert outcome.done[deed] + outcome.refused[deed] > 0, deed
    assert outcome.refused.total() > 0, "nobody ever met the link"


def commit_with_swap_before(ground: Place, call: int) -> int:
    """Write, remove and make files in a directory that becomes a link before one of the calls.

    Returns:
        How many calls there were until then, or in all.
    """
    swapped = ground.root / "swapped"
    swapped.mkdir()
    for name in ("canary.txt", "old.txt"):
        (swapped / name).write_bytes(OLD)
    calls = 0

    def swap(_: str) -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            swapped.rename(ground.root / "spare")
            swapped.symlink_to(ground.outside)

    writes = [
        FileWrite(parse_path("swapped/canary.txt"), digest_bytes(OLD), b"new\n"),
        FileWrite(parse_path("swapped/old.txt"), digest_bytes(OLD), None),
        FileWrite(parse_path("swapped/deep/new.txt"), None, b"new\n"),
    ]
    with suppress(PairwrightError):
        Journal(ground.state, ground.root, on_step=swap).commit(writes)
    with suppress(PairwrightError):
        Journal(ground.state, ground.root).recover()
    return calls


@pytest.mark.parametrize("part", range(4))
def test_a_link_that_appears_before_any_call_of_the_journal_leads_nowhere(
    tmp_path: Path, part: int
) -> None:
    call = part
    while True:
        ground = build_place(tmp_path / str(call))
        around = ground.around()
        calls = commit_with_swap_before(ground, call)
        assert ground.around() == around, f"the swap before call {call}"
        if calls < call:
            break
        call += 4
    assert call >= 30
