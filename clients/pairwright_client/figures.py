"""How are amounts written? Seconds, bytes, tokens, money and aligned columns, for a person."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def seconds(duration_ms: int) -> str:
    """Return a duration: `0.4 s`, `12 s`, `3 min 05 s`."""
    total = duration_ms / 1000
    if total < 9.95:
        return f"{total:.1f} s"
    whole = round(total)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"


def size(byte_count: float) -> str:
    """Return an amount of data in powers of ten: `491 MB`, `1.1 GB`."""
    if byte_count >= 1e9:
        return f"{byte_count / 1e9:.1f} GB"
    if byte_count >= 1e6:
        return f"{byte_count / 1e6:.0f} MB"
    return f"{byte_count / 1e3:.0f} kB"


def usd(amount: Decimal) -> str:
    """Return money: cents, or more digits for what is less or between; zero is `$0`."""
    if amount == 0:
        return "$0"
    if amount < Decimal("0.000001"):
        return "under $0.000001"
    is_whole_cents = amount == amount.quantize(Decimal("0.01"))
    digits = 2 if amount >= 1 or is_whole_cents else 4 if amount >= Decimal("0.01") else 6
    rounded = amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"${rounded:,f}"


def usd_at_least(known: Decimal | None, unpriced_calls: int) -> str:
    """Return money of which some may be unknown: `at least $1.20`, `unknown`."""
    if known is None or (unpriced_calls and known == 0):
        return "unknown"
    return f"at least {usd(known)}" if unpriced_calls else usd(known)


def usd_and_unpriced(known: Decimal, unpriced_calls: int) -> str:
    """Return money and what it leaves out: `at least $1.20 and 1 unpriced call`."""
    if not unpriced_calls:
        return usd(known)
    calls = counted(unpriced_calls, "unpriced call")
    return f"at least {usd(known)} and {calls}" if known else calls


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return `1 file`, `2 files`; `2 matches` of a noun whose plural takes more than an `s`."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def change(difference: int) -> str:
    """Return ` (+3)` or ` (-3)` for what stands behind a figure; nothing when it is the same."""
    return f" ({difference:+,})" if difference else ""


def columns(rows: Sequence[Sequence[str]], *, right: frozenset[int]) -> list[str]:
    """Return rows as lines of aligned columns; those named by `right` align to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
