"""Which blocks does an answer hold, and is it whole? The one parser of all answers.

    ### FILE path
    ### AT 120                   (where a block's lines are: a line's number or a symbol; optional)
    (a block's opening marker, its text, its closing marker; again for the same file, if wanted)
    ### DELETE path
    ### RENAME path
    ### TO new path
    ### END n

Whatever format a model was asked for, every kind of block is read: models mix them. What lies
between blocks is ignored: prose, and a Markdown fence around a block or around the whole answer.
What lies inside a block is text, verbatim; a text that holds such markers itself fits into a DIFF
block, whose lines begin with a mark of their own.
"""

import re

from pairwright.editing.blocks import Block, EditParser, MalformedBlock
from pairwright.editing.file_operations import OPERATION_MARKERS, FileOperations
from pairwright.editing.markers import (
    AT_MARKER,
    BLANKS,
    CLOSERS,
    END_MARKER,
    FILE_MARKER,
    OPENERS,
    SYMBOL_OPEN,
    BlockKind,
    Heading,
    is_like_block_marker,
    is_like_file_line,
    is_like_marks,
    is_like_operation,
    may_be_block_marker,
    may_be_marker,
)
from pairwright.editing.quoted_paths import unquoted_path
from pairwright.editing.search_replace import SEARCH_REPLACE_BLOCK
from pairwright.editing.symbol_body import WHOLE_SYMBOL_BLOCK
from pairwright.editing.unified_diff import DIFF_BLOCK
from pairwright.editing.whole_file import WHOLE_FILE_BLOCK
from pairwright.errors import Truncated

_KINDS = {
    kind.opener: kind
    for kind in (SEARCH_REPLACE_BLOCK, WHOLE_FILE_BLOCK, WHOLE_SYMBOL_BLOCK, DIFF_BLOCK)
}
_WORDS = (FILE_MARKER, AT_MARKER, END_MARKER, *OPERATION_MARKERS)
_LINE = re.compile(rf"({'|'.join(map(re.escape, _WORDS))})[ \t]+(.+)")
_COUNT = re.compile(r"[0-9]{1,6}")
_AT_LINE = re.compile(
    r"(?:lines?[ \t]+)?([0-9]{1,9})(?:[ \t]*[-,][ \t]*[0-9]{1,9})?", re.IGNORECASE
)
_SHOWN = 60


