"""Does the ledger agree with the provider's bill, whoever is killed? The short forms of T14, T15.

The long ones are `python -m tests.soak ledger`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def run(program: str, directory: Path, amount: int) -> dict[str, Any]:
    """Run a driver, in a process of its own since it forks; return its tally."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.ledger.{program}", str(directory), str(amount)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    tally: dict[str, Any] = json.loads(done.stdout)
    return tally


def test_two_daemons_that_are_killed_spend_what_was_billed_and_never_pass_the_cap(
    tmp_path: Path,
) -> None:
    """T14: at concurrency 1, 8 and 32, in 1,000 requests."""
    tally = run("payers", tmp_path, 1000)
    assert tally["problems"] == []
    assert (tally["lost"], tally["double"], tally["over_cap"]) == (0, 0, 0)
    assert tally["most_over_calls"] <= 1
    assert tally["requests"] >= 1000
    assert tally["kills"] > 5


def test_what_a_killed_process_said_was_written_is_there(tmp_path: Path) -> None:
    """T15: in 20 rounds."""
    tally = run("kills", tmp_path, 20)
    assert (tally["lost"], tally["damaged"], tally["unsettled"]) == (0, 0, 0)
    assert tally["rounds"] == 20
    assert tally["acknowledged"] > 50
    assert tally["orphans"] > 0
