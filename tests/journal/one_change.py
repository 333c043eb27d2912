"""Makes one change of a scenario, to be killed or watched from outside.

`python -m tests.journal.one_change BASE ACTION SCENARIO` acts, in the workspace below BASE that is
made when it is not there. It makes the directory `BASE/begin` just before it acts.
"""

import os
import sys
from pathlib import Path

from pairwright.errors import PairwrightError
from pairwright.journal.journal import Journal
from tests.journal.changes import undo_together
from tests.journal.scenarios import SCENARIOS, prepare


def main() -> int:
    """Act; 1: it was refused, and standard error says why."""
    os.umask(0o022)
    base, action, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    root, state_dir = base / "ws", base / "state"
    scenario = next(known for known in SCENARIOS if known.name == name)
    if not root.exists():
        prepare(scenario, action, base)
    writes = scenario.writes(root) if action == "commit" else []
    journal = Journal(state_dir, root)
    try:
        (base / "begin").mkdir()
        if action == "recover":
            journal.recover()
        elif action == "commit":
            journal.commit(writes)
        else:
            undo_together(journal, journal.entries()[-scenario.undoes(action) :])
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
