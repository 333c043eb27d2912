"""The soak of `tests/soak/consistency.py` at a small size."""

import pytest

from tests.soak import consistency
from tests.soak.consistency import text_of, versions_in
from tests.soak.figures import Figures


async def test_no_answer_mixes_two_versions_of_a_file_and_the_index_ends_equal_to_a_cold_one() -> (
    None
):
    said: list[str] = []
    figures = Figures(said.append)
    await consistency.run(figures, seconds=2, files=2)
    assert not figures.broken, "\n".join(said)
    assert len(figures.all) == 7


@pytest.mark.parametrize("version", [0, 7, 12])
def test_every_part_of_a_file_says_its_version(version: int) -> None:
    text = text_of("ax1", version)
    third = len(text) // 3
    for part in (text[:third], text[third : 2 * third], text[2 * third :]):
        assert versions_in([part]) == {"ax1": {version}}


def test_two_versions_in_one_answer_are_seen() -> None:
    old, new = text_of("ax1", 3), text_of("ax1", 4)
    assert versions_in([old[:200], new[200:]]) == {"ax1": {3, 4}}
