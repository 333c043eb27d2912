"""What came of the runs? One JSON object a line, so that an interrupted benchmark loses nothing."""

import json
import os
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from pairwright.errors import UserError
from pairwright.llm.model import Tier

Ending = Literal["resolved", "unresolved", "error"]


@dataclass(frozen=True, slots=True)
class TierUse:
    """What one tier's model did in a run."""

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    """Of the input."""
    output_tokens: int = 0
    duration_ms: int = 0
    """Of its calls together, from request to end."""
    answers: int = 0
    """Answers that should have been edits."""
    well_formed: int = 0
    """Of these, the ones that could be read as edits."""
    applied: int = 0
    """Of these, the ones whose every block found its place."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run of one strategy on one task."""

    task: str
    task_digest: str
    kind: str
    language: str
    strategy: str
    strong: str
    weak: str
    repeat: int
    """From 1."""
    ending: Ending
    """Whether the hidden tests pass on what was proposed; "error": nobody can tell."""
    message: str
    """What was said at the end, in one line."""
    seconds: float
    is_sound: bool | None
    """What the gate said of the proposal; None when there was none."""
    checks: dict[str, str] = field(default_factory=dict)
    """How each of the gate's checks ended."""
    use: dict[str, TierUse] = field(default_factory=dict)
    """By tier."""
    recorded_usd: str | None = None
    """What the ledger says it cost, in decimal; None where a price is unknown."""
    version: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes another run of it the same run."""
        pair = (self.strong, self.weak)
        return (self.task, self.task_digest, self.strategy, *pair, str(self.repeat))


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """USD per million tokens."""

    input_usd: Decimal
    output_usd: Decimal


Prices = dict[Tier, TokenPrice]
_RESULT = TypeAdapter(Result)


def read_results(file: Path) -> tuple[Result, ...]:
    """Return the results of a file; of a run that is there twice, the last one counts.

    A line that a crash cut short is the last one, without its end, and is left out.

    Raises:
        UserError: it cannot be read, or is no file of results.
    """
    try:
        # Bytes: a crash may have cut a line within a letter.
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise UserError(f"{str(file)!r} cannot be read: {error.strerror}") from None
    found: dict[tuple[str, ...], Result] = {}
    for number, line in enumerate(lines[:-1], start=1):
        if not line:
            continue
        try:
            result = _RESULT.validate_json(line)
        except ValidationError:
            raise UserError(f"line {number} of {str(file)!r} is no result of a run") from None
        found[result.key] = result
    return tuple(found.values())


def append_result(file: Path, result: Result) -> None:
    """Add a result, so that it is there even if the machine goes down."""
    file.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(result)) + "\n"
    with file.open("a+b") as opened:
        opened.truncate(_length_of_whole_lines(file))
        opened.write(line.encode())
        opened.flush()
        os.fsync(opened.fileno())


def parse_prices(text: str) -> Prices:
    """Return prices of `strong=1.10/4.40,weak=0.15/0.60`: USD per million tokens in and out.

    Raises:
        UserError: it is said in another way.
    """
    prices: Prices = {}
    for part in text.split(","):
        name, _, both = part.strip().partition("=")
        prices_of_tier = both.split("/")
        try:
            input_usd, output_usd = (Decimal(price) for price in prices_of_tier)
            prices[Tier(name)] = TokenPrice(input_usd, output_usd)
        except (ValueError, InvalidOperation):
            raise _no_prices(text) from None
    if any(
        not price.is_finite() or price < 0
        for each in prices.values()
        for price in (each.input_usd, each.output_usd)
    ):
        raise _no_prices(text)
    return prices


def cost_of_result(result: Result, prices: Prices) -> Decimal | None:
    """Return what a run cost in USD; None when that is unknown.

    Without a price for a tier that was asked, the ledger's own figure counts, for the whole run.
    With prices, tokens from a cache cost what others do, as in the published table.
    """
    total = Decimal(0)
    for name, use in result.use.items():
        price = prices.get(Tier(name))
        if price is None:
            return None if result.recorded_usd is None else Decimal(result.recorded_usd)
        total += use.input_tokens * price.input_usd + use.output_tokens * price.output_usd
    return total / 1_000_000


def _no_prices(text: str) -> UserError:
    return UserError(
        f"{text!r} says no prices: write 'strong=IN/OUT,weak=IN/OUT' in USD per million tokens"
    )


def _length_of_whole_lines(file: Path) -> int:
    """Return where the next line begins: a line that a crash cut short must not swallow it."""
    return file.read_bytes().rfind(b"\n") + 1
