"""Are prices exact, and is an unknown price unknown?"""

from decimal import Decimal

import pytest

from pairwright.llm.model import Price, Usage
from pairwright.llm.pricing import (
    LOCAL_PRICE,
    context_tokens_of,
    cost_of,
    hidden_output_tokens_of,
    price_of,
)
from pairwright.llm.providers import REMOTE_PROVIDERS
from pairwright.settings import PriceSettings

OWN = PriceSettings(
    input_usd_per_million=Decimal("1.5"),
    output_usd_per_million=Decimal(6),
    cache_read_usd_per_million=Decimal("0.15"),
    cache_write_usd_per_million=Decimal(2),
)
PAIRS = [remote for remote in REMOTE_PROVIDERS.values() if remote.strong]
PAIR_MODELS = [name for remote in PAIRS for name in (remote.strong, remote.weak) if name]


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
    assert price_of(name, {"openai/another-model": OWN}) is None
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


@pytest.mark.parametrize("remote", PAIRS, ids=lambda remote: remote.name)
def test_the_weak_model_of_a_pair_is_the_cheaper_one(remote: object) -> None:
    strong, weak = price_of(remote.strong), price_of(remote.weak)  # type: ignore[attr-defined]
    assert weak.output_usd < strong.output_usd  # type: ignore[union-attr]


def cost(model: str, usage: Usage, service_tier: str = "") -> Decimal:
    price = price_of(model)
    assert price is not None
    return cost_of(usage, price, service_tier=service_tier)


def usd(*parts: tuple[int, str]) -> Decimal:
    return sum(tokens * Decimal(per_million) for tokens, per_million in parts) / Decimal(1_000_000)


@pytest.mark.parametrize(
    ("model", "limit", "short", "long"),
    [
        ("gemini/gemini-2.5-pro", 200_000, ("1.25", "10"), ("2.5", "15")),
        ("openai/gpt-5.6", 272_000, ("4", "20"), ("8", "30")),
        ("anthropic/claude-haiku-5-5", 100_000, ("0.1", "0.5"), ("0.5", "2.5")),
        ("dashscope/qwen-flash", 256_000, ("0.05", "0.4"), ("0.25", "2")),
        # Here the limit itself is long already.
        ("xai/grok-4.20-0309-reasoning", 199_999, ("1.25", "2.5"), ("2.5", "5")),
    ],
)
def test_behind_a_limit_the_whole_call_is_dearer(
    model: str, limit: int, short: tuple[str, str], long: tuple[str, str]
) -> None:
    for tokens, (read, written) in ((limit, short), (limit + 1, long)):
        assert cost(model, Usage(tokens, 0, 0, 7)) == usd((tokens, read), (7, written))


def test_what_is_cached_counts_to_the_length_of_the_prompt() -> None:
    usage = Usage(1, 200_000, 0, 0)
    assert cost("gemini/gemini-2.5-pro", usage) == usd((1, "2.5"), (200_000, "0.25"))


def test_a_dearer_service_and_a_long_prompt_come_together() -> None:
    assert cost("openai/gpt-5.6", Usage(272_001, 0, 0, 7), "priority") == usd(
        (272_001, "16"), (7, "60")
    )


@pytest.mark.parametrize("service", ["", "flexible", "standard"])
def test_a_service_that_nobody_prices_costs_what_the_usual_one_does(service: str) -> None:
    assert cost("openai/gpt-5-mini", Usage(8, 0, 0, 1), service) == usd((8, "0.25"), (1, "2"))


def test_a_cache_that_stays_an_hour_costs_more_to_fill() -> None:
    usage = Usage(0, 0, 30, 0, cache_write_1h=20)
    model = "anthropic/claude-sonnet-4-5"
    assert cost(model, usage) == usd((10, "3.75"), (20, "6"))


def test_reasoning_may_have_a_price_of_its_own() -> None:
    usage = Usage(0, 0, 0, 100, reasoning=60)
    assert cost("dashscope/qwen-turbo", usage) == usd((40, "0.2"), (60, "0.5"))


def test_a_reasoning_price_is_not_carried_into_another_service() -> None:
    usage = Usage(0, 0, 0, 100, reasoning=60)
    assert cost("gemini/gemini-flash-lite-latest", usage, "priority") == usd((100, "4.5"))


def test_what_a_list_leaves_out_of_its_long_prices_is_as_long_input() -> None:
    model = "dashscope/qwen-flash"  # it has no price for its cache
    assert cost(model, Usage(1, 256_000, 0, 0)) == usd((256_001, "0.25"))


@pytest.mark.parametrize(
    "name", ["bedrock/anthropic.claude-haiku-4-5-20251001-v1:0", "vertex_ai/claude-sonnet-4-5"]
)
def test_a_model_is_found_under_the_ways_to_ask_it(name: str) -> None:
    assert price_of(name) is not None


def test_the_users_price_counts_more_than_the_list() -> None:
    price = price_of("openai/gpt-5-mini", {"openai/gpt-5-mini": OWN})
    assert price is not None
    assert price.source == "settings"
    assert cost_of(Usage(100, 10, 20, 30, cache_write_1h=5), price) == usd(
        (100, "1.5"), (10, "0.15"), (20, "2"), (30, "6")
    )


def test_a_price_without_one_for_the_cache_charges_what_is_read() -> None:
    own = PriceSettings(input_usd_per_million=Decimal(3), output_usd_per_million=Decimal(9))
    price = price_of("gw/large", {"gw/*": own})
    assert price is not None
    assert cost_of(Usage(1, 1, 1, 1), price) == usd((3, "3"), (1, "9"))


def test_the_last_pattern_that_fits_counts() -> None:
    free = PriceSettings(input_usd_per_million=Decimal(0), output_usd_per_million=Decimal(0))
    prices = {"gw/*": OWN, "GW/small*": free}
    assert price_of("gw/small-1", prices) == Price(
        Decimal(0), Decimal(0), Decimal(0), Decimal(0), "settings"
    )
    assert price_of("gw/large", prices) != price_of("gw/small-1", prices)
