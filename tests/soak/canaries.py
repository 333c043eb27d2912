"""Does any secret come out of anything? All strategies, then the scenarios, all at DEBUG.

The scenarios run as they do in the suite, in a process whose environment is full of canaries.
"""

import asyncio
import io
import os
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from pairwright.strategies.registry import STRATEGIES
from tests.security import canaries
from tests.security.canary_life import BEHAVIOURS, Life, logging_all
from tests.soak.figures import Figures
from tests.support.model_server import serve_model

_SUITES = ("tests/scenarios", "tests/e2e")
_VARIABLES = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SHOP_TOKEN", "SHOP_SECRET", "SHOP_PASSWORD")


async def run(figures: Figures) -> None:
    """Live among canaries with every strategy, then have the suite's own tests do so."""
    with tempfile.TemporaryDirectory(prefix="pairwright-") as name:
        await _live(figures, Path(name))
    for suite in _SUITES:
        with tempfile.TemporaryDirectory(prefix="pairwright-") as name:
            await asyncio.to_thread(_run_suite, figures, suite, Path(name))


async def _live(figures: Figures, directory: Path) -> None:
    said = io.StringIO()
    with logging_all(directory / "daemon.log"), redirect_stdout(said), redirect_stderr(said):
        async with serve_model(*BEHAVIOURS) as server:
            life = Life(directory, server, ("plan", *STRATEGIES))
            await life.perform()
    pieces = {
        "what models were sent": b"\n".join(life.sent),
        "the log": (directory / "daemon.log").read_bytes(),
        "what was printed": said.getvalue().encode(),
    }
    seen = canaries.found_in(pieces)
    detail = f"{len(STRATEGIES)} strategies, {len(server.requests)} requests"
    figures.at_least("T16 canaries that were planted", len(canaries.ALL), 16, detail=detail)
    figures.at_most("T16 canaries that models, log or output show", len(seen), 0, detail=str(seen))
    told = ("the name of a file", "the instruction", "the tests' output")
    seen = canaries.found_in({"events": "\n".join(life.heard).encode()}, but=told)
    figures.at_most("T16 canaries that events show", len(seen), 0, detail=str(seen))
    kept = canaries.files_below(directory / "state")
    seen = canaries.found_in(
        {path: content for path, content in kept.items() if not path.endswith("manifest")}
    )
    figures.at_most("T16 canaries that are kept", len(seen), 0, detail=str(seen))


def _run_suite(figures: Figures, suite: str, directory: Path) -> None:
    planted = {name: canaries.canary(50 + number) for number, name in enumerate(_VARIABLES)}
    log = directory / "suite.log"
    command = [
        *(sys.executable, "-m", "pytest", "-q", suite, "-p", "no:cacheprovider"),
        *(f"--basetemp={directory / 'files'}", f"--log-file={log}", "--log-file-level=DEBUG"),
        "--show-capture=all",
    ]
    ended = subprocess.run(command, env=os.environ | planted, capture_output=True, check=False)
    pieces = canaries.files_below(directory / "files") | {
        "the log": log.read_bytes() if log.exists() else b"",
        "what was printed": ended.stdout + ended.stderr,
    }
    seen = [
        f"{name} in {where}"
        for name, value in planted.items()
        for where, content in pieces.items()
        if any(form in content for form in canaries.Forms(name, value))
    ]
    size = sum(map(len, pieces.values())) / 1e6
    detail = f"{len(pieces)} files and outputs, {size:.1f} MB"
    figures.at_most(
        f"T16 canaries that {suite} shows", len(seen), 0, detail=str(seen) if seen else detail
    )
    figures.at_most(f"T16 failures of {suite}", ended.returncode, 0, detail=detail)
