"""T1, T4 and T30: whatever comes, is each request answered once, and does nothing else break?

Here ten thousand messages; `python -m tests.soak protocol` sends 100,000 with each of four seeds
and cancels a thousand requests.
"""

import gc
import json
import logging
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pairwright.lsp.stream.failures import ProtocolError
from pairwright.lsp.stream.wire import structure
from tests.lsp.cancelling import cancel_at_random
from tests.lsp.fuzzing import PROBE_EVERY, Fuzz, LogLines
from tests.lsp.test_code_features import PUSH, asking
from tests.lsp.typed_messages import METHODS, TypedMessages
from tests.support.process_memory import resident_mb

MESSAGES = 5_000
"""With each of two seeds."""
CANCELS = 150
MOST_GROWN_MB = 50


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_request_is_answered_once_whatever_is_sent(tmp_path: Path, seed: int) -> None:
    log = LogLines()
    logging.getLogger("pairwright").addHandler(log)
    try:
        async with asking(tmp_path, within_s=240) as peer:
            fuzz = Fuzz(peer.client, tmp_path / "workspace", seed)
            probe = peer.about("stack.py", **PUSH)
            await fuzz.run(MESSAGES // 10, probe)  # loads what is loaded once
            before_mb = resident_mb()
            outcome = await fuzz.run(MESSAGES - MESSAGES // 10, probe)
            gc.collect()
            grown_mb = resident_mb() - before_mb
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
    assert len(outcome.probe_ms) == MESSAGES // PROBE_EVERY
    assert grown_mb <= MOST_GROWN_MB
    assert set(outcome.methods) == set(METHODS), "each message of the specification came"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_messages_of_the_model_are_those_of_the_specification(seed: int) -> None:
    messages = TypedMessages(random.Random(seed), ["file:///workspace/a.py"])
    spoiled = 0
    for method in METHODS:
        kind: Any = types.METHOD_TO_TYPES[method][2]
        if kind is None:
            continue
        for _ in range(3):
            structure(kind, json.loads(json.dumps(messages.params(method))))
        with suppress(ProtocolError):
            structure(kind, json.loads(json.dumps(messages.spoiled(method))))
            spoiled -= 1
        spoiled += 1
    assert spoiled > len(METHODS) / 4


async def test_a_request_that_is_cancelled_at_any_moment_is_answered_once(tmp_path: Path) -> None:
    async with asking(tmp_path, within_s=60) as peer:
        outcome = await cancel_at_random(peer, CANCELS, seed=3)
    assert outcome.mismatched == {}
    assert outcome.leaked_tasks == []
    assert {outcome.results, outcome.cancelled} != {0}
