"""How do strategies lie in the cost-quality plane? Drawn, as SVG and as PNG."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pairwright.bench.strategies.frontier import Outcome, frontier
from pairwright.errors import UserError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE_INCHES = (9.0, 5.0)
_PLANE_POINTS = (400.0, 300.0)
"""About how large the plane is, in typographic points."""
_ON_FRONTIER = "#0b6e4f"
_ELSEWHERE = "#8a8f98"


def draw_plane(
    outcomes: Sequence[Outcome],
    file: Path,
    *,
    title: str,
    unit: str,
    intervals: Sequence[tuple[float, float]] = (),
) -> tuple[Path, Path]:
    """Draw outcomes into `file` with the suffixes `.svg` and `.png`; return the two.

    Args:
        outcomes: what is drawn, each by its name.
        file: where; its suffix is replaced.
        title: stands above.
        unit: what the cost is of, such as "USD for 300 tasks".
        intervals: of the rates, one an outcome; none are drawn when empty.

    Raises:
        UserError: the drawing library is not installed, or the files cannot be written.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        raise UserError("charts need matplotlib: pip install 'pairwright[bench]'") from None
    # Text stays text, and the same results give the same file.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "pairwright"})
    figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
    axes = figure.subplots()
    _draw_points(axes, outcomes, intervals)
    axes.set_title(title)
    axes.set_xlabel(unit)
    axes.set_ylabel("resolved, in %")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, alpha=0.25)
    svg, png = file.with_suffix(".svg"), file.with_suffix(".png")
    try:
        figure.savefig(svg, metadata={"Date": None})
        figure.savefig(png, dpi=150)
    except OSError as error:
        raise UserError(f"the chart cannot be written to {str(svg)!r}: {error.strerror}") from None
    return svg, png


def _draw_points(
    axes: "Axes", outcomes: Sequence[Outcome], intervals: Sequence[tuple[float, float]]
) -> None:
    """Draw every point with a number; the key beside the plane says whose it is."""
    points = frontier(outcomes)
    axes.plot(
        [point.cost_usd for point in points],
        [point.rate * 100 for point in points],
        color=_ON_FRONTIER,
        linewidth=1.2,
        zorder=1,
    )
    numbers = _label_places(outcomes)
    for number, (each, offset) in enumerate(zip(outcomes, numbers, strict=True), start=1):
        color = _ON_FRONTIER if each in points else _ELSEWHERE
        place = (each.cost_usd, each.rate * 100)
        if intervals:
            low, high = intervals[number - 1]
            axes.vlines(each.cost_usd, low * 100, high * 100, color=color, alpha=0.3)
        axes.scatter(*place, color=color, zorder=2, s=22, label=f"{number:>2}  {each.strategy}")
        axes.annotate(
            str(number),
            place,
            xytext=offset,
            textcoords="offset points",
            fontsize=8,
            color=color,
            ha="center",
            va="center",
        )
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=8, frameon=False)


def _label_places(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """Return where each number stands beside its point, in typographic points.

    Of some places around the point the one that is farthest from all points and other numbers.
    """
    widest = max((each.cost_usd for each in outcomes), default=1.0) or 1.0
    highest = max((each.rate for each in outcomes), default=1.0) or 1.0
    points = [
        (each.cost_usd / widest * _PLANE_POINTS[0], each.rate / highest * _PLANE_POINTS[1])
        for each in outcomes
    ]
    taken = list(points)
    offsets = []
    for x, y in points:
        ways = [
            (radius * math.cos(turn * math.pi / 4), radius * math.sin(turn * math.pi / 4))
            for radius in (10.0, 16.0)
            for turn in range(8)
        ]
        best = max(
            ways, key=lambda way: min(math.dist((x + way[0], y + way[1]), other) for other in taken)
        )
        taken.append((x + best[0], y + best[1]))
        offsets.append(best)
    return offsets
