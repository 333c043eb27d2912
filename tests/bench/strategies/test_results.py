"""Results on disk, and what they cost."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.bench.strategies.results import (
    Result,
    TierUse,
    append_result,
    cost_of_result,
    parse_prices,
    read_results,
)
from pairwright.errors import UserError

RESULT = Result(
    task="total",
    task_digest="abc",
    kind="fix",
    language="python",
    strategy="ladder",
    strong="embedded/strong",
    weak="embedded/weak",
    repeat=1,
    ending="resolved",
    message="the tests pass",
    seconds=1.5,
    is_sound=True,
    checks={"tests": "passed"},
    use={
        "weak": TierUse(calls=2, input_tokens=1_000_000, output_tokens=100_000),
        "strong": TierUse(calls=1, input_tokens=500_000, output_tokens=50_000),
    },
    recorded_usd="0.25",
)
PRICES = "strong=1.10/4.40,weak=0.15/0.60"


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "new" / "results.jsonl"
    other = replace(RESULT, task="größe", ending="error", is_sound=None, recorded_usd=None)
    append_result(file, RESULT)
    append_result(file, other)
    assert read_results(file) == (RESULT, other)


def test_of_a_run_that_was_made_again_the_last_result_counts(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    append_result(file, replace(RESULT, ending="error"))
    append_result(file, RESULT)
    assert read_results(file) == (RESULT,)


def test_a_line_that_a_crash_cut_short_is_left_out_and_swallows_nothing(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    append_result(file, RESULT)
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    assert read_results(file) == (RESULT,)
    other = replace(RESULT, task="other")
    append_result(file, other)
    assert read_results(file) == (RESULT, other)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    file.write_text('{"task": "total"}\n\n')
    with pytest.raises(UserError, match=r"line 1 of .* is no result of a run"):
        read_results(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        read_results(tmp_path / "none.jsonl")


def test_tokens_cost_what_the_prices_say() -> None:
    # Weak: 0.15 + 0.06; strong: 0.55 + 0.22.
    assert cost_of_result(RESULT, parse_prices(PRICES)) == Decimal("0.98")


def test_without_a_price_for_each_tier_the_ledger_counts() -> None:
    assert cost_of_result(RESULT, {}) == Decimal("0.25")
    assert cost_of_result(RESULT, parse_prices("weak=1/1")) == Decimal("0.25")
    assert cost_of_result(replace(RESULT, recorded_usd=None), {}) is None


@pytest.mark.parametrize(
    "text",
    ["", "strong", "strong=1", "strong=1/2/3", "medium=1/2", "weak=a/b", "weak=-1/2", "weak=nan/1"],
)
def test_prices_said_in_another_way_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="says no prices"):
        parse_prices(text)


def test_a_line_that_was_cut_within_a_letter_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    append_result(file, RESULT)
    file.write_bytes(file.read_bytes() + b'{"task": "gr\xc3')
    assert read_results(file) == (RESULT,)
