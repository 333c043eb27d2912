"""How does a cost report look as a picture? An SVG file of bars, readable in light and in dark.

It holds no script, no link and no font of its own; what it shows is told in its title and its
description as well.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from html import escape

from pairwright.protocol.cost_messages import CostReport, CostRow
from pairwright.protocol.terminal import visible
from pairwright_client import figures

MOST_BARS = 30
"""What is beyond is drawn as one bar."""
_WIDTH, _LABEL, _BAR, _VALUE = 840, 236, 330, 10
"""Of the picture, the names, the longest bar, and the gap before the figures, in pixels."""
_ROW, _THICK, _TOP = 24, 14, 58
_MOST_LETTERS = 30
_STYLE = """
  .paper { fill: #ffffff } .name, .figure, .head { fill: #1f2328 } .note { fill: #59636e }
  .bar { fill: #2563eb } .open { fill: #93b4f5 } .axis { stroke: #8c959f }
  text { font: 12px system-ui, sans-serif } .head { font-size: 15px; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .name, .figure, .head { fill: #e6edf3 } .note { fill: #9198a1 }
    .bar { fill: #6ea8fe } .open { fill: #2f4f86 } .axis { stroke: #6e7681 }
  }
"""


def draw(report: CostReport, *, by: str) -> str:
    """Return the report as an SVG document: a bar for each group, of what it cost.

    When nothing cost anything, the bars are of tokens.
    """
    rows = _at_most(report.rows, by)
    is_money = any(row.cost_usd for row in rows)
    head = f"{'Cost' if is_money else 'Tokens'} by {by}"
    height = _TOP + _ROW * max(1, len(rows)) + 14
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' width="{_WIDTH}" height="{height}" role="img" aria-labelledby="title description">',
        f'<title id="title">{_text(head)}</title>',
        f'<desc id="description">{_text(_description(report.total, rows, is_money))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{height}"/>',
        f'<text class="head" x="16" y="26">{_text(head)}</text>',
        f'<text class="note" x="16" y="44">{_text(_note(report.total))}</text>',
        *(_bars(rows, is_money=is_money)),
        f'<line class="axis" x1="{_LABEL}" y1="{_TOP - 4}" x2="{_LABEL}" y2="{height - 10}"/>',
        "</svg>",
    ]
    return "\n".join(body) + "\n"


def _at_most(rows: Sequence[CostRow], by: str) -> list[CostRow]:
    """Return few enough rows: of days the latest, of all else the dearest, then the others."""
    if by != "day":
        rows = sorted(rows, key=lambda row: (-row.cost_usd, -_tokens(row)))
    if len(rows) <= MOST_BARS:
        return list(rows)
    kept, rest = rows[: MOST_BARS - 1], rows[MOST_BARS - 1 :]
    if by == "day":
        kept, rest = rows[1 - MOST_BARS :], rows[: 1 - MOST_BARS]
    name = f"{len(rest):,} earlier days" if by == "day" else f"{len(rest):,} others"
    others = _as_one(name, rest)
    return [others, *kept] if by == "day" else [*kept, others]


def _bars(rows: Sequence[CostRow], *, is_money: bool) -> list[str]:
    if not rows:
        return [f'<text class="note" x="16" y="{_TOP + 12}">No model has been asked.</text>']
    longest = max(_amount(row, is_money) for row in rows) or Decimal(1)
    drawn = []
    for number, row in enumerate(rows):
        y = _TOP + _ROW * number
        width = round(_BAR * _amount(row, is_money) / longest, 1)
        opened = round(_BAR * row.open_usd / longest, 1) if is_money else Decimal(0)
        at_end = _LABEL + width + _VALUE
        drawn += [
            f"<g><title>{_text(_told(row))}</title>",
            f'<text class="name" x="{_LABEL - 10}" y="{y + 12}" text-anchor="end">'
            f"{_text(_short(row.key))}</text>",
            f'<rect class="bar" x="{_LABEL}" y="{y + 1}" width="{width}" height="{_THICK}"/>',
        ]
        if opened:
            drawn.append(
                f'<rect class="open" x="{_LABEL + width - opened}" y="{y + 1}"'
                f' width="{opened}" height="{_THICK}"/>'
            )
        figure = _figure(row, is_money)
        drawn.append(f'<text class="figure" x="{at_end}" y="{y + 12}">{_text(figure)}</text></g>')
    return drawn


def _as_one(key: str, rows: Sequence[CostRow]) -> CostRow:
    return replace(
        rows[0],
        key=key,
        calls=sum(row.calls for row in rows),
        input_tokens=sum(row.input_tokens for row in rows),
        cached_tokens=sum(row.cached_tokens for row in rows),
        output_tokens=sum(row.output_tokens for row in rows),
        cost_usd=sum((row.cost_usd for row in rows), Decimal(0)),
        unpriced_calls=sum(row.unpriced_calls for row in rows),
        is_estimated=any(row.is_estimated for row in rows),
        open_calls=sum(row.open_calls for row in rows),
        open_usd=sum((row.open_usd for row in rows), Decimal(0)),
    )


def _amount(row: CostRow, is_money: bool) -> Decimal:
    return row.cost_usd if is_money else Decimal(_tokens(row))


def _figure(row: CostRow, is_money: bool) -> str:
    if is_money:
        return figures.usd_and_unpriced(row.cost_usd, row.unpriced_calls)
    return f"{'≈' if row.is_estimated else ''}{_tokens(row):,}"


def _tokens(row: CostRow) -> int:
    return row.input_tokens + row.output_tokens


def _note(total: CostRow) -> str:
    cost = figures.usd_and_unpriced(total.cost_usd, total.unpriced_calls)
    note = f"{cost} in all, {figures.counted(total.calls, 'call')}"
    if total.open_calls:
        note += f"; paler: calls under way, at most {figures.usd(total.open_usd)}"
    return note


def _description(total: CostRow, rows: Sequence[CostRow], is_money: bool) -> str:
    return ". ".join((_note(total), *(f"{row.key}: {_figure(row, is_money)}" for row in rows)))


def _told(row: CostRow) -> str:
    mark = "≈" if row.is_estimated else ""
    cost = figures.usd_and_unpriced(row.cost_usd, row.unpriced_calls)
    read = f"{mark}{row.input_tokens:,} tokens in ({row.cached_tokens:,} cached)"
    calls = figures.counted(row.calls, "call")
    return f"{row.key}: {cost}, {calls}, {read}, {mark}{row.output_tokens:,} out"


def _short(key: str) -> str:
    return key if len(key) <= _MOST_LETTERS else f"…{key[1 - _MOST_LETTERS :]}"


def _text(text: str) -> str:
    # XML knows no way to write most control characters.
    return escape(visible(text).replace("\t", " "))
