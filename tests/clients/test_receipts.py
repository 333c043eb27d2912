"""A receipt says what a task cost and what the strong model alone would have cost, both ways."""

from decimal import Decimal
from typing import Any

import pytest

from pairwright_client.receipts import comparison, show_receipt
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
        ("0.07", "0.05", 0, "about $0.05 for the same tokens; this run cost $0.02 more."),
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
