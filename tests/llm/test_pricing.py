"""Are prices exact, and is an unknown price unknown?"""

from decimal import Decimal

import pytest

from pairwright.llm.choices import REMOTE_PROVIDERS
from pairwright.llm.model import Price, Usage
from pairwright.llm.pricing import (
    LOCAL_PRICE,
    context_tokens_of,
    cost_of,
    hidden_output_tokens_of,
    price_of,
)

PAIR_MODELS = [name for remote in REMOTE_PROVIDERS for name in (remote.strong, remote.weak) if name]


def test_each_bucket_has_its_own_price_and_the_sum_is_exact() -> None:
    price = Price(
        Decimal("0.0000001"), Decimal("0.000002"), Decimal("0.00000003"), Decimal("0.0000004"), "x"
    )
    cost = cost_of(Usage(3, 10, 7, 2, reasoning=2), price)
    assert cost == Decimal("0.0000003") + Decimal("0.0000003") + Decimal("0.0000028") + Decimal(
        "0.000004"
    )


def test_a_price_is_what_the_table_says_to_the_last_digit() -> None:
    price = price_of("openai/gpt-5-mini")
    assert price is not None
    assert price.input_usd == Decimal("2.5e-07")
    assert price.cache_read_usd == Decimal("2.5e-08")
    assert price.output_usd == Decimal("2e-06")
    assert price.source == "litellm 1.106.2"


def test_a_missing_cache_price_is_the_input_price() -> None:
    price = price_of("openai/gpt-5-mini")
    assert price is not None
    assert price.cache_write_usd == price.input_usd


@pytest.mark.parametrize(
    "name",
    ["openai/no-such-model", "anthropic/gpt-5-mini", "ollama/qwen2.5-coder:7b", "x", "", "/"],
)
def test_an_unknown_price_is_none(name: str) -> None:
    assert price_of(name) is None
    assert context_tokens_of(name) is None


def test_a_model_on_this_machine_costs_nothing_and_says_why() -> None:
    assert cost_of(Usage(1000, 1000, 1000, 1000), LOCAL_PRICE) == 0
    assert LOCAL_PRICE.source == "runs on this machine"


def test_prompts_stay_below_the_length_at_which_the_price_changes() -> None:
    assert context_tokens_of("gemini/gemini-2.5-pro") == 200_000
    assert context_tokens_of("openai/gpt-5.6") == 272_000


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("openai/gpt-5-mini", 8192),
        ("deepseek/deepseek-v4-pro", 8192),
        ("deepseek/deepseek-r1", 4096),
        ("mistral/devstral-small-latest", 0),
        ("openai/no-such-model", 0),
    ],
)
def test_a_model_that_reasons_may_do_so_in_half_of_what_it_writes_at_most(
    name: str, hidden: int
) -> None:
    assert hidden_output_tokens_of(name) == hidden


@pytest.mark.parametrize("name", PAIR_MODELS)
def test_every_model_that_is_chosen_by_itself_has_a_price_and_a_window(name: str) -> None:
    price = price_of(name)
    assert price is not None
    assert price.output_usd > 0
    assert (context_tokens_of(name) or 0) > 50_000


@pytest.mark.parametrize(
    "remote", [r for r in REMOTE_PROVIDERS if r.strong], ids=lambda r: r.prefix
)
def test_the_weak_model_of_a_pair_is_the_cheaper_one(remote: object) -> None:
    strong, weak = price_of(remote.strong), price_of(remote.weak)  # type: ignore[attr-defined]
    assert weak.output_usd < strong.output_usd  # type: ignore[union-attr]
