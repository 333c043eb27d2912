"""How is the ledger's account told to a client?"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from pairwright.ledger.budget import BudgetState
from pairwright.ledger.receipt import TaskReceipt, total_of
from pairwright.ledger.store import CostRow, LedgerStore
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Price, Provider, Tier, Usage
from pairwright.llm.pricing import cost_of
from pairwright.protocol import messages
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


def to_receipt(receipt: TaskReceipt) -> messages.Receipt:
    """Return a task's receipt."""
    return messages.Receipt(
        roles=tuple(
            messages.RoleCost(
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


def to_notice(state: BudgetState) -> messages.CostNotice:
    """Return the running cost."""
    return messages.CostNotice(
        task_id=state.task_id,
        task_usd=state.task.cost_usd,
        task_unpriced_calls=state.task.unpriced_calls,
        task_cap_usd=state.task_cap_usd,
        day_usd=state.day.cost_usd,
        day_unpriced_calls=state.day.unpriced_calls,
        day_cap_usd=state.day_cap_usd,
    )


def report(
    ledger: LedgerStore, by: messages.CostGroup, settings: BudgetSettings
) -> messages.CostReport:
    """Return what the workspace has cost, in groups and in all."""
    rows = ledger.rows(by)
    return messages.CostReport(
        rows=tuple(_to_row(row) for row in rows),
        total=_to_row(total_of(rows)),
        day_usd=ledger.spent_today().cost_usd,
        day_cap_usd=settings.day_usd,
    )


def describe_pair(choice: ModelChoice, strong: Provider, weak: Provider) -> messages.ModelsResult:
    """Return the pair with what a typical task costs, None when a price is unknown."""
    return messages.ModelsResult(
        strong=_to_model_view(strong, Tier.STRONG, choice),
        weak=_to_model_view(weak, Tier.WEAK, choice),
        reason=choice.reason,
        estimate_usd=_estimate(strong.price, weak.price),
    )


def strong_alone_usd(price: Price | None, files: Iterable[ContextFile]) -> Decimal | None:
    """Return about what a task over these files costs with the strong model alone.

    None when its price is not known; rather too much than too little.
    """
    if price is None:
        return None
    tokens = sum(len(file.text) for file in files) // _CHARACTERS_A_TOKEN
    attempt = replace(_ATTEMPT, uncached_input=_ATTEMPT.uncached_input + tokens)
    return _ATTEMPTS_ALONE * cost_of(attempt, price)


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


def _to_row(row: CostRow) -> messages.CostRow:
    return messages.CostRow(
        key=row.key,
        calls=row.calls,
        input_tokens=row.input_tokens,
        cached_tokens=row.cached_tokens,
        output_tokens=row.output_tokens,
        cost_usd=row.cost_usd,
        unpriced_calls=row.unpriced_calls,
    )
