import json
import subprocess
import sys
from pathlib import Path

from tests.journal.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]


def test_a_kill_anywhere_leaves_everything_old_or_everything_new(quick: Path) -> None:
    """T6: also while recovering; nothing is left over, and undo still works."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journal.kill_points", str(quick), "3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    left = json.loads(done.stdout)
    assert len(left) == sum(len(scenario.actions) for scenario in SCENARIOS)
    assert len(SCENARIOS) >= 8
    assert all(counts["old"] or counts["new"] for counts in left.values())
    assert min(sum(counts[tree] for counts in left.values()) for tree in ("old", "new")) >= 100
    assert all(counts["recoveries"] for counts in left.values()), "no recovery was killed itself"
    assert sum(sum(counts.values()) for counts in left.values()) >= 1000
