"""How are figures shown beside what they are held against? One row each, as a table or as JSON."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

_HEAD = ("what", "measured", "floor or peer", "ratio", "target", "met?")
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure."""

    what: str
    measured: float | None
    """In `unit`; None: it cannot be measured here, and `note` says why."""
    unit: str
    limit: float | None = None
    """The most that `measured` may be; None: there is no target."""
    target: str = ""
    """The limit in words, where it is more than a number."""
    compared: float | None = None
    """The floor or the peer, in `unit`."""
    compared_with: str = ""
    note: str = ""
    has_failed: bool = False
    """Whether an answer was wrong or did not come: then no speed meets the target."""

    @property
    def ratio(self) -> float | None:
        """How many times the floor or the peer this is."""
        if self.measured is None or not self.compared:
            return None
        return self.measured / self.compared

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None: there is none, or no figure."""
        if self.measured is None or self.limit is None:
            return None
        return self.measured <= self.limit and not self.has_failed

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the table."""
        target = self.target or (
            "" if self.limit is None else f"≤ {_figure(self.limit, self.unit)}"
        )
        compared = _NONE
        if self.compared is not None:
            compared = f"{_figure(self.compared, self.unit)} {self.compared_with}".strip()
        return (
            self.what,
            _figure(self.measured, self.unit),
            compared,
            _NONE if self.ratio is None else f"{self.ratio:.2f}",
            target or _NONE,
            {True: "yes", False: "no", None: _NONE}[self.is_met],
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one tree."""

    title: str
    rows: tuple[Row, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the tree is, and what else was seen."""

    def as_text(self) -> str:
        """Return Markdown that is also readable as it is."""
        cells = [_HEAD, *(row.cells() for row in self.rows)]
        widths = [max(len(line[column]) for line in cells) for column in range(len(_HEAD))]
        lines = [_line(line, widths) for line in cells]
        lines.insert(1, "|".join(["", *("-" * (width + 2) for width in widths), ""]))
        notes = [f"- {row.what}: {row.note}" for row in self.rows if row.note]
        facts = ", ".join(f"{name} {value}" for name, value in self.facts.items())
        return "\n".join([f"## {self.title}", "", facts, "", *lines, "", *notes]) + "\n"

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        rows = [{**asdict(row), "ratio": row.ratio, "is_met": row.is_met} for row in self.rows]
        return {"title": self.title, "facts": dict(self.facts), "rows": rows}


def to_text(tables: Iterable[Table], *, is_json: bool) -> str:
    """Return the tables as they are printed."""
    if is_json:
        return json.dumps([table.as_json() for table in tables], indent=2) + "\n"
    return "\n".join(table.as_text() for table in tables)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that so many percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


def p95_row(
    what: str,
    values_ms: Sequence[float],
    limit: float,
    *,
    compared: float | None = None,
    compared_with: str = "",
    note: str = "",
) -> Row:
    """Return the row of times in milliseconds of which 95 % may not exceed a limit."""
    spread = f"median {median(values_ms):.2f} ms, worst {max(values_ms):.2f} ms"
    return Row(
        what,
        percentile(values_ms, 95),
        "ms",
        limit=limit,
        compared=compared,
        compared_with=compared_with,
        note=f"{spread}, {len(values_ms)} times" + (f"; {note}" if note else ""),
    )


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return _NONE
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {unit}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f" {cell:<{width}} " for cell, width in zip(cells, widths, strict=True))
    return "|".join(["", *padded, ""])
