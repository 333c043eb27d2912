"""Which comment is an instruction to us? One that begins with `pw:`, on lines of its own.

Read by lines and not by a grammar: it must be found in files of any language, broken ones too.
A comment's further lines belong to it: line comments of the same mark, or a block up to its end.
"""

import re
from dataclasses import dataclass

from pairwright.text.ranges import split_lines

MOST_LINES = 30
"""Of one instruction; a longer comment is read up to there."""
_BLOCKS = {
    "/*": "*/",
    "<!--": "-->",
    "(*": "*)",
    "{-": "-}",
    "{#": "#}",
    "--[[": "]]",
    "#=": "=#",
    "{/*": "*/}",
    "<%#": "%>",
    "<#": "#>",
    '"""': '"""',
    "'''": "'''",
}
_LINE_MARKS = ("///", "//!", "//", "--", "#", ";;", ";", "%", "!", "'", '"', "REM", "rem")
_BEGINNING = re.compile(
    r"\s*(?P<mark>"
    + "|".join(re.escape(mark) for mark in sorted((*_BLOCKS, *_LINE_MARKS), key=len, reverse=True))
    + r")+[*!]?\s*pw:(?P<said>.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class InstructionComment:
    """What a comment asks for."""

    instruction: str
    """One line a line of the comment; never empty."""
    first_line: int
    last_line: int
    """Zero-based, included."""
    text: str
    """Its whole lines, as they stand in the file."""


def instruction_above(text: str, line: int) -> InstructionComment | None:
    """Return the instruction that ends right above a line, or that the line is part of."""
    lines = split_lines(text)
    for first in range(min(line, len(lines) - 1), max(-1, line - MOST_LINES - 1), -1):
        if (match := _BEGINNING.fullmatch(lines[first])) is not None:
            found = _read(lines, first, match)
            return found if found is not None and found.last_line >= line - 1 else None
    return None


def _read(lines: tuple[str, ...], first: int, match: re.Match[str]) -> InstructionComment | None:
    mark = match["mark"]
    end = _BLOCKS.get(mark)
    if end is None:
        said, last = _line_comments(lines, first, mark, match["said"])
    elif (block := _block(lines, first, end, match["said"])) is not None:
        said, last = block
    else:
        return None
    instruction = "\n".join(part.strip() for part in said).strip()
    if not instruction:
        return None
    return InstructionComment(instruction, first, last, "".join(lines[first : last + 1]))


def _line_comments(
    lines: tuple[str, ...], first: int, mark: str, said: str
) -> tuple[list[str], int]:
    further = re.compile(rf"\s*(?:{re.escape(mark)})+[ \t]*(?P<said>.*)", re.IGNORECASE | re.DOTALL)
    parts, last = [said], first
    while last + 1 < min(len(lines), first + MOST_LINES):
        match = further.fullmatch(lines[last + 1])
        if match is None:
            break
        parts.append(match["said"])
        last += 1
    return parts, last


def _block(lines: tuple[str, ...], first: int, end: str, said: str) -> tuple[list[str], int] | None:
    """Return what a block says and its last line; None when it has no end, or code behind it."""
    parts: list[str] = []
    for last in range(first, min(len(lines), first + MOST_LINES)):
        line = said if last == first else lines[last]
        inside, closed, rest = line.partition(end)
        parts.append(re.sub(r"^\s*\*(?=\s|$)", "", inside))
        if closed:
            return (parts, last) if not rest.strip() else None
    return None
