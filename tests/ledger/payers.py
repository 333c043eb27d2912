"""Two daemons pay from one ledger and are killed at random: does the provider's own bill agree?

Run as a program, since it forks: `python -m tests.ledger.payers DIRECTORY CALLS [SEED]`.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from pairwright.errors import BudgetExceeded, ModelError, RateLimited, Unavailable
from pairwright.ledger.budget import BudgetState
from pairwright.ledger.entries import EntryOutcome, LedgerEntry
from pairwright.ledger.metered import MeteredModel
from pairwright.ledger.store import LedgerStore
from pairwright.llm.circuits import Circuits
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelRequest,
    TextDelta,
    Tier,
    Usage,
)
from pairwright.llm.pricing import cost_of
from pairwright.llm.retry import RetryPolicy
from pairwright.llm.scripted_provider import ScriptedProvider
from pairwright.llm.tokens import estimate_text
from tests.ledger.support import PRICE, a_budget

CONCURRENCIES = (1, 8, 32)
_CALLS_A_ROUND = 150
_MOST_KILLS = 3
"""Of each of the two, in one round."""
_REFUSALS = 10
_KILLED = -signal.SIGKILL
_EXCEEDED = 3
_INPUT = 1000
_MOST_OUTPUT = 500
_USUAL_USD = Decimal("0.0016")
"""About what a call comes to."""


@dataclass
class Tally:
    """What came of all rounds."""

    requests: int = 0
    """That the provider saw."""
    billed: int = 0
    kills: int = 0
    rounds: int = 0
    lost: int = 0
    """Bills that are on the ledger too low, or not at all."""
    double: int = 0
    """Attempts that are on the ledger twice, or dearer than billed though nobody was killed."""
    over_cap: int = 0
    """Rounds that spent more than the cap, where the provider kept to what it was asked."""
    most_over_calls: float = 0.0
    """By how many calls a cap was passed, where one call was billed above its limit."""
    problems: tuple[str, ...] = ()


class Billing(ScriptedProvider):
    """Answers at random, and writes its own bill: one line a request, one more when it is owed."""

    def __init__(self, bill: Path, chance: random.Random) -> None:
        super().__init__("test/weak", [], price=PRICE)
        self._bill = os.open(bill, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._chance = chance
        self.is_greedy = False
        """Whether the next whole answer is billed far over its limit."""

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        return _INPUT

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        call = request.messages[0].content
        self._write(call, None)
        kind = self._chance.random()
        if kind < 0.05:
            raise RateLimited("busy")
        text = "word " * self._chance.randrange(1, 80)
        await asyncio.sleep(self._chance.random() / 500)
        yield TextDelta(text)
        await asyncio.sleep(self._chance.random() / 500)
        if kind < 0.1:
            self._write(call, Usage(_INPUT, 0, 0, estimate_text(text)))
            raise Unavailable("cut")
        output = self._chance.randrange(1, _MOST_OUTPUT + 1)
        if self.is_greedy:
            self.is_greedy, output = False, 4 * _MOST_OUTPUT
        cached = self._chance.choice((0, 0, 800))
        usage = Usage(_INPUT - cached, cached, 0, output, reasoning=output // 3)
        self._write(call, usage)
        reported = cost_of(usage, PRICE) if self._chance.random() < 0.3 else None
        yield Completion(text, usage, FinishReason.STOP, reported)

    def _write(self, call: str, usage: Usage | None) -> None:
        cost = None if usage is None else str(cost_of(usage, PRICE))
        os.write(self._bill, f"{json.dumps([call, cost])}\n".encode())


@dataclass(frozen=True)
class Round:
    """One task of two daemons."""

    number: int
    directory: Path
    cap_usd: Decimal
    concurrency: int
    has_greed: bool

    @property
    def task_id(self) -> str:
        return f"task{self.number}"

    @property
    def bill(self) -> Path:
        return self.directory / f"bill{self.number}"

    def pay(self, seed: int, name: str) -> int:
        """Ask until the cap says no; return the exit code."""
        store = LedgerStore(self.directory / "ledger.sqlite3")
        try:
            return asyncio.run(self._pay(store, random.Random(seed), name))
        finally:
            store.close()

    async def _pay(self, store: LedgerStore, chance: random.Random, name: str) -> int:
        passed = 0
        provider = Billing(self.bill, chance)

        def look(state: BudgetState) -> None:
            nonlocal passed
            passed += state.task.cost_usd > self.cap_usd and not self.has_greed
            left_usd = self.cap_usd - state.task.settled_usd
            if self.has_greed and left_usd < 5 * _USUAL_USD:
                # One call of the round, shortly before its end, by whoever comes first.
                with suppress(FileExistsError):
                    self.bill.with_suffix(".greed").touch(exist_ok=False)
                    provider.is_greedy = True

        model = MeteredModel(
            provider,
            tier=Tier.WEAK,
            budget=a_budget(store, str(self.cap_usd), "1000000", task_id=self.task_id),
            client="cli",
            strategy="plan",
            disclose=lambda request: request,
            circuits=Circuits(),
            policy=RetryPolicy(jitter=lambda: 0.0),
            on_cost=look,
            sleep=_at_once,
        )
        refusals = 0

        async def ask(number: int) -> None:
            nonlocal refusals
            while refusals < _REFUSALS:
                number += self.concurrency
                call = f"{name}{number}"
                request = ModelRequest((Message("user", call),), _MOST_OUTPUT)
                work = asyncio.ensure_future(model.complete(request, step=call))
                try:
                    async with asyncio.timeout(0.003 if chance.random() < 0.05 else 20):
                        await work
                except BudgetExceeded:
                    refusals += 1
                except (ModelError, TimeoutError):
                    pass

        await asyncio.gather(*(ask(number) for number in range(self.concurrency)))
        return _EXCEEDED if passed else 0


async def _at_once(_: float) -> None:
    """Wait for nobody: the test has no time."""


def run(directory: Path, calls: int, seed: int = 1) -> Tally:
    """Pay until the provider saw so many requests; return what came of it."""
    chance = random.Random(seed)
    tally = Tally()
    while tally.requests < calls:
        number = tally.rounds
        share = Decimal(chance.randrange(50, 150)) / 100
        now = Round(
            number,
            directory,
            cap_usd=share * min(calls, _CALLS_A_ROUND) * _USUAL_USD,
            concurrency=CONCURRENCIES[number % len(CONCURRENCIES)],
            has_greed=number % 4 == 3,
        )
        codes = _carry_out(now, chance, tally)
        _check(now, codes, tally)
        tally.rounds += 1
    return tally


def _carry_out(now: Round, chance: random.Random, tally: Tally) -> list[int]:
    """Keep two payers alive until both were refused; kill each a few times."""
    codes: list[int] = []
    kills = [chance.randrange(_MOST_KILLS + 1) for _ in range(2)]
    running: dict[int, tuple[int, int]] = {}
    for slot in range(2):
        running[_fork(now, chance, slot, 0)] = slot, 0
    while running:
        time.sleep(chance.random() / 10)
        for child, (slot, life) in tuple(running.items()):
            if life < kills[slot]:
                os.kill(child, signal.SIGKILL)
            else:
                continue
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            del running[child]
            if code == _KILLED:
                tally.kills += 1
                running[_fork(now, chance, slot, life + 1)] = slot, life + 1
            else:
                codes.append(code)
        for child in tuple(running):
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                codes.append(os.waitstatus_to_exitcode(status))
                del running[child]
    return codes


def _fork(now: Round, chance: random.Random, slot: int, life: int) -> int:
    seed = chance.randrange(1 << 30)
    child = os.fork()
    if child:
        return child
    code = 1
    with suppress(BaseException):  # whatever it is, the parent hears of it by the code
        code = now.pay(seed, f"{slot}.{life}.")
    os._exit(code)


def _check(now: Round, codes: list[int], tally: Tally) -> None:
    # Opening settles what killed payers left open.
    store = LedgerStore(now.directory / "ledger.sqlite3")
    entries = store.entries(now.task_id)
    spent = store.spent_by_task(now.task_id)
    store.close()
    problems = [f"a payer ended with {code}" for code in codes if code not in (0, _EXCEEDED)]
    requests, bills = _read_bill(now.bill)
    tally.requests += sum(requests.values())
    tally.billed += sum(len(costs) for costs in bills.values())
    if spent.reserved_usd:
        problems.append("a reservation is open though nobody lives")
    by_call: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        by_call.setdefault(entry.step, []).append(entry)
    for call in requests.keys() | by_call.keys():
        rows, costs = by_call.get(call, []), bills.get(call, [])
        attempts = Counter(row.attempt for row in rows)
        tally.double += sum(count - 1 for count in attempts.values())
        # A call that was reserved, and whose payer was killed before it asked, has a row more.
        if not requests[call] <= len(rows) <= requests[call] + 1:
            tally.lost += 1
            problems.append(f"{call}: {requests[call]} requests, {len(rows)} rows")
        charged = sum((row.cost_usd or Decimal(0) for row in rows), Decimal(0))
        owed = sum(costs, Decimal(0))
        if charged < owed:
            tally.lost += 1
            problems.append(f"{call}: owed {owed}, charged {charged}")
        if charged > owed and all(row.outcome is EntryOutcome.DONE for row in rows):
            tally.double += 1
            problems.append(f"{call}: owed {owed}, charged {charged}")
    over_usd = spent.cost_usd - now.cap_usd
    if not now.has_greed:
        tally.over_cap += over_usd > 0 or _EXCEEDED in codes
    elif over_usd > 0:
        dearest = max(entry.cost_usd or Decimal(0) for entry in entries)
        tally.most_over_calls = max(tally.most_over_calls, float(over_usd / dearest))
    tally.problems = (*tally.problems, *problems)[:20]


def _read_bill(bill: Path) -> tuple[Counter[str], dict[str, list[Decimal]]]:
    requests: Counter[str] = Counter()
    bills: dict[str, list[Decimal]] = {}
    for line in bill.read_text().splitlines():
        call, cost = json.loads(line)
        if cost is None:
            requests[call] += 1
        else:
            bills.setdefault(call, []).append(Decimal(cost))
    return requests, bills


if __name__ == "__main__":
    found = run(Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:]))
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
