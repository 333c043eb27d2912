"""A ledger is written until its process is killed: is everything there that was said to be?

Run as a program, since it forks: `python -m tests.ledger.kills DIRECTORY ROUNDS [SEED]`.
"""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from pairwright.ledger.entries import Call, EntryOutcome, LedgerEntry
from pairwright.ledger.store import LedgerStore
from pairwright.llm.model import Tier, Usage

_WORST_CASE = Decimal("0.5")
_MOST_S = 5.0


@dataclass
class Tally:
    """What came of all rounds."""

    rounds: int = 0
    acknowledged: int = 0
    lost: int = 0
    """Rows that were acknowledged and are not there, or say something else."""
    orphans: int = 0
    """Reservations of a killed writer that cost their worst case, as they must."""
    unsettled: int = 0
    """Those that do not."""
    damaged: int = 0
    """Rounds after which SQLite's own check found fault with the file."""


def run(directory: Path, rounds: int, seed: int = 1) -> Tally:
    """Write, kill and look, so many times; return what came of it."""
    chance = random.Random(seed)
    tally = Tally()
    ledger, said = directory / "ledger.sqlite3", directory / "said"
    LedgerStore(ledger).close()
    for number in range(rounds):
        said.unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            _write(ledger, said, f"round{number}", chance.randrange(1 << 30))
        # Most die while they write, somewhere between two of its steps; some before they begin.
        _wait_for(said, lines=chance.randrange(30))
        time.sleep(chance.random() / 200)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _look(ledger, said, f"round{number}", tally)
        tally.rounds += 1
    return tally


def _wait_for(said: Path, *, lines: int) -> None:
    end = time.monotonic() + _MOST_S
    while lines and time.monotonic() < end:
        if said.exists() and said.read_bytes().count(b"\n") >= lines:
            return
        time.sleep(0.001)


def _write(ledger: Path, said: Path, task_id: str, seed: int) -> None:
    """Reserve and settle until somebody kills us; say each time that it was done."""
    chance = random.Random(seed)
    acknowledge = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    store = LedgerStore(ledger)
    open_entries: list[int] = []
    while True:
        call = Call(task_id, "cli", "edit", "plan", Tier.WEAK, "test/weak")
        entry_id = store.reserve(
            call, worst_case_usd=_WORST_CASE, price_source="", admit=lambda task, day: None
        )
        os.write(acknowledge, f"{json.dumps([entry_id, None])}\n".encode())
        open_entries.append(entry_id)
        while len(open_entries) > chance.randrange(4):
            settled = open_entries.pop(chance.randrange(len(open_entries)))
            cost = Decimal(chance.randrange(1, 500)) / 1000
            store.settle(
                settled,
                outcome=EntryOutcome.DONE,
                usage=Usage(1, 2, 3, 4),
                cost_usd=cost,
                price_source="the test",
                duration_ms=1,
            )
            os.write(acknowledge, f"{json.dumps([settled, str(cost)])}\n".encode())


def _look(ledger: Path, said: Path, task_id: str, tally: Tally) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        (finding,) = connection.execute("PRAGMA integrity_check").fetchone()
        tally.damaged += finding != "ok"
    store = LedgerStore(ledger)
    entries = {entry.entry_id: entry for entry in store.entries(task_id)}
    store.close()
    costs: dict[int, Decimal | None] = {}
    for line in said.read_text().splitlines() if said.exists() else ():
        entry_id, cost = json.loads(line)
        costs[entry_id] = None if cost is None else Decimal(cost)
        tally.acknowledged += 1
    for entry_id, cost in costs.items():
        tally.lost += not _is_as_said(entries.get(entry_id), cost)
    for entry in entries.values():
        if entry.outcome is not EntryOutcome.DONE:
            is_settled = entry.outcome is EntryOutcome.FAILED and entry.cost_usd == _WORST_CASE
            tally.orphans += is_settled
            tally.unsettled += not is_settled


def _is_as_said(entry: LedgerEntry | None, cost: Decimal | None) -> bool:
    """Tell whether an entry is what was acknowledged; None: only its reservation was."""
    if entry is None:
        return False
    return cost is None or (entry.outcome is EntryOutcome.DONE and entry.cost_usd == cost)


if __name__ == "__main__":
    found = run(Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:]))
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
