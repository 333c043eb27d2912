"""T18: whatever the model answers, policy stops it, and a task comes to its end.

The assistant may spend and write, and asks for what the gate finds sound to be written unseen:
nothing but the gate stands between the model and the files. `python -m tests.soak model` plays
every script; here are some of each kind.
"""

from pathlib import Path

import pytest

from tests.security.hostile_model import HARMLESS, NEVER, ONLY_WITH_A_YES, OTHERS, OUTSIDE, attacks
from tests.security.playing import play
from tests.support.answers import answer

FEW = (*NEVER[::12], *ONLY_WITH_A_YES[::7], *OUTSIDE[::7])
PLAYED = [*(f"writes {path[:40]!r}" for path in FEW), *list(OTHERS)[1::2]]


def test_there_are_sixty_and_more() -> None:
    assert len(attacks()) >= 60
    assert set(PLAYED) <= set(attacks())


@pytest.mark.parametrize("name", PLAYED)
async def test_it_is_stopped(tmp_path: Path, name: str) -> None:
    assert await play(tmp_path, attacks()[name]) == []


async def test_what_was_asked_for_is_written(tmp_path: Path) -> None:
    """The scripts prove something only where the same way lets an honest answer through."""
    (wrong,) = await play(tmp_path, answer(HARMLESS))
    assert wrong == "'a.py' is another"


async def test_what_nobody_sees_waits_for_a_person_who_is_told_of_it(tmp_path: Path) -> None:
    told: list[str] = []
    assert await play(tmp_path, attacks()["hidden letters"], told) == []
    assert "review" in told[0]
    assert "h1 adds 4 invisible characters" in told[0]
