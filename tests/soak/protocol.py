"""Does the protocol keep what it promises at full count? T1, T3, T4 and T30."""

import gc
import logging
import tempfile
from pathlib import Path

from pairwright.lsp.handshake import PositionEncoding
from tests.lsp.cancelling import cancel_at_random
from tests.lsp.fuzzing import Fuzz, LogLines, Outcome
from tests.lsp.oracles import MISSING, compare, oracle
from tests.lsp.test_code_features import PUSH, asking
from tests.soak.figures import Figures, percentile
from tests.support.process_memory import resident_mb

MESSAGES = 100_000
SEEDS = 4
EDITS = 100_000
CANCELS = 1_000
_HOURS_S = 4 * 3600.0


async def run(figures: Figures, *, messages: int) -> None:
    """Send so many messages with each seed; edits and cancels in proportion."""
    share = messages / MESSAGES
    for seed in range(1, SEEDS + 1):
        await _fuzz(figures, messages, seed)
    await _cancel(figures, max(int(CANCELS * share), 20))
    _compare(figures, max(int(EDITS * share), 500))


async def _fuzz(figures: Figures, messages: int, seed: int) -> None:
    log = LogLines()
    logger = logging.getLogger("pairwright")
    logger.addHandler(log)
    logger.propagate = False
    try:
        with tempfile.TemporaryDirectory(prefix="pw-soak-") as directory:
            async with asking(Path(directory), within_s=_HOURS_S) as peer:
                fuzz = Fuzz(peer.client, Path(directory, "workspace"), seed)
                probe = peer.about("stack.py", **PUSH)
                # The first messages load what is loaded once.
                await fuzz.run(min(messages // 10, 2_000), probe)
                before_mb = resident_mb()
                outcome = await fuzz.run(messages, probe)
                gc.collect()
                grown_mb = resident_mb() - before_mb
    finally:
        logger.removeHandler(log)
        logger.propagate = True
    _tell(figures, f"T1 seed {seed}", outcome, log)
    figures.at_most(f"T1 seed {seed}: memory grown", grown_mb, 50, "MB")


def _tell(figures: Figures, name: str, outcome: Outcome, log: LogLines) -> None:
    mismatched = list(outcome.mismatched.items())[:3]
    figures.at_least(f"{name}: messages", outcome.sent, 1)
    figures.at_most(
        f"{name}: ids answered not once", len(outcome.mismatched), 0, detail=str(mismatched or "")
    )
    slowest = max(outcome.probe_ms, default=0)
    figures.at_most(f"{name}: slowest probe", slowest, 200, "ms")
    figures.at_most(f"{name}: log lines a message", log.lines / max(outcome.bad, 1), 1)
    figures.at_most(f"{name}: bytes a log line", log.bytes / max(log.lines, 1), 200)
    figures.at_most(f"{name}: internal errors", len(outcome.incidents), 0)
    wrong = "; ".join(outcome.wrong[:2])
    figures.at_most("T30: errors that say too much", len(outcome.wrong), 0, detail=wrong)


async def _cancel(figures: Figures, count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="pw-soak-") as directory:
        async with asking(Path(directory), within_s=_HOURS_S) as peer:
            outcome = await cancel_at_random(peer, count, seed=1)
    figures.at_least("T4: requests cancelled", outcome.asked.total(), count)
    figures.at_most("T4: not answered once", len(outcome.mismatched), 0)
    figures.at_most(
        "T4: answer after the cancel, p99", percentile(outcome.after_ms, 0.99), 100, "ms"
    )
    figures.at_most("T4: leaked tasks", len(outcome.leaked_tasks), 0)


def _compare(figures: Figures, edits: int) -> None:
    with oracle() as vscode:
        if vscode is None:
            figures.say(f"       VS Code's document is left out: it {MISSING}")
        for encoding in PositionEncoding:
            made, divergences = compare(encoding, edits, seed=7, vscode=vscode)
            figures.at_least(f"T3 {encoding}: edits", made, edits)
            detail = "; ".join(divergences)
            figures.at_most(f"T3 {encoding}: divergences", len(divergences), 0, detail=detail)
