"""Is what we add to a call measured against litellm in the same run?"""

from pairwright.bench.calls import measure


async def test_both_ways_are_asked_in_the_same_run_and_the_targets_stand_beside_the_figures() -> (
    None
):
    table = await measure(rounds=2)
    rows = {row.what: row for row in table.rows}
    assert table.facts["rounds"] == 2
    for what in ("first text, on the wall", "first text, processor", "a piece, processor"):
        assert (rows[what].measured or 0) > 0
        assert (rows[what].compared or 0) > 0
    assert rows["first text, what we add"].limit == 2.0
    assert rows["a piece, what we add"].limit == 5.0
