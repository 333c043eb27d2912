"""What does a model cost, and who says so? Unknown is None, which is not zero.

A price comes from the user's settings when they name the model, else from the table that litellm
ships, else from nobody. The table is read as a file, since importing litellm takes seconds and a
price is wanted before any call. What a provider itself says a call cost is above both: that figure
comes with the answer.
"""

import fnmatch
import functools
import importlib.metadata
import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pairwright.llm.model import Price, Usage
from pairwright.settings import PriceSettings

HIDDEN_OUTPUT_TOKENS = 8192
"""What a reasoning model is left to think in before each answer: enough for a small edit."""

_TABLE_FILE = "model_prices_and_context_window_backup.json"
_ABOVE = re.compile(r"(?:input|output)_cost_per_token_above_(\d+)k_tokens")
_COLUMNS: Mapping[str, str] = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
    "reasoning": "output_cost_per_reasoning_token",
}
_Rates = Mapping[str, Decimal]
"""What the table says of one kind of call, under the names above; what is missing it leaves out."""
_SERVICES = ("flex", "priority", "balanced", "ultrafast")
_REACHED_IS_ABOVE = ("xai",)
"""Providers whose long prices begin at the limit itself, not behind it."""
_MILLION = Decimal(1_000_000)

LOCAL_PRICE = Price(Decimal(0), Decimal(0), Decimal(0), Decimal(0), "runs on this machine")


def price_of(model: str, own: Mapping[str, PriceSettings] = MappingProxyType({})) -> Price | None:
    """Return what the model costs per token, None when nobody says.

    Who writes a model's price into the settings has a reason: a gateway that bills differently, a
    contract, a table that is out of date. So the settings come before the table.

    Args:
        model: the name as a person types it.
        own: the user's prices (`models.prices`), by patterns of names; the last one counts.
    """
    if price := own_price_of(model, own):
        return price
    entry = _entry_of(model)
    return None if entry is None else _table_price(entry)


def own_price_of(model: str, own: Mapping[str, PriceSettings]) -> Price | None:
    """Return what the user says that the model costs per token, None when they do not say."""
    for pattern in reversed(tuple(own)):
        if fnmatch.fnmatchcase(model.lower(), pattern.lower()):
            return _own_price(own[pattern])
    return None


def cost_of(usage: Usage, price: Price, *, service_tier: str = "") -> Decimal:
    """Return what the tokens of one call cost in USD, exactly.

    The length of the prompt chooses among long-context prices, so the usage of several calls must
    not be summed before.
    """
    rates = price.at(usage.input, service_tier)
    write_1h_usd = _or_else(rates.cache_write_1h_usd, rates.cache_write_usd)
    reasoning_usd = _or_else(rates.reasoning_usd, rates.output_usd)
    return (
        usage.uncached_input * rates.input_usd
        + usage.cache_read * rates.cache_read_usd
        + (usage.cache_write - usage.cache_write_1h) * rates.cache_write_usd
        + usage.cache_write_1h * write_1h_usd
        + (usage.output - usage.reasoning) * rates.output_usd
        + usage.reasoning * reasoning_usd
    )


def context_tokens_of(model: str) -> int | None:
    """Return how many tokens the model reads at its plain price, None when nobody says."""
    entry = _entry_of(model)
    if entry is None or not isinstance(entry.get("max_input_tokens"), int):
        return None
    starts = [limit for limit, _ in price.long] if (price := _table_price(entry)) else []
    return min([int(entry["max_input_tokens"]), *starts])


