"""What does a model cost, and who says so? Unknown is None, which is not zero.

The table is the one that litellm ships. It is read as a file, since importing litellm takes seconds
and a price is wanted before any call.
"""

import functools
import importlib.metadata
import importlib.util
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from pairwright.llm.model import Price, Usage

HIDDEN_OUTPUT_TOKENS = 8192
"""What a reasoning model is left to think in before each answer: enough for a small edit."""

_TABLE_FILE = "model_prices_and_context_window_backup.json"
_ABOVE = re.compile(r"(?:input|output)_cost_per_token_above_(\d+)k_tokens")

LOCAL_PRICE = Price(Decimal(0), Decimal(0), Decimal(0), Decimal(0), "runs on this machine")


def price_of(model: str) -> Price | None:
    """Return what the model costs per token, None when nobody says.

    Models with dearer long prompts have the price of short ones: `context_tokens_of` keeps their
    prompts short. A price list without a cache price charges the input price.
    """
    entry = _entry_of(model)
    if entry is None:
        return None
    input_usd = _usd(entry, "input_cost_per_token")
    output_usd = _usd(entry, "output_cost_per_token")
    if input_usd is None or output_usd is None:
        return None
    reasoning_usd = _usd(entry, "output_cost_per_reasoning_token")
    cache_read_usd = _usd(entry, "cache_read_input_token_cost")
    cache_write_usd = _usd(entry, "cache_creation_input_token_cost")
    return Price(
        input_usd,
        # One output price: where reasoning costs more, the dearer of the two is never too little.
        max(output_usd, reasoning_usd or output_usd),
        input_usd if cache_read_usd is None else cache_read_usd,
        input_usd if cache_write_usd is None else cache_write_usd,
        _source(),
    )


def cost_of(usage: Usage, price: Price) -> Decimal:
    """Return what the tokens cost in USD, exactly."""
    return (
        usage.uncached_input * price.input_usd
        + usage.cache_read * price.cache_read_usd
        + usage.cache_write * price.cache_write_usd
        + usage.output * price.output_usd
    )


def context_tokens_of(model: str) -> int | None:
    """Return how many tokens the model reads at its plain price, None when nobody says."""
    entry = _entry_of(model)
    if entry is None or not isinstance(entry.get("max_input_tokens"), int):
        return None
    tiers = (_ABOVE.fullmatch(name) for name in entry)
    return int(min([entry["max_input_tokens"], *(int(tier[1]) * 1000 for tier in tiers if tier)]))


def hidden_output_tokens_of(model: str) -> int:
    """Return how many tokens the model may think unseen, 0 when it is not said to reason."""
    entry = _entry_of(model)
    if entry is None or entry.get("supports_reasoning") is not True:
        return 0
    most = entry.get("max_output_tokens")
    return min(HIDDEN_OUTPUT_TOKENS, most // 2) if isinstance(most, int) else HIDDEN_OUTPUT_TOKENS


def _entry_of(model: str) -> dict[str, Any] | None:
    table = _table()
    if model in table:
        return table[model]
    provider, _, name = model.partition("/")
    entry = table.get(name)
    return entry if entry is not None and entry.get("litellm_provider") == provider else None


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
