"""How is a whole workspace written as one string?

`#- pkg/a.py` on a line of its own begins a file. `<cursor>` marks a place, `<sel>…</sel>` a
selection; the marks are taken out of the text, and their places are offsets in code points.
"""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^#- (?P<path>\S.*?)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_MARK = re.compile(r"<cursor>|<sel>|</sel>")


@dataclass(frozen=True, slots=True)
class ParsedWorkspace:
    """Files by their path, and where the marks were."""

    files: dict[str, str]
    cursor: tuple[str, int] | None = None
    """The path, and the offset in the file without marks."""
    selection: tuple[str, int, int] | None = None
    """The path, the start and the end (excluded)."""


def parse_workspace(text: str) -> ParsedWorkspace:
    """Return the files and marks of a workspace string.

    Blank lines before the first heading are skipped; a file's text reaches up to the next heading,
    unchanged but for the marks.

    Raises:
        ValueError: text before the first heading, a path that comes twice, a mark that comes twice
            or has no partner.
    """
    headings = list(_HEADING.finditer(text))
    before = text[: headings[0].start()] if headings else text
    if before.strip():
        raise ValueError(f"text before the first '#- path' heading: {before.strip()[:40]!r}")
    files: dict[str, str] = {}
    marks: dict[str, tuple[str, int]] = {}
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    for heading, end in zip(headings, ends, strict=False):
        path = heading["path"]
        if path in files:
            raise ValueError(f"{path!r} comes twice")
        files[path] = _without_marks(path, text[heading.end() : end], marks)
    return ParsedWorkspace(files, marks.get("<cursor>"), _selection(marks))


def _without_marks(path: str, text: str, marks: dict[str, tuple[str, int]]) -> str:
    removed = 0
    for match in _MARK.finditer(text):
        if match[0] in marks:
            raise ValueError(f"{match[0]} comes twice")
        marks[match[0]] = (path, match.start() - removed)
        removed += len(match[0])
    return _MARK.sub("", text)


def _selection(marks: dict[str, tuple[str, int]]) -> tuple[str, int, int] | None:
    begin, end = marks.get("<sel>"), marks.get("</sel>")
    if begin is None and end is None:
        return None
    if begin is None or end is None or begin[0] != end[0] or begin[1] > end[1]:
        raise ValueError("<sel> and </sel> must be a pair, in one file and in this order")
    return (begin[0], begin[1], end[1])
