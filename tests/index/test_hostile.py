"""The soak of `tests/soak/hostile.py` at a small size."""

import random
import sys

import pytest

from tests.soak import hostile
from tests.soak.figures import Figures
from tests.soak.hostile import fatal_files, hostile_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are measured by /proc")


async def test_hostile_files_harm_nobody_but_themselves_not_even_after_a_restart() -> None:
    said: list[str] = []
    figures = Figures(said.append)
    await hostile.run(figures, files=4)
    assert not figures.broken, "\n".join(said)
    assert len(figures.all) == 11


def test_hostile_files_are_the_same_each_time_and_of_every_language() -> None:
    files = hostile_files(64, random.Random(3))
    assert files == hostile_files(64, random.Random(3))
    assert len(files) == 64
    assert fatal_files().items() <= files.items()
    assert len({name.rpartition(".")[2] for name in files}) >= 30
