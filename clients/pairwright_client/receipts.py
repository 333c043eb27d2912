"""What does a receipt look like? By role, then the comparison with the strong model alone."""

from decimal import Decimal

from pairwright.protocol.cost_messages import Receipt, RoleCost
from pairwright.protocol.terminal import visible
from pairwright_client import figures
from pairwright_client.terminal import Screen

_HEADINGS = ("role", "model", "calls", "tokens in", "(cached)", "out", "time", "cost")
_LINE_END = "\n"
_RIGHT = frozenset({2, 3, 4, 5, 6, 7})


def show_receipt(screen: Screen, receipt: Receipt) -> None:
    """Write a receipt."""
    screen.line()
    screen.line("Receipt", "bold")
    rows = [_HEADINGS, *(_row(role) for role in receipt.roles), _total(receipt)]
    headings, *lines, total = figures.columns(rows, right=_RIGHT)
    screen.line(f"  {headings}", "dim")
    for line in lines:
        screen.line(f"  {line}")
    screen.line(f"  {total}", "bold")
    if any(role.is_estimated for role in receipt.roles):
        screen.line("  ≈ counted by ourselves: the provider did not say.", "dim")
    for escalation in receipt.escalations:
        screen.line(f"  ↑ {visible(escalation).partition(_LINE_END)[0]}", "dim")
    for note in notes(receipt):
        screen.line(f"  {note}")
    screen.line(f"  {comparison(receipt)}")


def notes(receipt: Receipt) -> tuple[str, ...]:
    """Return what was expected, what a cache spared, and what an earlier run had paid for."""
    return tuple(note for note in (_planned(receipt), _cached(receipt), _replayed(receipt)) if note)


def comparison(receipt: Receipt) -> str:
    """Return what the strong model alone would have cost, whichever way it comes out."""
    alone = receipt.strong_alone_usd
    if not receipt.roles:
        return "No model was asked."
    if alone is None:
        return "What the strong model alone would have cost is unknown: it has no known price."
    if receipt.unpriced_calls:
        return (
            f"The strong model alone: about {figures.usd(alone)} for the same tokens. "
            "Part of this run has no known price, so the two cannot be compared."
        )
    if alone == receipt.cost_usd == 0:
        is_here = all(role.model.startswith("embedded/") for role in receipt.roles)
        why = "Both models run on this machine" if is_here else "Both models are free of charge"
        return f"{why}: $0, and the strong model alone would be $0 too."
    difference = alone - receipt.cost_usd
    prefix = f"The strong model alone: about {figures.usd(alone)} for the same tokens"
    if difference > 0:
        return f"{prefix}; this run cost {_percent(difference, alone)} less."
    if difference < 0:
        return f"{prefix}; this run cost {figures.usd(-difference)} more: the pair lost money."
    return f"{prefix}: the same."


def _planned(receipt: Receipt) -> str:
    planned, actual = receipt.planned_usd, receipt.cost_usd
    if planned is None or receipt.unpriced_calls or not receipt.roles or planned == actual == 0:
        return ""
    prefix = f"Planned: about {figures.usd(planned)}"
    if planned == actual:
        return f"{prefix}, and so it came."
    if actual < planned:
        return f"{prefix}; it came {_percent(planned - actual, planned)} lower."
    if not planned:
        return f"{prefix}; it came higher."
    return f"{prefix}; it came {_percent(actual - planned, planned)} higher."


def _cached(receipt: Receipt) -> str:
    read = sum(role.input_tokens for role in receipt.roles)
    cached = sum(role.cached_tokens for role in receipt.roles)
    if not cached:
        return ""
    share = _percent(Decimal(cached), Decimal(read))
    return f"{share[:1].upper()}{share[1:]} of the tokens in came from a cache."


def _replayed(receipt: Receipt) -> str:
    count = receipt.replayed_calls
    if not count:
        return ""
    were = "was" if count == 1 else "were"
    return f"{figures.counted(count, 'answer')} {were} there from before and cost nothing again."


def _percent(part: Decimal, whole: Decimal) -> str:
    share = int(100 * part / whole)
    return f"{share} %" if share else "under 1 %"


def _row(role: RoleCost) -> tuple[str, ...]:
    mark = "≈" if role.is_estimated else ""
    return (
        role.tier,
        visible(role.model),
        f"{role.calls:,}",
        f"{mark}{role.input_tokens:,}",
        f"({role.cached_tokens:,})",
        f"{mark}{role.output_tokens:,}",
        figures.seconds(role.duration_ms),
        figures.usd_at_least(role.cost_usd, role.unpriced_calls),
    )


def _total(receipt: Receipt) -> tuple[str, ...]:
    mark = "≈" if any(role.is_estimated for role in receipt.roles) else ""
    return (
        "total",
        "",
        f"{sum(role.calls for role in receipt.roles):,}",
        f"{mark}{sum(role.input_tokens for role in receipt.roles):,}",
        f"({sum(role.cached_tokens for role in receipt.roles):,})",
        f"{mark}{sum(role.output_tokens for role in receipt.roles):,}",
        figures.seconds(receipt.duration_ms),
        figures.usd_at_least(receipt.cost_usd, receipt.unpriced_calls),
    )