def hidden_output_tokens_of(model: str) -> int:
    """Return how many tokens the model may think unseen, 0 when it is not said to reason."""
    entry = _entry_of(model)
    if entry is None or entry.get("supports_reasoning") is not True:
        return 0
    most = entry.get("max_output_tokens")
    return min(HIDDEN_OUTPUT_TOKENS, most // 2) if isinstance(most, int) else HIDDEN_OUTPUT_TOKENS


def facts_of(model: str) -> Mapping[str, Any]:
    """Return what the table says of a model, by litellm's own names; empty when it says nothing."""
    return _entry_of(model) or {}


def _own_price(own: PriceSettings) -> Price:
    input_usd = own.input_usd_per_million / _MILLION
    return Price(
        input_usd,
        own.output_usd_per_million / _MILLION,
        _per_token(own.cache_read_usd_per_million, input_usd),
        _per_token(own.cache_write_usd_per_million, input_usd),
        "settings",
    )


def _per_token(usd_per_million: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if usd_per_million is None else usd_per_million / _MILLION


def _table_price(entry: dict[str, Any]) -> Price | None:
    ranges = entry.get("tiered_pricing")
    if isinstance(ranges, list):
        return _ranged_price(ranges)
    usual = _rates(entry)
    price = _with_long_prices(entry, usual)
    if price is None:
        return None
    services = [
        (name, served)
        for name in _SERVICES
        if f"{_COLUMNS['input']}_{name}" in entry
        and (served := _with_long_prices(entry, _rates(entry, f"_{name}", usual), f"_{name}"))
    ]
    factors = entry.get("provider_specific_entry")
    for name, factor in factors.items() if isinstance(factors, dict) else ():
        if isinstance(factor, int | Decimal):
            services.append((name, _times(price, Decimal(factor))))
    return replace(price, services=tuple(services))


def _with_long_prices(entry: dict[str, Any], rates: _Rates, service: str = "") -> Price | None:
    price = _price(rates)
    if price is None:
        return None
    is_reached = entry.get("litellm_provider") in _REACHED_IS_ABOVE
    long = []
    for limit in _limits(entry):
        rates = _rates(entry, f"_above_{limit // 1000}k_tokens{service}", rates)
        if dear := _price(rates):
            long.append((limit - 1 if is_reached else limit, dear))
    return replace(price, long=tuple(long))


def _ranged_price(ranges: list[dict[str, Any]]) -> Price | None:
    """Return the price of a list that names the prompts' lengths, from and up to."""
    spans = sorted((span for span in ranges if _is_span(span)), key=lambda span: span["range"][0])
    prices = [(int(span["range"][0]), price) for span in spans if (price := _price(_rates(span)))]
    return replace(prices[0][1], long=tuple(prices[1:])) if prices else None


def _is_span(span: Any) -> bool:
    return isinstance(span, dict) and len(span.get("range", ())) == 2


def _limits(entry: dict[str, Any]) -> list[int]:
    """Return the lengths of prompts, in tokens, behind which another price begins."""
    return sorted({int(above[1]) * 1000 for name in entry if (above := _ABOVE.fullmatch(name))})


def _rates(entry: dict[str, Any], suffix: str = "", otherwise: _Rates | None = None) -> _Rates:
    """Return what stands in the columns with that suffix; the rest is as `otherwise` has it."""
    found = {
        name: usd
        for name, column in _COLUMNS.items()
        if (usd := _usd(entry, f"{column}{suffix}")) is not None
    }
    kept = dict(otherwise or {})
    if "output" in found:
        # A reasoning price of another kind of call says nothing about this one.
        kept.pop("reasoning", None)
    return {**kept, **found}


def _price(rates: _Rates) -> Price | None:
    if "input" not in rates or "output" not in rates:
        return None
    return Price(
        rates["input"],
        rates["output"],
        # A list without a price for its cache charges what everything else that is read costs.
        rates.get("cache_read", rates["input"]),
        rates.get("cache_write", rates["input"]),
        _source(),
        cache_write_1h_usd=rates.get("cache_write_1h"),
        reasoning_usd=rates.get("reasoning"),
    )


def _times(price: Price, factor: Decimal) -> Price:
    return Price(
        price.input_usd * factor,
        price.output_usd * factor,
        price.cache_read_usd * factor,
        price.cache_write_usd * factor,
        price.source,
        None if price.cache_write_1h_usd is None else price.cache_write_1h_usd * factor,
        None if price.reasoning_usd is None else price.reasoning_usd * factor,
        tuple((limit, _times(dear, factor)) for limit, dear in price.long),
    )


def _or_else(usd: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if usd is None else usd


def _entry_of(model: str) -> dict[str, Any] | None:
    table = _table()
    if model in table:
        return table[model]
    provider, _, name = model.partition("/")
    entry = table.get(name)
    if entry is None or not provider:
        return None
    # One provider's models may be listed by the ways to ask them, such as `bedrock_converse`.
    listed = re.split(r"[_-](?:converse|.*models)$", str(entry.get("litellm_provider")))[0]
    return entry if listed == provider else None


@functools.cache
def _table() -> dict[str, dict[str, Any]]:
    spec = importlib.util.find_spec("litellm")
    if spec is None or not spec.submodule_search_locations:
        return {}
    path = Path(spec.submodule_search_locations[0]) / _TABLE_FILE
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError):
        return {}
    return {name: entry for name, entry in loaded.items() if isinstance(entry, dict)}


def _usd(entry: dict[str, Any], name: str) -> Decimal | None:
    value = entry.get(name)
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _source() -> str:
    return f"litellm {importlib.metadata.version('litellm')}"
