"""What came of a soak? Each promise on one line with its figure; a broken one is remembered."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was promised, and what was measured."""

    promise: str
    value: float
    bound: float
    unit: str
    is_kept: bool
    is_lower_bound: bool
    detail: str

    def __str__(self) -> str:
        verdict = "kept  " if self.is_kept else "BROKEN"
        sign = "≥" if self.is_lower_bound else "≤"
        line = f"{verdict} {self.promise}: {self.value:,.6g} {self.unit} ({sign} {self.bound:,g})"
        return f"{line}; {self.detail}" if self.detail else line


def write_line(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Figures:
    """Collects figures, and tells each as it comes."""

    def __init__(self, say: Callable[[str], object] = write_line) -> None:
        self.all: list[Figure] = []
        self.say = say

    @property
    def broken(self) -> list[Figure]:
        return [figure for figure in self.all if not figure.is_kept]

    def at_most(
        self, promise: str, value: float, bound: float, unit: str = "", *, detail: str = ""
    ) -> None:
        self._add(Figure(promise, value, bound, unit, value <= bound, False, detail))

    def at_least(
        self, promise: str, value: float, bound: float, unit: str = "", *, detail: str = ""
    ) -> None:
        self._add(Figure(promise, value, bound, unit, value >= bound, True, detail))

    def load(self) -> None:
        """Tell what else the machine does: it is part of every figure."""
        load, count = os.getloadavg()[0], os.cpu_count()
        self.say(f"       load {load:.1f} on {count} processors")

    def _add(self, figure: Figure) -> None:
        self.all.append(figure)
        self.say(str(figure))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which such a share lies; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
