"""What can be asked of the index, and what does it answer? Plain data, like all messages.

Lines and columns are zero-based and count code points; paths are relative to the workspace's root.
"""

from typing import Literal

from pairwright.protocol.message import message


@message
class Freshness:
    """How far an answer can be trusted."""

    revision: int
    files: int
    """Those that the workspace has, read or not."""
    pending: int
    """Files that are known and not yet read: what they hold is missing from the answer."""
    is_complete: bool
    """Whether every file was read when this was answered."""
    is_checked: bool
    """Whether each file that the answer names was compared with the disk or the editor's text."""


@message
class Place:
    """A range of a file, with the line that it begins on."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    line_text: str
    """Of a very long line the part around the place."""
    shown_from: int
    """The column at which `line_text` begins: 0 unless the line is very long."""


@message
class IndexParams:
    """What to wait for before the answer."""

    wait: bool = True
    """Until every file was read."""
    after_revision: int | None = None
    """Until the workspace is past this revision."""
    partial_result_token: str | int | None = None


@message
class IndexProgress:
    """How far the index is; sent under the token while it is waited for."""

    kind: Literal["indexProgress"] = "indexProgress"
    files: int
    pending: int
    parsed: int
    """Files parsed since the daemon started; others came from the cache."""
    cached: int


@message
class LanguageCount:
    """How much of a language the workspace holds."""

    language: str
    files: int
    not_parsed: int
    reason: str
    """Why those were not parsed; empty when all were."""


@message
class UnreadFile:
    """A file that is listed and has no text for us, or was not parsed."""

    path: str
    reason: str


@message
class IndexReport:
    """What the index knows."""

    freshness: Freshness
    languages: tuple[LanguageCount, ...]
    symbols: int
    references: int
    parsed: int
    cached: int
    problems: int
    """Files with syntax errors."""
    unread: tuple[UnreadFile, ...]
    """At most 200 of them."""
    unread_count: int
    notice: str
    """What a person should know about how files are watched; empty when all is well."""
    table_hash: str
    """Equal indexes have equal hashes."""
    elapsed_s: float
    """Seconds from the daemon's first look at the files until the index was complete, or until
    now."""


@message
class SymbolsParams:
    """A name, or some of its letters: `gbn` finds `get_by_name`, `Stack.pu` finds `Stack.push`."""

    query: str
    limit: int = 50


@message
class SymbolView:
    """A definition."""

    name: str
    """Qualified within its file."""
    kind: str
    place: Place
    signature: str
    doc: str
    score: float


@message
class SymbolsResult:
    """Definitions, the best first."""

    freshness: Freshness
    symbols: tuple[SymbolView, ...]


@message
class ReferencesParams:
    """A definition by name: `push`, `Stack.push`, or with its file, `pkg/stack.py:Stack.push`."""

    name: str
    limit: int = 500


@message
class ReferenceView:
    """A use of a definition."""

    place: Place
    role: str
    confidence: Literal["exact", "likely", "byName"]


@message
class ReferencesOf:
    """One definition with its uses."""

    symbol: SymbolView
    references: tuple[ReferenceView, ...]
    """By path and line, up to the limit."""
    total: int
    is_cut: bool = False
    """Whether it took too long, so that there may be more."""


@message
class ReferencesResult:
    """Each definition that the name may mean, with its uses."""

    freshness: Freshness
    definitions: tuple[ReferencesOf, ...]
    total: int
    """How many the name may mean: of very many, or when it takes too long, only the first are
    given."""


@message
class SearchParams:
    """A text or a regular expression to be looked for in all files."""

    text: str
    is_regex: bool = False
    is_case_sensitive: bool | None = None
    """None: only when the text holds a capital letter."""
    include: str | None = None
    """What paths must match, written as in `.gitignore`: `*.py`, `src/**/*.ts`."""
    limit: int = 200


@message
class SearchMatch:
    """One match."""

    place: Place


@message
class SearchResult:
    """Matches by file, the most telling files first."""

    freshness: Freshness
    matches: tuple[SearchMatch, ...]
    files: int
    """In how many files there is a match, of those that were looked at."""
    is_cut: bool
    """Whether there may be more: the limit or the time was reached."""
    note: str
    """Why it was cut; empty when it was not."""


@message
class MapParams:
    """What the map should be about."""

    focus: tuple[str, ...] = ()
    """Files, or names of definitions."""
    tokens: int = 1000


@message
class MapEntryView:
    """One file of the map."""

    path: str
    reason: str
    symbols: tuple[str, ...]
    tokens: int


@message
class MapResult:
    """The most important definitions, within the budget."""

    freshness: Freshness
    text: str
    tokens: int
    entries: tuple[MapEntryView, ...]
