"""What does a provider say that a call used and cost? Read from litellm's objects, within reason.

litellm invents what a provider leaves out. What was really sent is in the chunks that a stream
keeps; what is missing there is counted by ourselves and marked so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from pairwright.llm.model import NO_USAGE, Usage

_USUAL_SERVICES = ("", "auto", "default", "standard", "on_demand")
_SERVICES_OF_GEMINI: Mapping[str, str] = {
    "on_demand_priority": "priority",
    "on_demand_flex": "flex",
}
_PLACES_THAT_COST_MORE = ("us",)
"""Where a provider may be bound to compute, for a surcharge."""


def usage_of(chunks: Iterable[Any], last: Any, ours: Usage, *, is_whole: bool) -> Usage:
    """Return what a streamed call used.

    Args:
        chunks: what the provider sent.
        last: litellm's own sum, which is invented when no chunk has usage.
        ours: what we count ourselves; stands in for what is missing.
        is_whole: False for a stream that broke off, whose last figure was not the last.
    """
    said = usage_from(last) if has_usage(chunks) and last is not None else NO_USAGE
    if said.input and is_whole and (said.output or not ours.output):
        return said
    read = said if said.input else ours
    return replace(read, output=max(said.output, ours.output), is_estimated=True)


def has_usage(chunks: Iterable[Any]) -> bool:
    """Tell whether the provider itself sent usage: what litellm invents is not among its chunks."""
    return any(getattr(chunk, "usage", None) is not None for chunk in chunks)


def usage_from(reported: Any) -> Usage:
    """Return litellm's usage in disjoint buckets: its prompt count includes what was cached."""
    prompt_details = getattr(reported, "prompt_tokens_details", None)
    output_details = getattr(reported, "completion_tokens_details", None)
    write_details = getattr(prompt_details, "cache_creation_token_details", None)
    prompt = _count(reported, "prompt_tokens")
    output = _count(reported, "completion_tokens")
    cache_read = max(
        _count(prompt_details, "cached_tokens"), _count(reported, "cache_read_input_tokens")
    )
    cache_read = min(cache_read, prompt)
    cache_write = max(
        _count(prompt_details, "cache_creation_tokens"),
        _count(reported, "cache_creation_input_tokens"),
    )
    cache_write = min(cache_write, prompt - cache_read)
    reasoning = _count(output_details, "reasoning_tokens")
    return Usage(
        prompt - cache_read - cache_write,
        cache_read,
        cache_write,
        # Some servers count what was thought beside what was said.
        output + reasoning if reasoning > output else output,
        reasoning,
        cache_write_1h=min(_count(write_details, "ephemeral_1h_input_tokens"), cache_write),
    )


def service_tier_of(chunks: Iterable[Any]) -> str:
    """Return at which service the provider says it answered; empty for the usual, or no word."""
    for chunk in reversed(tuple(chunks)):
        usage = getattr(chunk, "usage", None)
        hidden = getattr(chunk, "_hidden_params", None) or {}
        fields = hidden.get("provider_specific_fields") or {}
        for said in (
            getattr(chunk, "service_tier", None),
            getattr(usage, "service_tier", None),
            fields.get("traffic_type"),
        ):
            name = said.lower() if isinstance(said, str) else ""
            if name not in _USUAL_SERVICES:
                return _SERVICES_OF_GEMINI.get(name, name)
        place = getattr(usage, "inference_geo", None)
        if place in _PLACES_THAT_COST_MORE:
            return str(place)
    return ""


def reported_cost_usd(chunks: Iterable[Any]) -> Decimal | None:
    """Return what the provider says the call cost, None when it says nothing that makes sense.

    Only for providers that say so: for others litellm may put a figure of its own there. Where
    the model was paid with a key of the user's own, that part is added to the broker's.
    """
    for chunk in reversed(tuple(chunks)):
        usage = getattr(chunk, "usage", None)
        cost_usd = _usd(getattr(usage, "cost", None))
        if cost_usd is None:
            continue
        if getattr(usage, "is_byok", None) is not True:
            return cost_usd
        upstream_usd = _usd(_field(getattr(usage, "cost_details", None), "upstream_inference_cost"))
        return None if upstream_usd is None else cost_usd + upstream_usd
    return None


def _count(holder: Any, name: str) -> int:
    value = getattr(holder, name, None)
    return max(0, value) if isinstance(value, int) else 0


def _field(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)


def _usd(figure: Any) -> Decimal | None:
    if isinstance(figure, bool) or not isinstance(figure, int | float | str):
        return None
    try:
        value = Decimal(str(figure))
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None
