"""How is the ledger's account told to a client?"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from pairwright.errors import UnknownTask
from pairwright.ledger.budget import BudgetState
from pairwright.ledger.groups import CostRow
from pairwright.ledger.receipt import TaskReceipt, receipt_of, total_of
from pairwright.ledger.store import LedgerStore
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Price, Provider, Tier, Usage
from pairwright.llm.pricing import cost_of
from pairwright.protocol import cost_messages, messages
from pairwright.settings import BudgetSettings
from pairwright.strategies.base import ContextFile

_TYPICAL_WEAK = Usage(uncached_input=12_000, cache_read=0, cache_write=0, output=2_500)
_TYPICAL_STRONG = Usage(uncached_input=8_000, cache_read=0, cache_write=0, output=1_000)
"""What a ladder of three weak and two strong calls over a few files takes: a round guess."""
_ATTEMPT = Usage(uncached_input=1_500, cache_read=0, cache_write=0, output=2_000)
"""What one attempt takes beside the files: the rules, the example and the answer."""
_ATTEMPTS_ALONE = 2
"""In the study of strong-weak pairs (arXiv 2505.20182) a model with retries costs two attempts."""
_CHARACTERS_A_TOKEN = 4


def to_receipt(receipt: TaskReceipt) -> cost_messages.Receipt:
    """Return a task's receipt."""
    return cost_messages.Receipt(
        roles=tuple(
            cost_messages.RoleCost(
                tier=role.tier.value,
                model=role.model,
                calls=role.calls,
                input_tokens=role.usage.input,
                cached_tokens=role.usage.cache_read,
                output_tokens=role.usage.output,
                is_estimated=role.usage.is_estimated,
                cost_usd=role.cost_usd,
                unpriced_calls=role.unpriced_calls,
                duration_ms=role.duration_ms,
            )
            for role in receipt.tiers
        ),
        cost_usd=receipt.cost_usd,
        unpriced_calls=receipt.unpriced_calls,
        strong_alone_usd=receipt.strong_alone_usd,
        duration_ms=receipt.duration_ms,
    )


def receipt_by_id(ledger: LedgerStore, task_id: str) -> cost_messages.Receipt:
    """Return what the ledger says of a task; what the strong model alone would cost is not known.

    Raises:
        UnknownTask: it says nothing.
    """
    bill = receipt_of(ledger, task_id, None)
    if not bill.tiers:
        raise UnknownTask(f"nothing was spent on a task {task_id[:80]!r} in this workspace")
    return to_receipt(bill)


def to_notice(state: BudgetState) -> cost_messages.CostNotice:
    """Return the running cost."""
    return cost_messages.CostNotice(
        task_id=state.task_id,
        task_usd=state.task.cost_usd,
        task_unpriced_calls=state.task.unpriced_calls,
        task_cap_usd=state.task_cap_usd,
        day_usd=state.day.cost_usd,
        day_unpriced_calls=state.day.unpriced_calls,
        day_cap_usd=state.day_cap_usd,
    )


def report(
    ledger: LedgerStore, by: cost_messages.CostGroup, settings: BudgetSettings
) -> cost_messages.CostReport:
    """Return what the workspace has cost, in groups and in all."""
    rows = ledger.rows(by)
    day = ledger.spent_today()
    return cost_messages.CostReport(
        rows=tuple(_to_row(row) for row in rows),
        total=_to_row(total_of(rows)),
        day_usd=day.cost_usd,
        day_cap_usd=settings.day_usd,
        day_unpriced_calls=day.unpriced_calls,
        price_sources=ledger.price_sources(),
    )


def describe_pair(choice: ModelChoice, strong: Provider, weak: Provider) -> messages.ModelsResult:
    """Return the pair with what a typical task costs, None when a price is unknown."""
    return messages.ModelsResult(
        strong=_to_model_view(strong, Tier.STRONG, choice),
        weak=_to_model_view(weak, Tier.WEAK, choice),
        reason=choice.reason,
        estimate_usd=_estimate(strong.price, weak.price),
    )


def alone_usd(price: Price | None, files: Iterable[ContextFile]) -> Decimal | None:
    """Return about what a task over these files costs with one model of that price alone.

    None when the price is not known; rather too much than too little.
    """
    if price is None:
        return None
    tokens = sum(len(file.text) for file in files) // _CHARACTERS_A_TOKEN
    attempt = replace(_ATTEMPT, uncached_input=_ATTEMPT.uncached_input + tokens)
    return _ATTEMPTS_ALONE * cost_of(attempt, price)


def step_usd(price: Price | None, characters: int, weight: float) -> Decimal | None:
    """Return about what a plan's step costs: one attempt, whose answer is as long as its weight.

    None when the price is not known.

    Args:
        price: of the model that writes it.
        characters: of the files that it names.
        weight: as `Step.weight` has it.
    """
    if price is None:
        return None
    read = _ATTEMPT.uncached_input + characters // _CHARACTERS_A_TOKEN
    written = int(_ATTEMPT.output * weight)
    return cost_of(replace(_ATTEMPT, uncached_input=read, output=written), price)


def cost_shares(ledger: LedgerStore, expected_usd: Decimal | None) -> dict[str, float]:
    """Return what earlier tasks cost as shares of an amount, by their ids.

    Those that were stopped are left out: what they would have cost is not known.
    """
    if not expected_usd:
        return {}
    stopped = ledger.stopped_tasks()
    return {
        row.key: float(row.cost_usd / expected_usd)
        for row in ledger.rows("task")
        if not row.unpriced_calls and row.key not in stopped
    }


def _estimate(strong: Price | None, weak: Price | None) -> Decimal | None:
    if strong is None or weak is None:
        return None
    return cost_of(_TYPICAL_STRONG, strong) + cost_of(_TYPICAL_WEAK, weak)


def _to_model_view(provider: Provider, tier: Tier, choice: ModelChoice) -> messages.ModelView:
    return messages.ModelView(
        name=provider.model,
        tier=tier.value,
        is_local=provider.model not in choice.remote,
        download_bytes=choice.download_bytes.get(provider.model, 0),
    )


def _to_row(row: CostRow) -> cost_messages.CostRow:
    return cost_messages.CostRow(
        key=row.key,
        calls=row.calls,
        input_tokens=row.input_tokens,
        cached_tokens=row.cached_tokens,
        output_tokens=row.output_tokens,
        cost_usd=row.cost_usd,
        unpriced_calls=row.unpriced_calls,
        is_estimated=row.is_estimated,
        open_calls=row.open_calls,
        open_usd=row.open_usd,
    )
