"""T3: does our buffer say the same as others' after random edits, in all three encodings?

Here a few thousand edits; `python -m tests.soak protocol` makes 100,000 in each encoding.
"""

import pytest

from pairwright.lsp.handshake import PositionEncoding
from tests.lsp.oracles import MISSING, Edit, Units, compare, oracle

EDITS = 2_000


@pytest.mark.parametrize("encoding", PositionEncoding)
def test_the_buffer_is_that_of_an_array_of_code_units(encoding: PositionEncoding) -> None:
    made, divergences = compare(encoding, EDITS, seed=1, vscode=None)
    assert divergences == []
    assert made >= EDITS


@pytest.mark.parametrize("encoding", PositionEncoding)
def test_the_buffer_is_that_of_vs_codes_own_servers(encoding: PositionEncoding) -> None:
    with oracle() as vscode:
        if vscode is None:
            pytest.skip(MISSING)
        made, divergences = compare(encoding, EDITS, seed=2, vscode=vscode)
    assert divergences == []
    assert made >= EDITS


def test_the_array_itself_is_right_where_it_can_be_seen() -> None:
    units = Units("a😀\r\nb\rc", PositionEncoding.UTF_16)
    assert units.lines() == [(0, 6), (10, 12), (14, 16)]
    assert units.to_utf_16((0, 2)) == (0, 1)
    units.edit(Edit((0, 2), (1, 9), "-"))
    assert units.text == "a-\rc"
