"""What the ledger's tests share: a price, a purse, a call."""

from decimal import Decimal

from pairwright.ledger.budget import Budget, Caps
from pairwright.ledger.entries import Call
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Message, ModelRequest, Price, Tier

PRICE = Price(Decimal("1e-6"), Decimal("4e-6"), Decimal("1e-7"), Decimal("1.25e-6"), "the test")
FREE = Price(Decimal(0), Decimal(0), Decimal(0), Decimal(0), "runs on this machine")
REQUEST = ModelRequest((Message("user", "hello"),), max_output_tokens=100)


def a_call(task_id: str = "t1", *, tier: Tier = Tier.WEAK, model: str = "test/weak") -> Call:
    return Call(task_id, "cli", "edit", "plan", tier, model)


def a_budget(
    store: LedgerStore,
    task: str = "1",
    day: str = "5",
    *,
    workspace: str | None = None,
    allow_unpriced: bool = False,
    task_id: str = "t1",
    asked_usd: Decimal | None = None,
) -> Budget:
    total = None if workspace is None else Decimal(workspace)
    caps = Caps(Decimal(task), Decimal(day), total, allow_unpriced)
    return Budget(store, task_id, caps=lambda: caps, asked_usd=asked_usd)
