"""What stands in for the demo's daemon? A process of its own, since the demo ends its daemon.

Run with the workspace's path and how it behaves: `mends`, `fails`, `lies`,
`costs` or `holds`.
"""

import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from pairwright.protocol import messages
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from tests.clients import story
from tests.clients.daemon_double import Answer, DaemonDouble, Held, Session


def pair(*, is_local: bool) -> messages.ModelsResult:
    strong = messages.ModelView(
        name=story.STRONG,
        tier="strong",
        is_local=is_local,
        download_bytes=1_117_320_768,
    )
    weak = messages.ModelView(name=story.WEAK, tier="weak", is_local=is_local, download_bytes=0)
    return messages.ModelsResult(
        strong=strong, weak=weak, reason="no key and no server was found", estimate_usd=None
    )


def answers(root: Path, behaviour: str) -> dict[str, Answer]:
    """Return how the daemon answers."""

    def run(params: Any, session: Session) -> Any:
        if behaviour == "holds":
            session.progress(params, encode(story.step("edit", "weak")))
            raise Held
        sound = behaviour != "fails"
        verdict = story.PASSED if sound else story.FAILED
        session.progress(
            params, encode(story.STARTED), encode(replace(story.CHANGE, verdict=verdict))
        )
        return encode(story.result(is_sound=sound))

    def accept(_params: Any, _session: Session) -> Any:
        # The real sample's failing tests are replaced: only the real models can mend the code.
        outcome = "" if behaviour == "mends" else "        self.fail()\n"
        for tests in (root / "tests").glob("test_*.py"):
            tests.write_text(
                "import unittest\n\n\nclass Kept(unittest.TestCase):\n"
                f"    def test_it(self):\n        pass\n{outcome}"
            )
        return {"entryId": "e1", "files": ["shop/cart.py"]}

    return {
        "pairwright/models": lambda *_: encode(pair(is_local=behaviour != "costs")),
        "pairwright/run": run,
        "pairwright/accept": accept,
        "pairwright/reject": story.rejects,
    }


if __name__ == "__main__":
    workspace = Path(sys.argv[1])
    with DaemonDouble(Rendezvous.for_workspace(workspace), answers(workspace, sys.argv[2])):
        signal.sigwait({signal.SIGTERM})
        sys.exit(0)
