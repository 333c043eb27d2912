"""Where does a text or a regular expression occur? Bounded in time, whatever the expression.

Files are looked at as they are now, the editors' unsaved text included; `text_index` rules most of
them out beforehand.
"""

import itertools
import math
import string
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairwright.errors import InvalidRequest, StaleChange
from pairwright.index.analysis import Analysis
from pairwright.index.text_index import TextIndex
from pairwright.syntax.languages.registry import is_test_path
from pairwright.text.ranges import TextRange
from pairwright.workspace.documents import Document
from pairwright.workspace.ignore import path_matcher
from pairwright.workspace.paths import WorkspacePath

if TYPE_CHECKING:
    import regex

MAX_PATTERN = 1000
"""Characters of what is searched."""
_MOST_A_FILE = 50
"""Matches of one file that are given; the others only count."""
_FILE_SHARE_S = 1.0
"""Seconds that one file may take of the time there is."""
_PLAIN = frozenset(string.ascii_letters + string.digits + "_ -/:=\"'<>,;@#%&~!")
_MAY_BE_ABSENT = ("*", "?", "{")
"""What stands after a character that a match need not hold."""


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What is looked for."""

    text: str
    is_regex: bool = False
    is_case_sensitive: bool | None = None
    """None: only when the text holds a capital letter."""
    include: str | None = None
    """What paths must match, written as in `.gitignore`: `*.py`, `src/**/*.ts`."""
    limit: int = 200


@dataclass(frozen=True, slots=True)
class FileMatches:
    """The matches in one file."""

    path: WorkspacePath
    ranges: tuple[TextRange, ...]
    text: str
    """The text in which they are."""
    score: float


@dataclass(frozen=True, slots=True)
class FoundText:
    """What was found; `files` begins with the most telling one."""

    files: tuple[FileMatches, ...]
    note: str
    """Why there may be more; empty when there is not."""
    changed: tuple[WorkspacePath, ...] = ()
    """Files that could not be looked at, because the disk says something else by now."""


def search_text(
    analysis: Analysis, query: TextQuery, text_index: TextIndex, *, timeout_s: float
) -> FoundText:
    """Return where a text occurs. Blocking: for a thread.

    Raises:
        InvalidRequest: the query is empty, too long, or no regular expression.
    """
    pattern = _compiled(query)
    deadline = time.monotonic() + timeout_s
    found: list[FileMatches] = []
    changed: list[WorkspacePath] = []
    count, note = 0, ""
    for document in _candidates(analysis, query, text_index):
        try:
            matches = _matches_in(document, pattern, deadline)
        except StaleChange:
            changed.append(document.path)
            continue
        except TimeoutError:
            note = f"{document.path!r} took too long: the search is not complete"
            continue
        if matches.ranges:
            found.append(matches)
            count += len(matches.ranges)
        if len(matches.ranges) == _MOST_A_FILE:
            note = f"of {document.path!r} the first {_MOST_A_FILE} matches are given"
        if count > query.limit:
            note = f"more than {query.limit} matches: narrow the search"
            break
        if time.monotonic() > deadline:
            note = f"stopped after {timeout_s:g} s: the search is not complete"
            break
    found.sort(key=lambda each: (-each.score, each.path))
    return FoundText(tuple(_cut(found, query.limit)), note, tuple(changed))


def literals_of(pattern: str) -> tuple[str, ...]:
    """Return strings that every match of a regular expression holds; fewer than there are."""
    if "|" in pattern or "(?" in pattern:
        return ()
    literals, run, depth, position = [], "", 0, 0
    while position < len(pattern):
        character = pattern[position]
        following = pattern[position + 1 : position + 2]
        if (
            character in _PLAIN
            and depth == 0
            and (following not in ("*", "?", "{") or not following)
        ):
            run += character
        else:
            literals.append(run)
            run = ""
            if character == "\\":
                position += 1
            elif character == "[":
                position = _end_of_class(pattern, position)
            elif character in "()":
                depth += 1 if character == "(" else -1
            elif character == "{":
                position = max(pattern.find("}", position), position)
        position += 1
    return tuple(literal for literal in (*literals, run) if len(literal) >= 3)


def _end_of_class(pattern: str, start: int) -> int:
    """Return where a class such as `[^]a-z]` ends; a bracket that is its first member is none."""
    position = start + 1 + pattern.startswith("^", start + 1)
    position += pattern.startswith("]", position)
    while position < len(pattern) and pattern[position] != "]":
        position += 2 if pattern[position] == "\\" else 1
    return position


def _compiled(query: TextQuery) -> "regex.Pattern[str]":
    import regex

    if not query.text or len(query.text) > MAX_PATTERN:
        raise InvalidRequest(f"give 1 to {MAX_PATTERN} characters to search for")
    if query.limit < 1:
        raise InvalidRequest("limit: at least 1")
    is_sensitive = query.is_case_sensitive
    if is_sensitive is None:
        is_sensitive = any(character.isupper() for character in query.text)
    flags = regex.MULTILINE | (0 if is_sensitive else regex.IGNORECASE)
    source = query.text if query.is_regex else regex.escape(query.text, special_only=True)
    try:
        return regex.compile(source, flags, cache_pattern=False)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        raise InvalidRequest(f"{query.text!r} is no regular expression: {error}") from None


def _candidates(analysis: Analysis, query: TextQuery, text_index: TextIndex) -> Iterator[Document]:
    """Give the documents that may match, source before tests."""
    documents = analysis.snapshot.documents
    literals = literals_of(query.text) if query.is_regex else (query.text,)
    ruled_out = text_index.without(literals, (each.digest for each in documents.values()))
    is_wanted = path_matcher(query.include) if query.include else None
    left = [
        document
        for path, document in documents.items()
        if document.digest not in ruled_out and (is_wanted is None or is_wanted(path))
    ]
    yield from sorted(left, key=lambda document: (is_test_path(document.path), document.path))


def _matches_in(document: Document, pattern: "regex.Pattern[str]", deadline: float) -> FileMatches:
    text = document.read_text()
    left_s = min(max(deadline - time.monotonic(), 0.01), _FILE_SHARE_S)
    matches = pattern.finditer(text, concurrent=True, timeout=left_s)
    ranges = tuple(TextRange(*match.span()) for match in itertools.islice(matches, _MOST_A_FILE))
    score = math.log2(1 + len(ranges)) / (4 if is_test_path(document.path) else 1)
    return FileMatches(document.path, ranges, text, score)


def _cut(found: Sequence[FileMatches], limit: int) -> Iterator[FileMatches]:
    for each in found:
        if limit <= 0:
            return
        yield FileMatches(each.path, each.ranges[:limit], each.text, each.score)
        limit -= len(each.ranges)
