"""Spends at random until nothing fits: `python -m tests.ledger.spender LEDGER SEED`."""

import random
import sys
from decimal import Decimal
from pathlib import Path

from pairwright.errors import BudgetExceeded
from pairwright.ledger.entries import EntryOutcome
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import NO_USAGE
from tests.ledger.support import PRICE, a_budget, a_call


def spend(store: LedgerStore, seed: int) -> None:
    """Hold up to eight reservations at a time; stop after ten refusals."""
    chance = random.Random(seed)
    budget = a_budget(store, task="1")
    open_entries: list[tuple[int, Decimal]] = []
    refusals = 0
    while refusals < 10:
        worst_case = Decimal(chance.randrange(1, 60_000)) / 1_000_000
        try:
            entry_id = budget.reserve(a_call(), worst_case_usd=worst_case, price=PRICE)
            open_entries.append((entry_id, worst_case))
        except BudgetExceeded:
            refusals += 1
        assert store.spent_by_task("t1").cost_usd <= 1
        while len(open_entries) > chance.randrange(0, 9):
            entry_id, reserved = open_entries.pop(chance.randrange(len(open_entries)))
            store.settle(
                entry_id,
                outcome=chance.choice([EntryOutcome.DONE, EntryOutcome.FAILED]),
                usage=NO_USAGE,
                cost_usd=reserved * Decimal(chance.randrange(5, 11)) / 10,
                price_source="the test",
                duration_ms=1,
            )


if __name__ == "__main__":
    ledger = LedgerStore(Path(sys.argv[1]))
    spend(ledger, int(sys.argv[2]))
    ledger.close()
