"""A receipt says what a task cost and what the strong model alone would have cost, both ways."""

from decimal import Decimal
from typing import Any

import pytest

from pairwright_client.receipts import comparison, notes, show_receipt
from tests.clients import story
from tests.clients.pictures import check_picture, plain


def drawn(**values: Any) -> str:
    paper, screen = plain()
    show_receipt(screen, story.receipt(**values))
    return paper.getvalue()


def test_when_both_models_run_here_it_says_so_and_claims_no_saving() -> None:
    check_picture("receipt_local", drawn())


def test_priced_models_estimated_tokens_and_unknown_prices_are_told_apart() -> None:
    roles = (
        story.role("strong", model="openai/large", cost_usd=Decimal("0.0123"), is_estimated=True),
        story.role("weak", model="other/small", calls=3, cost_usd=None, unpriced_calls=3),
    )
    check_picture(
        "receipt_at_least",
        drawn(
            roles=roles,
            cost_usd=Decimal("0.0123"),
            unpriced_calls=3,
            strong_alone_usd=Decimal("0.05"),
        ),
    )


@pytest.mark.parametrize(
    ("cost", "alone", "unpriced", "sentence"),
    [
        ("0.02", "0.05", 0, "about $0.05 for the same tokens; this run cost 60 % less."),
        ("0.0499", "0.05", 0, "this run cost under 1 % less."),
        (
            "0.07",
            "0.05",
            0,
            "about $0.05 for the same tokens; this run cost $0.02 more: the pair lost money.",
        ),
        ("0.05", "0.05", 0, "about $0.05 for the same tokens: the same."),
        ("0.02", "0.05", 2, "the two cannot be compared."),
        ("0.02", None, 0, "is unknown: it has no known price."),
        ("0", "0.05", 0, "this run cost 100 % less."),
    ],
)
def test_the_comparison_is_honest_both_ways(
    cost: str, alone: str | None, unpriced: int, sentence: str
) -> None:
    receipt = story.receipt(
        cost_usd=Decimal(cost),
        strong_alone_usd=None if alone is None else Decimal(alone),
        unpriced_calls=unpriced,
    )
    assert comparison(receipt).endswith(sentence)


def test_a_task_that_asked_nobody_compares_nothing() -> None:
    assert comparison(story.receipt(roles=())) == "No model was asked."


def test_a_free_remote_model_is_not_said_to_run_here() -> None:
    remote = story.receipt(roles=(story.role("strong", model="gemini/free"),))
    assert comparison(remote).startswith("Both models are free of charge: $0")


def test_what_was_planned_and_why_it_went_up_are_told() -> None:
    roles = (
        story.role("weak", model="other/small", calls=3, cost_usd=Decimal("0.004")),
        story.role("strong", model="openai/large", cost_usd=Decimal("0.05")),
    )
    check_picture(
        "receipt_planned",
        drawn(
            roles=roles,
            cost_usd=Decimal("0.054"),
            strong_alone_usd=Decimal("0.04"),
            planned_usd=Decimal("0.03"),
            escalations=("plan: 2 tests fail", "strong: a.py\x1b[2J does not parse\nmore"),
            replayed_calls=2,
        ),
    )


@pytest.mark.parametrize(
    ("planned", "cost", "sentence"),
    [
        ("0.02", "0.01", "Planned: about $0.02; it came 50 % lower."),
        ("0.02", "0.05", "Planned: about $0.02; it came 150 % higher."),
        ("0.02", "0.02", "Planned: about $0.02, and so it came."),
        ("0", "0.02", "Planned: about $0; it came higher."),
    ],
)
def test_what_was_planned_is_compared(planned: str, cost: str, sentence: str) -> None:
    receipt = story.receipt(planned_usd=Decimal(planned), cost_usd=Decimal(cost))
    assert notes(receipt)[0] == sentence


def test_where_nothing_was_planned_or_cost_nothing_is_compared() -> None:
    uncached = (story.role("weak", cached_tokens=0),)
    for values in ({"planned_usd": None}, {"planned_usd": Decimal(0)}):
        assert notes(story.receipt(roles=uncached, **values)) == ()
    unpriced = story.receipt(roles=uncached, planned_usd=Decimal(1), unpriced_calls=1)
    assert notes(unpriced) == ()
