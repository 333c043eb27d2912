"""What does a terminal show? Its text with colours, drawn as an SVG."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

_COLUMN, _LINE, _MARGIN, _TITLE = 8.13, 17, 14, 34
_FONT = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace'
_PAPER, _INK = "#181a1f", "#dcdfe4"
_BASIC = (
    *("#181a1f", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#dcdfe4"),
    *("#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#ffffff"),
)
_ESCAPE = re.compile("\x1b\\[([0-9;:]*)m|\x1b[()][A-Z0-9]|[\x0e\x0f]")


@dataclass(frozen=True)
class _Style:
    ink: str = ""
    paper: str = ""
    is_bold: bool = False
    is_reversed: bool = False

    @property
    def colours(self) -> tuple[str, str]:
        """What is written with, and on what; empty: the terminal's own."""
        if self.is_reversed:
            return self.paper or _PAPER, self.ink or _INK
        return self.ink, self.paper


def draw(screen: str, *, columns: int, label: str) -> str:
    """Return an SVG of what `tmux capture-pane -e -p` printed; the label says it in words."""
    lines = screen.rstrip("\n").split("\n")
    width = round(columns * _COLUMN + 2 * _MARGIN)
    height = _TITLE + len(lines) * _LINE + _MARGIN
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    buttons = "".join(
        f'<circle cx="{20 + 18 * at}" cy="18" r="5.5" fill="{colour}"/>'
        for at, colour in enumerate(("#e06c75", "#e5c07b", "#98c379"))
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(label)}>',
        f"<style>text{{font:13.5px {_FONT};fill:{_INK};white-space:pre}}</style>",
        f'<rect width="100%" height="100%" rx="8" fill="{_PAPER}"/>{buttons}',
    ]
    style = _Style()
    for row, line in enumerate(lines):
        runs, style = _runs(line, style)
        parts += _draw_line(runs, _TITLE + row * _LINE)
    return "\n".join([*parts, "</svg>\n"])


def _runs(line: str, style: _Style) -> tuple[list[tuple[str, _Style]], _Style]:
    """Return the pieces of a line that look alike, and the style that goes on after it."""
    runs: list[tuple[str, _Style]] = []
    at = 0
    for found in _ESCAPE.finditer(line):
        runs.append((line[at : found.start()], style))
        if found[1] is not None:
            style = _styled(style, [int(code or 0) for code in re.split("[;:]", found[1])])
        at = found.end()
    runs.append((line[at:], style))
    return [(text, each) for text, each in runs if text], style


def _styled(style: _Style, codes: list[int]) -> _Style:
    rest = iter(codes)
    for code in rest:
        if code == 0:
            style = _Style()
        elif code in (1, 22):
            style = replace(style, is_bold=code == 1)
        elif code in (7, 27):
            style = replace(style, is_reversed=code == 7)
        elif code in (38, 48):
            colour = _extended(rest)
            style = replace(style, ink=colour) if code == 38 else replace(style, paper=colour)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = replace(style, ink=_BASIC[code - 30 if code < 90 else code - 82])
        elif 40 <= code <= 47 or 100 <= code <= 107:
            style = replace(style, paper=_BASIC[code - 40 if code < 100 else code - 92])
        elif code == 39:
            style = replace(style, ink="")
        elif code == 49:
            style = replace(style, paper="")
    return style


def _extended(rest: Iterator[int]) -> str:
    if next(rest, 0) == 2:
        return "#{:02x}{:02x}{:02x}".format(*(next(rest, 0) for _ in range(3)))
    number = next(rest, 0)
    if number < 16:
        return _BASIC[number]
    if number >= 232:
        grey = 8 + 10 * (number - 232)
        return f"#{grey:02x}{grey:02x}{grey:02x}"
    steps = (0, 95, 135, 175, 215, 255)
    red, green, blue = (number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6
    return f"#{steps[red]:02x}{steps[green]:02x}{steps[blue]:02x}"


def _draw_line(runs: list[tuple[str, _Style]], top: int) -> list[str]:
    papers, column = [], 0
    spans = []
    for text, style in runs:
        ink, paper = style.colours
        left = round(_MARGIN + column * _COLUMN, 1)
        if paper:
            wide = round(len(text) * _COLUMN + 0.3, 1)
            papers.append(
                f'<rect x="{left}" y="{top}" width="{wide}" height="{_LINE}" fill="{paper}"/>'
            )
        looks = f' style="fill:{ink}"' if ink else ""
        looks += ' font-weight="bold"' if style.is_bold else ""
        # Each piece begins at its column, whatever the font's own width is.
        if text.strip():
            spans.append(f'<tspan x="{left}"{looks}>{escape(text)}</tspan>')
        column += len(text)
    if not spans:
        return papers
    return [*papers, f'<text y="{top + 13}" xml:space="preserve">{"".join(spans)}</text>']
