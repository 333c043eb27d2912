"""T8: SIGKILL does not test a power cut; the order of calls does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pairwright.journal.journal import Journal
from tests.journal.durability import broken_rules, calls_of_strace
from tests.journal.scenarios import SCENARIOS, Scenario, prepare

ROOT = Path(__file__).parents[2]
ALL_AT_ONCE = SCENARIOS[-1]


def trace_of(scenario: Scenario, action: str, base: Path) -> list[str]:
    prepared = prepare(scenario, action, base)
    trace: list[str] = []
    prepared.act(Journal(prepared.state_dir, prepared.root, on_step=trace.append))
    return trace


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_everything_is_on_the_disk_before_anything_relies_on_it(
    quick: Path, scenario: Scenario
) -> None:
    """T8: every change, its undo and its redo."""
    if scenario.is_refused:
        pytest.skip("only root may write there")
    for action in scenario.actions:
        trace = trace_of(scenario, action, quick / "base")
        assert broken_rules(trace) == [], action


def test_an_order_that_a_power_cut_could_break_is_found(quick: Path) -> None:
    """Without any of its fsyncs the trace is a bad one, so the check can fail."""
    trace = trace_of(ALL_AT_ONCE, "commit", quick / "base")
    needed = dict.fromkeys(call for call in trace if call.startswith("fsync "))
    missed = [file for file in needed if not broken_rules([call for call in trace if call != file])]
    assert missed == []
    decision = next(number for number, call in enumerate(trace) if call.endswith(".commit"))
    early = [trace[decision], *trace[:decision], *trace[decision + 1 :]]
    assert broken_rules(early)
    assert broken_rules(trace[:decision])
    assert broken_rules(["open a.py", *trace])


def test_a_system_log_is_read_as_the_journal_announces_its_calls() -> None:
    log = r"""
openat(3</s/blobs>, "ab.new", O_WRONLY|O_CREAT|O_EXCL, 0600) = 4</s/blobs/ab.new>
write(4</s/blobs/ab.new>, "x\"y", 3) = 3
fsync(4</s/blobs/ab.new>) = 0
renameat(3</s/blobs>, "ab.new", 3</s/blobs>, "ab") = 0
openat(3</w>, "a.py", O_RDONLY) = 4</w/a.py>
openat(3</w>, "b.py", O_WRONLY|O_CREAT) = -1 ENOSPC (No space left on device)
fsync(3</w>) = 0
unlinkat(3</w/d\303\251>, "a b", 0) = 0
write(1<pipe:[7]>, "out", 3) = 3
"""
    assert calls_of_strace(log, Path("/w"), Path("/s")) == [
        "open journal/blobs/ab",
        "write journal/blobs/ab",
        "fsync journal/blobs/ab",
        "rename journal/blobs/ab",
        "fsync the workspace",
        "unlink dé/a b",
    ]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_systems_own_log_shows_the_same_order(quick: Path) -> None:
    """T8: what is announced is what happens."""
    log = quick / "log"
    prepare(ALL_AT_ONCE, "commit", quick / "base")
    subprocess.run(
        [
            *("strace", "-f", "-y", "-o", str(log), "-e", "trace=" + ",".join(TRACED)),
            *(sys.executable, "-m", "tests.journal.one_change", str(quick / "base"), "commit"),
            *("all at once",),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=60,
        check=True,
    )
    trace = calls_of_strace(log.read_text(), quick / "base/ws", quick / "base/state")
    assert broken_rules(trace) == []
    assert sum(call.startswith("fsync ") for call in trace) >= 15


TRACED = ("openat", "write", "fsync", "/rename", "/unlink", "/mkdir")
