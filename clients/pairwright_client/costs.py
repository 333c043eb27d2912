"""What does `cost` say? A table, one JSON value, rows for a spreadsheet, or a chart in a file."""

import argparse
import csv
import io
import os
import sys
from decimal import Decimal
from pathlib import Path

from pairwright.protocol.cost_messages import CostParams, CostReport, CostRow
from pairwright.protocol.terminal import visible
from pairwright_client import figures
from pairwright_client.cost_chart import draw
from pairwright_client.errors import ClientError, UsageError
from pairwright_client.queries import ask, write_json
from pairwright_client.terminal import Screen

_RIGHT = frozenset({1, 2, 3, 4, 5, 6})
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CSV_COLUMNS = (
    *("calls", "input_tokens", "cached_tokens", "output_tokens", "is_estimated"),
    *("cost_usd", "unpriced_calls", "open_calls", "open_usd"),
)


def cost(args: argparse.Namespace) -> int:
    """Show what the workspace cost.

    Raises:
        UsageError: the chart's file cannot be one.
        ClientError: it cannot be written.
    """
    chart = None if args.chart is None else _chart_file(args.chart)
    report = ask(args, lambda client: client.cost(CostParams(by=args.by)))
    screen = Screen.of(sys.stdout)
    if chart is not None:
        _write(chart, draw(report, by=args.by))
        screen.line(f"Drawn: {visible(str(chart))}")
    elif args.json:
        write_json(report)
    elif args.csv:
        sys.stdout.write(to_csv(report, by=args.by))
    else:
        show_cost(screen, report, by=args.by)
    return 0


def show_cost(screen: Screen, report: CostReport, *, by: str) -> None:
    """Write a report as a table, and below it what its marks mean."""
    if not report.rows:
        screen.line("No model has been asked in this workspace.")
        return
    total = report.total
    rows = [
        (by, "calls", "tokens in", "(cached)", "share", "out", "cost"),
        *(_cells(row) for row in (*report.rows, total)),
    ]
    headings, *lines, last = figures.columns(rows, right=_RIGHT)
    screen.line(headings, "dim")
    for line in lines:
        screen.line(line)
    screen.line(last, "bold")
    screen.line()
    if total.is_estimated:
        screen.line("≈ counted by ourselves: the provider did not say.", "dim")
    if total.open_calls:
        calls = "1 call is" if total.open_calls == 1 else f"{total.open_calls:,} calls are"
        screen.line(f"{calls} under way, for at most {figures.usd(total.open_usd)} of this.")
    if total.unpriced_calls:
        screen.line(
            "Nobody says what an unpriced call costs: the setting `models.prices` can.", "yellow"
        )
    if report.price_sources:
        screen.line(f"Prices by: {', '.join(map(visible, report.price_sources))}.", "dim")
    day = figures.usd_and_unpriced(report.day_usd, report.day_unpriced_calls)
    cap = figures.usd(report.day_cap_usd)
    screen.line(f"Today: {day} of {cap} that may be spent in a day (UTC).")


def to_csv(report: CostReport, *, by: str) -> str:
    """Return the groups as CSV with a heading, without their total.

    A key that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((by, *_CSV_COLUMNS))
    for row in report.rows:
        key = visible(row.key)
        safe = f"'{key}" if key.lstrip().startswith(_BEGINS_FORMULA) else key
        writer.writerow((safe, *(_plain(getattr(row, name)) for name in _CSV_COLUMNS)))
    return text.getvalue()


def _plain(value: int | bool | Decimal) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _cells(row: CostRow) -> tuple[str, ...]:
    mark = "≈" if row.is_estimated else ""
    return (
        visible(row.key),
        f"{row.calls:,}",
        f"{mark}{row.input_tokens:,}",
        f"({row.cached_tokens:,})",
        f"{100 * row.cached_tokens // row.input_tokens} %" if row.input_tokens else "",
        f"{mark}{row.output_tokens:,}",
        figures.usd_and_unpriced(row.cost_usd, row.unpriced_calls),
    )


def _chart_file(name: str) -> Path:
    path = Path(name)
    if path.suffix.lower() != ".svg":
        raise UsageError(f"a chart is an SVG file: give a name that ends so, not {name!r}")
    if path.is_dir():
        raise UsageError(f"{name!r} is a directory: name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"{str(path.parent)!r} is no directory: make it first")
    return path


def _write(path: Path, text: str) -> None:
    # Whole or not at all: a disk that is full must not leave half of it in the old one's place.
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, "utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ClientError(f"{path.name!r} cannot be written: {error.strerror}") from None
