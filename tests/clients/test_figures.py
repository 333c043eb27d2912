"""Amounts are written for a person: neither false digits nor false zeros."""

from decimal import Decimal

import pytest

from pairwright_client import figures


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "$0"),
        ("12.345", "$12.35"),
        ("1234.5", "$1,234.50"),
        ("0.012345", "$0.0123"),
        ("0.000123", "$0.000123"),
        ("0.0000001", "under $0.000001"),
    ],
)
def test_money_has_the_digits_that_matter(amount: str, written: str) -> None:
    assert figures.usd(Decimal(amount)) == written


@pytest.mark.parametrize(
    ("known", "unpriced", "written"),
    [("0.5", 0, "$0.50"), ("0.5", 1, "at least $0.50"), ("0", 1, "unknown"), ("0", 0, "$0")],
)
def test_unknown_is_not_zero(known: str, unpriced: int, written: str) -> None:
    assert figures.usd_at_least(Decimal(known), unpriced) == written
    assert figures.usd_at_least(None, unpriced) == "unknown"


@pytest.mark.parametrize(
    ("known", "unpriced", "written"),
    [
        ("0.5", 0, "$0.50"),
        ("0.12", 1, "at least $0.12 and 1 unpriced call"),
        ("0.12", 2000, "at least $0.12 and 2,000 unpriced calls"),
        ("0", 1, "1 unpriced call"),
        ("0", 0, "$0"),
    ],
)
def test_what_a_sum_leaves_out_is_said(known: str, unpriced: int, written: str) -> None:
    assert figures.usd_and_unpriced(Decimal(known), unpriced) == written


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 matches"), (1, "1 match"), (1234, "1,234 matches")]
)
def test_one_is_not_many(count: int, written: str) -> None:
    assert figures.counted(count, "match", "matches") == written
    assert figures.counted(count, "file") == written.replace("matches", "files").replace(
        "match", "file"
    )


@pytest.mark.parametrize(("difference", "written"), [(0, ""), (3, " (+3)"), (-1200, " (-1,200)")])
def test_a_change_has_its_sign(difference: int, written: str) -> None:
    assert figures.change(difference) == written


@pytest.mark.parametrize(
    ("duration_ms", "written"),
    [(0, "0.0 s"), (412, "0.4 s"), (9949, "9.9 s"), (9960, "10 s"), (59_700, "1 min 00 s")],
)
def test_durations(duration_ms: int, written: str) -> None:
    assert figures.seconds(duration_ms) == written


def test_sizes() -> None:
    sizes = [figures.size(count) for count in (512, 491_400_064, 1_117_320_768)]
    assert sizes == ["1 kB", "491 MB", "1.1 GB"]
