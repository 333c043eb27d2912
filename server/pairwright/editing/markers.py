"""Which lines of an answer are no text? Its markers, and what comes close to one.

Markers stand alone on a line, begin it, and may be followed by blanks. A line that only looks like
one (other marks, another number of them, full-width or guillemet look-alikes) is never taken for
it, and never for text either: it is refused, so that no block ends later or earlier than meant.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pairwright.editing.blocks import Block

FILE_MARKER = "### FILE"
AT_MARKER = "### AT"
DELETE_MARKER = "### DELETE"
RENAME_MARKER = "### RENAME"
TO_MARKER = "### TO"
END_MARKER = "### END"
SEARCH_OPEN = "<<<<<<< SEARCH"
DIVIDER = "======="
REPLACE_CLOSE = ">>>>>>> REPLACE"
WHOLE_OPEN = "<<<<<<< WHOLE"
WHOLE_CLOSE = ">>>>>>> WHOLE"
SYMBOL_OPEN = "<<<<<<< SYMBOL"
SYMBOL_CLOSE = ">>>>>>> SYMBOL"
DIFF_OPEN = "<<<<<<< DIFF"
DIFF_CLOSE = ">>>>>>> DIFF"

OPENERS = (SEARCH_OPEN, WHOLE_OPEN, SYMBOL_OPEN, DIFF_OPEN)
CLOSERS = (REPLACE_CLOSE, WHOLE_CLOSE, SYMBOL_CLOSE, DIFF_CLOSE)
BLOCK_MARKERS = (*OPENERS, DIVIDER, *CLOSERS)
"""Lines that no block's text should hold."""

BLANKS = " \t\r\n"

_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("\u02c2\u2039\u00ab\u226a\u276e\u3008\u300a\u27e8\u27ea", "<"),
        **dict.fromkeys("\u02c3\u203a\u00bb\u226b\u276f\u3009\u300b\u27e9\u27eb", ">"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
    }
)
_ANGLES = frozenset("<>\uff1c\uff1e\ufe64\ufe65\u200b\u200c\u200d\u2060\ufeff").union(
    chr(code) for code, meant in _LOOK_ALIKES.items() if meant
)
_FIRST_CHARACTERS = _ANGLES | frozenset("#\uff03\ufe5f")
_BLOCK_WORD = re.compile(r"[<>]{5,9}[ \t]*(?:SEARCH|REPLACE|WHOLE|SYMBOL|DIFF)\b", re.IGNORECASE)
_MARKS = re.compile(r"<{5,}|>{5,}")
_FILE_WORD = re.compile(
    # A letter of another alphabet may look like any of ours.
    r"#{1,6}[ \t]*" + "".join(f"(?:{letter}|[^\x00-\x7f])" for letter in "FILE") + r"(?!\w)",
    re.IGNORECASE,
)
_OPERATION_WORD = re.compile(r"#{1,6}[ \t]*(?:DELETE|RENAME|TO)\b")


@dataclass(frozen=True, slots=True)
class Heading:
    """What an answer says of a block before its text."""

    path: str
    symbol: str = ""
    """What stands behind the opening marker."""
    near_line: int | None = None
    within: str = ""


@dataclass(frozen=True, slots=True)
class BlockKind:
    """One kind of block: its markers, and what its lines mean."""

    opener: str
    closer: str
    read: Callable[[Heading, Sequence[str]], tuple[Block, ...]]
    """Takes the lines between the markers, each with its line end."""


def may_be_block_marker(line: str) -> bool:
    """Tell quickly whether a line within a block deserves a closer look."""
    return line[:1] in _ANGLES


def may_be_marker(line: str) -> bool:
    """Tell quickly whether a line between blocks deserves a closer look."""
    return line[:1] in _FIRST_CHARACTERS or line[:1] in " \t"


def is_like_block_marker(line: str) -> bool:
    """Tell whether a line within a block reads as a block's marker, evened out."""
    return _BLOCK_WORD.match(evened(line)) is not None


def is_like_marks(line: str) -> bool:
    """Tell whether a line between blocks reads as some block's beginning or end, evened out."""
    return _MARKS.match(evened(line).strip()) is not None


def is_like_file_line(line: str) -> bool:
    """Tell whether a line between blocks may be meant to name the next file, evened out."""
    return _FILE_WORD.match(evened(line).strip()) is not None


def is_like_operation(line: str) -> bool:
    """Tell whether a line between blocks reads as a file operation, evened out."""
    return _OPERATION_WORD.match(evened(line).strip()) is not None


def evened(line: str) -> str:
    """Return a line with every look-alike of a mark written as the mark."""
    if line.isascii():
        return line
    return unicodedata.normalize("NFKC", line).translate(_LOOK_ALIKES)
