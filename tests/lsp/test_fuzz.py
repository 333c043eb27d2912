"""T1, T4 and T30: whatever comes, is each request answered once, and does nothing else break?

Here a few thousand messages; `python -m tests.soak protocol` sends 100,000 with each of four seeds
and cancels a thousand requests.
"""

import logging
from pathlib import Path

import pytest

from tests.lsp.cancelling import cancel_at_random
from tests.lsp.fuzzing import Fuzz, LogLines
from tests.lsp.test_code_features import PUSH, asking

MESSAGES = 1_500
CANCELS = 150


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_request_is_answered_once_whatever_is_sent(tmp_path: Path, seed: int) -> None:
    log = LogLines()
    logging.getLogger("pairwright").addHandler(log)
    try:
        async with asking(tmp_path, within_s=60) as peer:
            fuzz = Fuzz(peer.client, tmp_path / "workspace", seed)
            outcome = await fuzz.run(MESSAGES, peer.about("stack.py", **PUSH))
    finally:
        logging.getLogger("pairwright").removeHandler(log)
    assert outcome.mismatched == {}
    assert outcome.wrong == []
    for incident in outcome.incidents:
        number = incident.partition("incident ")[2].partition(":")[0]
        assert any(number in text for text in log.texts)
    assert outcome.incidents == [], log.texts
    assert outcome.sent == MESSAGES
    assert log.lines <= outcome.bad
    assert log.bytes <= 200 * max(log.lines, 1)
    assert len(outcome.probe_ms) == MESSAGES // 500


async def test_a_request_that_is_cancelled_at_any_moment_is_answered_once(tmp_path: Path) -> None:
    async with asking(tmp_path, within_s=60) as peer:
        outcome = await cancel_at_random(peer, CANCELS, seed=3)
    assert outcome.mismatched == {}
    assert outcome.leaked_tasks == []
    assert {outcome.results, outcome.cancelled} != {0}
