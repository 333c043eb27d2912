"""How is one file's text built, for folding it and for selecting more and more of it?

Told from the outline and from how lines are indented, which is much the same in all languages: no
tree is at hand, and none is needed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pairwright.syntax.outline import FileOutline, Symbol
from pairwright.text.ranges import LineIndex, TextRange, line_contents

_WORD = re.compile(r"\w+")
_CLOSERS = (")", "]", "}", "end", "</", "fi", "done", "esac", "*/")
_TAB = 8


class FoldingKind(StrEnum):
    """What is folded, where editors fold some of it at once."""

    CODE = "region"
    IMPORTS = "imports"


@dataclass(frozen=True, slots=True)
class Folding:
    """Lines of which the first stays visible."""

    first_line: int
    last_line: int
    kind: FoldingKind = FoldingKind.CODE


class Shapes:
    """What a file's lines and definitions are inside of."""

    def __init__(self, outline: FileOutline, text: str) -> None:
        """Look at the lines once; the outline is that of the text."""
        self._outline = outline
        self._text = text
        self._index = LineIndex(text)
        self._lines = line_contents(text)
        self._indents = [_indent_of(line) for line in self._lines]

    def foldings(self) -> tuple[Folding, ...]:
        """Return what can be folded, in the order of the first lines, one for each first line."""
        found: dict[int, Folding] = {}
        for folding in (*self._imports(), *self._definitions(), *self._blocks()):
            found.setdefault(folding.first_line, folding)
        return tuple(found[line] for line in sorted(found))

    def around(self, offset: int) -> tuple[TextRange, ...]:
        """Return what is around a place, each inside of the next; the last is the whole text."""
        kept = [TextRange(offset, offset)]
        for each in sorted(self._candidates(offset), key=len):
            last = kept[-1]
            if each.start <= last.start and last.end <= each.end and len(each) > len(last):
                kept.append(each)
        return tuple(kept[1:] or kept)

    def _candidates(self, offset: int) -> Iterator[TextRange]:
        line = self._index.line_of(offset)
        start = self._index.start_of(line)
        content = self._lines[line] if line < len(self._lines) else ""
        for word in _WORD.finditer(content):
            yield TextRange(start + word.start(), start + word.end())
        stripped = content.strip()
        if stripped:
            begin = start + content.index(stripped)
            yield TextRange(begin, begin + len(stripped))
        for reference in self._outline.references:
            if reference.range.start <= offset <= reference.range.end:
                yield reference.range
        for symbol in self._outline.symbols:
            if symbol.range.start <= offset <= symbol.range.end:
                yield symbol.name_range
                yield symbol.range
                if symbol.body_range is not None:
                    yield symbol.body_range
        yield from self._blocks_around(line)
        yield TextRange(0, len(self._text))

    def _blocks_around(self, line: int) -> Iterator[TextRange]:
        """Give the blocks of lines around a line, from the inside out, each without its head."""
        if line >= len(self._lines) or self._indents[line] is None:
            return
        first = last = line
        indent: int | None = self._indents[line]
        while indent is not None:
            first = self._reach(first, -1, indent)
            last = self._reach(last, 1, indent)
            yield self._of_lines(first, last)
            head = first - 1
            while head >= 0 and self._indents[head] is None:
                head -= 1
            indent = self._indents[head] if head >= 0 else None

    def _reach(self, line: int, step: int, indent: int) -> int:
        """Return the last line in a direction of those that are indented no less."""
        reached, current = line, line + step
        while 0 <= current < len(self._lines):
            found = self._indents[current]
            if found is not None:
                if found < indent:
                    break
                reached = current
            current += step
        return reached

    def _of_lines(self, first: int, last: int) -> TextRange:
        start = self._index.start_of(first)
        indented = len(self._lines[first]) - len(self._lines[first].lstrip())
        return TextRange(start + indented, self._index.start_of(last) + len(self._lines[last]))

    def _imports(self) -> Iterator[Folding]:
        lines = sorted({self._index.line_of(each.range.start) for each in self._outline.imports})
        for run in _runs(lines):
            if len(run) > 1:
                yield Folding(run[0], run[-1], FoldingKind.IMPORTS)

    def _definitions(self) -> Iterator[Folding]:
        for symbol in self._outline.symbols:
            first = self._head_line(symbol)
            last = self._index.line_of(max(symbol.range.end - 1, symbol.range.start))
            if (folding := self._folding(first, last)) is not None:
                yield folding

    def _head_line(self, symbol: Symbol) -> int:
        """Return the line that stays visible: the last one before the body."""
        if symbol.body_range is None:
            return self._index.line_of(symbol.name_range.start)
        line = self._index.line_of(symbol.body_range.start)
        before = self._text[self._index.start_of(line) : symbol.body_range.start]
        own = self._index.line_of(symbol.name_range.start)
        return max(line if before.strip() else line - 1, own)

    def _blocks(self) -> Iterator[Folding]:
        """Give each line that is followed by lines that are indented deeper, with these."""
        open_heads: list[tuple[int, int]] = []
        last = -1
        for line, indent in enumerate(self._indents):
            if indent is None:
                continue
            while open_heads and open_heads[-1][1] >= indent:
                head, _ = open_heads.pop()
                if last > head:
                    yield Folding(head, last)
            open_heads.append((line, indent))
            last = line
        for head, _ in open_heads:
            if last > head:
                yield Folding(head, last)

    def _folding(self, first: int, last: int) -> Folding | None:
        last = min(last, len(self._lines) - 1)
        while last > first and self._indents[last] is None:
            last -= 1
        if last > first and self._lines[last].strip().startswith(_CLOSERS):
            last -= 1
        return Folding(first, last) if last > first else None


def _indent_of(line: str) -> int | None:
    """Return how far a line is indented; None: it is blank."""
    stripped = line.lstrip()
    if not stripped:
        return None
    return len(line[: len(line) - len(stripped)].expandtabs(_TAB))


def _runs(lines: Iterable[int]) -> Iterator[list[int]]:
    """Give the runs of lines that follow each other."""
    run: list[int] = []
    for line in lines:
        if run and line > run[-1] + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run
