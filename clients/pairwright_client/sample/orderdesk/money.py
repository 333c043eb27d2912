"""Amounts of money: whole cents inside, text at the edges."""

from decimal import ROUND_HALF_UP, Decimal


def parse_amount(text: str) -> int:
    """Return the cents in a text such as ``12.50`` or ``$12.50``."""
    cleaned = text.strip().removeprefix("$")
    return int(Decimal(cleaned) * 100)


def format_amount(cents: int) -> str:
    """Return cents as a text such as ``$12.50``."""
    return f"${cents // 100}.{cents % 100:02d}"


def percentage(cents: int, percent: int) -> int:
    """Return ``percent`` of an amount, half a cent rounded up."""
    share = Decimal(cents) * percent / 100
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
