"""Does any secret ever come out? (T16)"""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pairwright.disclosure.redaction import PROCESS_REDACTOR
from tests.security import canaries
from tests.security.canary_life import BEHAVIOURS, Life, logging_all
from tests.support.model_server import serve_model
from tests.support.waiting import within


@pytest.fixture
def redactor() -> Iterator[None]:
    """Let the process forget what this test taught it."""
    before = {name: getattr(PROCESS_REDACTOR, name) for name in vars(PROCESS_REDACTOR)}
    copies = {
        name: set(value) if isinstance(value, set) else value for name, value in before.items()
    }
    try:
        yield
    finally:
        for name, value in copies.items():
            setattr(PROCESS_REDACTOR, name, value)


async def test_no_canary_leaves_by_any_way(
    tmp_path: Path, redactor: None, capfd: pytest.CaptureFixture[str]
) -> None:
    """T16: nothing planted reaches a model, a log, an error, an event, or what is kept."""
    log = tmp_path / "daemon.log"
    with logging_all(log):
        async with within(100), serve_model(*BEHAVIOURS) as server:
            run = Life(tmp_path, server, ("plan", "plan"))
            await run.perform()
        logger = logging.getLogger("pairwright.canaries")
        logger.debug("half %s", canaries.KEY[:12])
        logger.debug("half %s", canaries.KEY[12:])
        logger.error("%s", {"key": canaries.KEY, "password": [canaries.PASSWORD]})
        try:
            raise ValueError(f"no such key: {canaries.KEY}")
        except ValueError:
            logger.exception("it failed")
    said = capfd.readouterr()
    sent = b"\n".join(run.sent)
    assert b"a = 1" in sent
    assert b"[redacted]" in sent
    assert len(server.requests) >= 6
    assert log.stat().st_size > 10_000
    outside = {
        "what models were sent": sent,
        "the log": log.read_bytes(),
        "what was printed": (said.out + said.err).encode(),
    }
    assert canaries.found_in(outside) == []
    # What a person typed, or called a file, is told that person, and so is what a model said.
    heard = {f"what the client heard: {said[:60]}": said.encode() for said in run.heard}
    told = ("the name of a file", "the instruction", "the tests' output")
    assert canaries.found_in(heard, but=told) == []
    kept = canaries.files_below(tmp_path / "state")
    record = tmp_path / "state" / "disclosed.sqlite3"
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    for name in ("disclosed.sqlite3", "ledger.sqlite3", "feedback.sqlite3", "journal"):
        assert any(name in path for path in kept), name
    # The index knows the definitions of every file that is not ignored, and what files are called.
    kept = {path: content for path, content in kept.items() if not path.endswith("manifest")}
    assert canaries.found_in(kept) == []


def test_a_canary_that_is_there_is_seen() -> None:
    assert canaries.found_in({"x": canaries.PASSWORD.encode()}) == [
        "the environment's password in x"
    ]
    assert canaries.found_in({"x": canaries.KEY.encode().hex().encode()}) != []
    assert canaries.found_in({"x": b"nothing"}) == []
