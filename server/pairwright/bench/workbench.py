"""Where is one tree measured? In a copy, with folders for what is kept, by fresh processes."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pairwright.bench.children import MeasuringChild, measuring
from pairwright.bench.copies import copy_tree
from pairwright.bench.lag import LoopLag
from pairwright.bench.samples import Sample

OWN_FOLDER = "pairwright_bench"
"""Files of the copy that the tree does not have."""


class Workbench:
    """What the measurements of one tree share."""

    def __init__(self, sample: Sample, scratch: Path) -> None:
        """Work in an empty folder, which somebody else removes."""
        self.scratch = scratch.resolve()
        self.known = self.scratch / "state", self.scratch / "cache"
        """The folders of state and cache that the first cold index fills."""
        self.lags_ms: dict[str, float] = {}
        """The longest that the event loop was blocked, by probe."""
        self.own_lag_ms = 0.0
        """The same of this process, in which nothing happens meanwhile."""
        self._sample = sample
        self._copy = self.scratch / "copy"

    def copy(self) -> Path:
        """Return the copy of the tree, which may be changed."""
        if not self._copy.exists():
            say("copying the tree")
            copy_tree(self._sample.root, self._sample.listed, self._copy)
            (self._copy / OWN_FOLDER).mkdir(exist_ok=True)
        return self._copy

    def fresh(self, *, knows_outlines: bool) -> tuple[Path, Path]:
        """Return an empty folder for the state, and one for the cache: empty, or of the tree."""
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        return folder / "state", self.known[1] if knows_outlines else folder / "cache"

    def request(self, probe: str, root: Path, places: tuple[Path, Path]) -> dict[str, Any]:
        """Return what every probe is told."""
        state, cache = places
        state.mkdir(parents=True, exist_ok=True)
        return {"probe": probe, "root": str(root), "state": str(state), "cache": str(cache)}

    async def probe(
        self, probe: str, root: Path, places: tuple[Path, Path], **asked: Any
    ) -> Mapping[str, Any]:
        """Run a probe in a fresh process and return what it found.

        Raises:
            MeasurementFailed: it ended before.
        """
        request = {**self.request(probe, root, places), **asked}
        async with LoopLag() as lag, measuring("probes", request) as child:
            result = await self.last_word(probe, child)
        self.own_lag_ms = max(self.own_lag_ms, lag.worst_ms)
        return result

    async def last_word(self, probe: str, child: MeasuringChild) -> Mapping[str, Any]:
        """Wait for what a probe says last; note how late its loop was.

        Raises:
            MeasurementFailed: it ended before.
        """
        result, _ = await child.receive()
        self.lags_ms[probe] = max(self.lags_ms.get(probe, 0.0), result["lag"]["max"])
        return result


def say(what: str) -> None:
    """Tell a person who waits what is being done."""
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()
