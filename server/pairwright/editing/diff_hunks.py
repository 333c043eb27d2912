"""Where does a hunk of a unified diff begin and end, and which lines does it hold?

The numbers of its `@@` line count as little as possible: models get them wrong. They tell a removed
line `-- x` from a heading, blank lines of a hunk from those behind it, and a diff that was cut.
"""

import re
from dataclasses import dataclass, field

_HUNK = re.compile(r"@@+ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_ENDINGS = ("@@", "diff --git ", "Index: ")
_FENCE = "```"
_UNCOUNTED = "lines follow the hunk that its '@@' line does not count: correct it, or write '@@ @@'"
_SHOWN = 60


@dataclass(slots=True)
class DiffHunk:
    """The lines of one hunk, each with its line end, without their marks."""

    old_start: int | None = None
    """One-based, as the hunk says; 0 for a file without lines, None when it does not say."""
    old_lines: list[str] = field(default_factory=list)
    new_lines: list[str] = field(default_factory=list)
    problem: str = ""
    """Why it cannot be used; worded for the model."""


class DiffLines:
    """The lines of a diff, read from the first to the last."""

    def __init__(self, text: str, *, is_framed: bool) -> None:
        """Read a text; a framed one is known to be whole and holds no prose."""
        self._lines = _split(text)
        self._at = 0
        self._is_framed = is_framed
        self.is_below_git_heading = False
        """Whether the lines since the last `diff --git` line are of its heading still."""

    @property
    def current(self) -> str | None:
        """The next line; None at the end."""
        return self._line(self._at)

    def skip(self) -> None:
        """Go past a line that is no part of a hunk."""
        line = self.current or ""
        self.is_below_git_heading = line.startswith("diff --git ") or self.is_below_git_heading
        self._at += 1

    def take(self) -> str:
        """Return the next line and go past it."""
        line = self._lines[self._at]
        self._at += 1
        self.is_below_git_heading = False
        return line

    def is_at_names(self) -> bool:
        """Tell whether a `---` and a `+++` line are next."""
        return self._are_names(self._at)

    def is_at_hunk(self) -> bool:
        """Tell whether a hunk is next; within an answer, its `@@` line may be missing."""
        line = self.current or ""
        if line.startswith("@@"):
            return True
        return self._is_framed and line[:1] in ("+", "-", " ") and bool(line.strip())

    def take_hunk(self) -> DiffHunk:
        """Return the next hunk and go past it."""
        self.is_below_git_heading = False
        line = self.current or ""
        counts = _HUNK.match(line)
        hunk = DiffHunk(int(counts[1]) if counts else None)
        left = None
        if counts and not self._is_framed:
            left = _Left(int(counts[2] or 1), int(counts[4] or 1))
        if line.startswith("@@"):
            self._at += 1
        self._take_lines(hunk, left)
        return hunk

    def _take_lines(self, hunk: DiffHunk, left: "_Left | None") -> None:
        blanks: list[str] = []
        has_ended = False
        mark = ""
        while (line := self.current) is not None and not self._ends_hunk(line, left):
            is_full = left is not None and left.is_full
            if not line.strip("\r\n"):
                blanks.append(line)
                has_ended = has_ended or is_full
            elif line.startswith("\\"):
                _drop_line_end(hunk, mark)
            elif line[0] in "+- ":
                if has_ended:
                    hunk.problem = _UNCOUNTED
                for blank in blanks:
                    _add(hunk, left, " ", blank)
                blanks = []
                mark = line[0]
                _add(hunk, left, mark, line[1:])
            elif is_full:
                if self._is_continued():
                    hunk.problem = _UNCOUNTED
                break
            else:
                hunk.problem = hunk.problem or (
                    f"the hunk's line {line.rstrip()[:_SHOWN]!r} begins neither with ' ' nor with "
                    "'+' or '-'"
                )
            self._at += 1
        if left is not None:
            # A blank line that lost its mark at the hunk's end, and nothing else, is missing.
            for blank in blanks[: left.old if left.old == left.new else 0]:
                _add(hunk, left, " ", blank)
            if self.current is None and left.is_short and not hunk.problem:
                hunk.problem = (
                    "the diff ends before its last hunk has the lines that its '@@' line counts: "
                    "was it cut? Send all of it, or write '@@ @@'"
                )

    def _ends_hunk(self, line: str, left: "_Left | None") -> bool:
        if line.startswith(_ENDINGS):
            return True
        if line.startswith(_FENCE):
            # A fence among marked lines is a line that lost its mark.
            return (self._line(self._at + 1) or "")[:1] not in ("+", "-", " ")
        if line.rstrip() == "--" and left is not None and left.is_full:
            return True
        if left is None or not self._are_names(self._at):
            return self._are_names(self._at)
        is_last_pair = left.old == 1 and left.new == 1
        # Before a blank line, which nobody writes below names, they are lines that are counted yet.
        behind = self._line(self._at + 2)
        are_counted = behind is not None and not behind.strip() and left.old > 0 and left.new > 0
        return not is_last_pair and not are_counted

    def _is_continued(self) -> bool:
        """Tell whether marked lines come before a blank line or another hunk: not only words."""
        at = self._at
        while (line := self._line(at)) and line.strip() and not line.startswith(_ENDINGS):
            if line[0] in "+-" and not self._are_names(at):
                return True
            at += 1
        return False

    def _are_names(self, at: int) -> bool:
        old, new, behind = self._line(at), self._line(at + 1), self._line(at + 2)
        if not (old and new and old.startswith("--- ") and new.startswith("+++ ")):
            return False
        return behind is None or not behind.strip() or behind.startswith("@@")

    def _line(self, at: int) -> str | None:
        return self._lines[at] if at < len(self._lines) else None


@dataclass(slots=True)
class _Left:
    """How many lines a hunk still announces; below zero when it holds more than that."""

    old: int
    new: int

    @property
    def is_full(self) -> bool:
        return self.old <= 0 and self.new <= 0

    @property
    def is_short(self) -> bool:
        return self.old > 0 or self.new > 0


def _split(text: str) -> list[str]:
    *lines, last = text.split("\n")
    return [*(line + "\n" for line in lines), *([last] if last else [])]


def _add(hunk: DiffHunk, left: _Left | None, mark: str, line: str) -> None:
    if mark != "+":
        hunk.old_lines.append(line)
    if mark != "-":
        hunk.new_lines.append(line)
    if left is not None:
        left.old -= mark != "+"
        left.new -= mark != "-"


def _drop_line_end(hunk: DiffHunk, mark: str) -> None:
    for lines, other in ((hunk.old_lines, "+"), (hunk.new_lines, "-")):
        if lines and mark != other:
            lines[-1] = lines[-1].rstrip("\r\n")