class AnswerParser:
    """The `EditParser` of all formats."""

    def __init__(self) -> None:
        """Begin before the answer's first character."""
        self._line_pieces: list[str] = []
        self._has_begun = False
        self._kind: BlockKind | None = None
        self._heading = Heading("")
        self._body: list[str] = []
        self._path = ""
        self._pathless_reason = f"the block has no '{FILE_MARKER} path' line before it"
        self._near_line: int | None = None
        self._within = ""
        self._operations = FileOperations()
        self._is_in_refused_block = False
        self._found = 0
        self._is_malformed = False
        self._announced: int | None = None

    @property
    def found(self) -> int:
        """How many blocks were found so far, broken ones too."""
        return self._found

    def feed(self, text: str) -> tuple[Block, ...]:
        """Read the next piece; return the blocks that it finished."""
        if "\n" not in text:
            self._line_pieces.append(text)
            return ()
        *lines, unfinished = ("".join(self._line_pieces) + text).split("\n")
        self._line_pieces = [unfinished]
        blocks: list[Block] = []
        for line in lines:
            blocks += self._read(line + "\n")
        return tuple(blocks)

    def finish(self) -> tuple[Block, ...]:
        """Read what is left once the answer is over; return the blocks that it finished.

        Raises:
            Truncated: the end marker is missing, or counts other blocks than were found; whatever
                blocks were returned before, the answer is none.
        """
        blocks = self._read("".join(self._line_pieces))
        self._line_pieces = []
        if self._kind is not None:
            raise Truncated(f"the answer ended inside a block for {self._path!r}")
        if self._announced is None or self._operations.is_open:
            raise Truncated(f"the answer ended without its last line, '{END_MARKER} n'")
        # Whoever breaks a block's frame miscounts: the broken block refuses the answer by itself.
        if self._announced != self._found and not self._is_malformed:
            raise Truncated(
                f"the answer's last line announces {self._announced} blocks, "
                f"and {self._found} were found"
            )
        return blocks

    def _read(self, line: str) -> tuple[Block, ...]:
        if self._kind is not None:
            return self._read_inside(self._kind, line)
        if not self._has_begun and line:
            self._has_begun = True
            line = line.removeprefix("\ufeff")
        if not may_be_marker(line):
            return ()
        return self._read_between(line.rstrip(BLANKS))

    def _read_inside(self, kind: BlockKind, line: str) -> tuple[Block, ...]:
        if not may_be_block_marker(line):
            self._body.append(line)
            return ()
        marker = line.rstrip(BLANKS)
        if marker == kind.closer:
            return self._close(kind)
        if _opener_of(marker) or marker in CLOSERS:
            return self._break(kind, marker)
        if is_like_block_marker(marker):
            reason = (
                f"the line {_shown(marker)} is almost a marker: close the block with "
                f"'{kind.closer}', exactly; a text with such a line fits only into a DIFF block"
            )
            self._abandon()
            self._is_in_refused_block = True
            return self._malformed(reason)
        self._body.append(line)
        return ()

    def _close(self, kind: BlockKind) -> tuple[Block, ...]:
        blocks = kind.read(self._heading, self._body)
        self._abandon()
        # A diff may name its file by itself.
        if not all(block.path for block in blocks):
            return self._malformed(self._pathless_reason)
        self._count_in(blocks)
        return blocks

    def _break(self, kind: BlockKind, marker: str) -> tuple[Block, ...]:
        """Refuse a block in which another one's marker stands."""
        self._abandon()
        if opener := _opener_of(marker):
            reason = (
                f"'{marker}' came before the block was closed with '{kind.closer}'; "
                "a text with such a line fits only into a DIFF block"
            )
            blocks = self._malformed(reason)
            self._open(_KINDS[opener], marker)
            return blocks
        return self._malformed(
            f"a block that begins with '{kind.opener}' ends with '{kind.closer}', "
            f"not with '{marker}'"
        )

    def _abandon(self) -> None:
        self._kind = None
        self._body = []

    def _read_between(self, marker: str) -> tuple[Block, ...]:
        if opener := _opener_of(marker):
            blocks = self._interrupt()
            self._open(_KINDS[opener], marker)
            return blocks
        if found := _LINE.fullmatch(marker):
            return self._read_line(found[1], found[2].strip())
        if marker in CLOSERS:
            return self._read_stray_closer(marker)
        if is_like_marks(marker):
            self._is_in_refused_block = True
            self._announced = None
            return self._malformed(
                f"{_shown(marker)} is no marker: open blocks with one of "
                f"{', '.join(repr(known) for known in OPENERS)}, exactly and not indented"
            )
        if is_like_file_line(marker):
            # Invariant: a block is never taken to be of the file before, when this may be another.
            self._path = ""
            self._pathless_reason = f"{_shown(marker)} is not '{FILE_MARKER} path', exactly"
        elif is_like_operation(marker):
            self._announced = None
            return self._malformed(f"{_shown(marker)} is no marker, and looks like one")
        return ()

    def _read_line(self, word: str, rest: str) -> tuple[Block, ...]:
        if word == END_MARKER:
            if not _COUNT.fullmatch(rest):
                return ()
            blocks = self._interrupt()
            self._announced = int(rest)
            return blocks
        # The end marker comes last: one that came before this line counts for nothing.
        self._announced = None
        if word == FILE_MARKER:
            self._path = unquoted_path(rest)
            self._forget_hints()
            self._is_in_refused_block = False
            return self._interrupt()
        if word == AT_MARKER:
            self._read_hint(rest)
            return ()
        # What follows an operation is about a file of its own, so it has to be named again.
        self._path = ""
        self._forget_hints()
        blocks = self._operations.read(word, rest)
        self._count_in(blocks)
        return blocks

    def _read_hint(self, hint: str) -> None:
        hint = hint.strip("`'\"")
        if found := _AT_LINE.fullmatch(hint):
            self._near_line = max(0, int(found[1]) - 1)
        else:
            self._within = hint

    def _read_stray_closer(self, marker: str) -> tuple[Block, ...]:
        if self._is_in_refused_block:
            self._is_in_refused_block = False
            return ()
        self._announced = None
        return self._malformed(
            f"'{marker}' closes no block: a text with such a line fits only into a DIFF block"
        )

    def _open(self, kind: BlockKind, marker: str) -> None:
        self._kind = kind
        self._is_in_refused_block = False
        symbol = marker.removeprefix(kind.opener).strip().strip("`'\"")
        self._heading = Heading(self._path, symbol, self._near_line, self._within)
        self._forget_hints()
        self._announced = None

    def _forget_hints(self) -> None:
        self._near_line = None
        self._within = ""

    def _interrupt(self) -> tuple[Block, ...]:
        blocks = self._operations.give_up()
        self._count_in(blocks)
        return blocks

    def _malformed(self, reason: str) -> tuple[Block, ...]:
        blocks = (MalformedBlock(self._path, reason),)
        self._count_in(blocks)
        return blocks

    def _count_in(self, blocks: tuple[Block, ...]) -> None:
        """Count one announced block, however many edits it is; none when there is nothing."""
        self._found += bool(blocks)
        self._is_malformed |= any(isinstance(block, MalformedBlock) for block in blocks)


def new_parser() -> EditParser:
    """Return a parser at the beginning of an answer."""
    return AnswerParser()


def _opener_of(marker: str) -> str:
    """Return the opening marker that a line is; empty when it is none."""
    if marker in _KINDS:
        return marker
    return SYMBOL_OPEN if marker.startswith(f"{SYMBOL_OPEN} ") else ""


def _shown(marker: str) -> str:
    return repr(marker.rstrip(BLANKS)[:_SHOWN])
