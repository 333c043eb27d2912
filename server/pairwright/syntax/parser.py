"""What is the tree of a text? The only module that knows tree-sitter.

Trees count bytes of UTF-8 and everyone else counts code points; both meet here and nowhere else.
Parsing is bounded in size, in depth where a grammar needs it, and in the parser's own steps, not by
a clock, so that the same text always has the same tree.
"""

import importlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cache

import tree_sitter

from pairwright.syntax.languages.language import MEANINGS, Language
from pairwright.syntax.regions import ChangedRegion, point_at, region_between

MAX_TEXT_BYTES = 1_000_000
MAX_STEPS = 24_000
"""Each is a hundred of the parser's; a real file needs 5 to 22 for a thousand bytes."""
EDIT_STEPS = 150
"""For an edit that changes little but its own place; a quarter of what an open quote can take."""
MAX_ERROR_WIDTH = 5_000
"""Children of one node that did not parse; queries take the square of it."""
_FEW_PROBLEMS = 20
_PIECE_BYTES = 512
"""Each condition of a query on a name (`#eq?`) reads and copies a piece, too."""
_SMALL_REGION_BYTES = 2_000
"""To look at so much again costs next to nothing."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_TO_NEXT_TOKEN = re.compile(rb"\s*\S?")
_CAPTURE = re.compile(r"@(\w+)")

Node = tree_sitter.Node
Match = Mapping[str, list[Node]]
"""Nodes by the names of the captures."""
Findings = Mapping[str, list[Match]]
"""Matches by one of `MEANINGS`."""


class MissingGrammar(Exception):
    """A language's grammar is not installed; the message says how to get it."""


class FarReaching(Exception):
    """An edit changes the tree far from its place, so that to parse again takes long."""


class SyntaxTree:
    """A parsed text."""

    def __init__(
        self, text: str, source: bytes, tree: tree_sitter.Tree, problems: tuple[Node, ...]
    ) -> None:
        """Use `parse`."""
        self.text = text
        self.problems = problems
        """The nodes that did not parse, or that had to be made up, in the text's order."""
        self.source = source
        """The text as the parser saw it: UTF-8."""
        self._tree = tree
        self.is_ascii = len(text) == len(source)
        """Whether bytes and code points count alike."""
        self._offsets = _Offsets(text) if not self.is_ascii else None

    @property
    def root(self) -> Node:
        """The node of the whole text."""
        return self._tree.root_node

    @property
    def is_whole(self) -> bool:
        """Whether the text as such was understood, whatever is broken in few places of it."""
        return not self.root.is_error and len(self.problems) <= _FEW_PROBLEMS

    def offsets_at(self, places: Sequence[int]) -> Sequence[int]:
        """Return where bytes of `source` stand in `text`, in code points."""
        return places if self._offsets is None else self._offsets.at(places)

    def offsets_in_order(self, places: Sequence[int]) -> Sequence[int]:
        """Return what `offsets_at` does of many places, each of which is after the one before."""
        return places if self._offsets is None else self._offsets.in_order(places)

    def offsets_of(self, node: Node) -> Sequence[int]:
        """Return where a node begins and ends, in code points."""
        return self.offsets_at(node.byte_range)

    def text_of(self, node: Node) -> str:
        """Return a node's text."""
        return self.text_between(*node.byte_range)

    def text_between(self, start: int, end: int) -> str:
        """Return the text of a range of bytes."""
        if self.is_ascii:
            return self.text[start:end]
        return self.source[start:end].decode()

    def edit_to(self, text: str) -> ChangedRegion:
        """Return what of the text another text replaces, and with what."""
        return region_between(self.source, _encoded(text))

    def edited(self, source: bytes, edit: ChangedRegion) -> tree_sitter.Tree:
        """Return the parser's tree, told which part of its text another text replaces."""
        tree = self._tree.copy()
        tree.edit(
            edit.start,
            edit.old_end,
            edit.end,
            point_at(self.source, edit.start),
            point_at(self.source, edit.old_end),
            point_at(source, edit.end),
        )
        return tree

    def with_whole_parts(self, region: ChangedRegion) -> ChangedRegion:
        """Return a region with all that it touches, in the text before: lines, and outer nodes."""
        places = [child.byte_range for child in self.root.children]
        start, end = region.start, region.old_end
        while True:
            line_end = self.source.find(b"\n", end)
            wider_start = self.source.rfind(b"\n", 0, start) + 1
            wider_end = line_end if line_end >= 0 else len(self.source)
            wider = _touched(places, wider_start, wider_end)
            if wider == (start, end):
                return ChangedRegion(start, end + region.end - region.old_end, end)
            start, end = wider

    def region_changed(
        self, before: "SyntaxTree", edited: tree_sitter.Tree, edit: ChangedRegion
    ) -> ChangedRegion:
        """Return the whole nodes, here and in the tree before, that an edit changed."""
        shift = edit.end - edit.old_end
        ranges = edited.changed_ranges(self._tree)
        start = min([edit.start, *(each.start_byte for each in ranges)])
        end = max([edit.end, *(each.end_byte for each in ranges)])
        now, then = self.root, before.root
        while True:
            region = _widened(now, then, start, end, shift)
            inner_now = _only_child_around(now, region.start, region.end)
            inner_then = _only_child_around(then, region.start, region.old_end)
            if inner_now is None or inner_then is None or inner_now.type != inner_then.type:
                return region
            now, then = inner_now, inner_then

    def findings(self, language: Language, within: tuple[int, int] | None = None) -> Findings:
        """Return what the language's queries match, by what it means, in about the text's order.

        Args:
            language: the text's.
            within: all matches that touch this range of bytes, and few others.
        """
        query, meanings = _query(language)
        cursor = tree_sitter.QueryCursor(query)
        if within is not None:
            # A pattern that may end with more is given up at the range's end, not at its node's.
            beyond = _TO_NEXT_TOKEN.match(self.source, within[1])
            cursor.set_byte_range(max(within[0] - 1, 0), beyond.end() if beyond else within[1])
        found: dict[str, list[Match]] = {meaning: [] for meaning in MEANINGS}
        by_pattern = [found[meaning] for meaning in meanings]
        for pattern, match in cursor.matches(self._tree.root_node):
            by_pattern[pattern].append(match)
        return found


def parse(language: Language, text: str) -> SyntaxTree | None:
    """Return the tree of a text; None when it is too large or too deep, or would take too long.

    Raises:
        MissingGrammar: the language's grammar is not installed.
    """
    return _parse(language, text, _encoded(text))


def parse_again(
    language: Language, text: str, before: SyntaxTree, max_steps: int = MAX_STEPS
) -> tuple[SyntaxTree | None, ChangedRegion | None]:
    """Return the tree of a text that came from another by an edit, in the time the edit takes.

    Without problems it is the tree that `parse` gives, but for rare ambiguities. With some, the
    parser may recover in another way than from the text alone.

    Returns:
        The tree, as `parse` does, and what changed in it.

    Raises:
        FarReaching: it takes more than these steps, and they are less than a text may take.
        MissingGrammar: the language's grammar is not installed.
    """
    source, edit = _encoded(text), before.edit_to(text)
    edited = before.edited(source, edit)
    tree = _parse(language, text, source, edited, max_steps=max_steps)
    return tree, tree.region_changed(before, edited, edit) if tree is not None else None


def parse_part(language: Language, text: str, region: ChangedRegion) -> SyntaxTree | None:
    """Return the tree of a region as if nothing else were in the text; None as `parse` does.

    Raises:
        MissingGrammar: the language's grammar is not installed.
    """
    return _parse(language, text, _encoded(text), part=(region.start, region.end))


def _encoded(text: str) -> bytes:
    """Return a text in UTF-8, with a sign of the same width for half of a surrogate pair.

    A query's conditions on a name decode it and would fail.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


def parse_bare(language: Language, source: bytes) -> None:
    """Parse UTF-8, run the language's query and throw all away: the least that reading can cost.

    For measuring, with texts that `parse` gives a tree of: nothing is bounded here.
    """
    tree = tree_sitter.Parser(_grammar(language)).parse(source)
    tree_sitter.QueryCursor(_query(language)[0]).matches(tree.root_node)


def _parse(
    language: Language,
    text: str,
    source: bytes,
    old_tree: tree_sitter.Tree | None = None,
    *,
    part: tuple[int, int] | None = None,
    max_steps: int = MAX_STEPS,
) -> SyntaxTree | None:
    if len(source) > MAX_TEXT_BYTES or any(each.is_passed_by(source) for each in language.bounds):
        return None
    parser = tree_sitter.Parser(_grammar(language))
    if part is not None:
        first, last = part
        points = point_at(source, first), point_at(source, last)
        parser.included_ranges = [tree_sitter.Range(*points, first, last)]
    steps_left = max_steps

    def must_stop(_offset: int, _has_error: bool) -> bool:
        nonlocal steps_left
        steps_left -= 1
        return steps_left < 0

    def piece_at(offset: int, _point: object) -> bytes:
        return source[offset : offset + _PIECE_BYTES]

    try:
        if old_tree is None:
            tree = parser.parse(piece_at, progress_callback=must_stop)
        else:
            tree = parser.parse(piece_at, old_tree, progress_callback=must_stop)
    except ValueError:
        if steps_left >= 0:
            raise
        if max_steps < MAX_STEPS:
            raise FarReaching from None
        return None
    problems = _problem_nodes(tree.root_node)
    if any(node.child_count > MAX_ERROR_WIDTH for node in problems):
        return None
    return SyntaxTree(text, source, tree, problems)


def _widened(now: Node, then: Node, start: int, end: int, shift: int) -> ChangedRegion:
    """Return the children of two nodes that a range touches: whole ones, and alike beside it."""
    places_now = [child.byte_range for child in now.children]
    places_then = [child.byte_range for child in then.children]
    while True:
        start, end = _touched(places_now, start, end)
        old_start, old_end = _touched(places_then, start, end - shift)
        if (old_start, old_end + shift) == (start, end):
            return ChangedRegion(start, end, old_end)
        start, end = old_start, old_end + shift


def _touched(places: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return a range that cuts through none of some places, nor touches one that it leaves out."""
    touched = [place for place in places if place[1] >= start and place[0] <= end]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])


def _only_child_around(node: Node, start: int, end: int) -> Node | None:
    """Return the large child that has exactly this place; None: no such."""
    if end - start < _SMALL_REGION_BYTES:
        return None
    return next((child for child in node.children if child.byte_range == (start, end)), None)


def _problem_nodes(root: Node) -> tuple[Node, ...]:
    pending = [root] if root.has_error else []
    problems = []
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            problems.append(node)
        pending += [child for child in reversed(node.children) if child.has_error]
    return tuple(problems)


class _Offsets:
    """Bytes of UTF-8 to code points, for one text."""

    def __init__(self, text: str) -> None:
        self._ends: list[int] = []
        self._surplus: list[int] = [0]
        surplus = 0
        for match in _NON_ASCII.finditer(text):
            code_point = ord(match[0])
            width = 2 if code_point < 0x800 else 3 if code_point < 0x10000 else 4
            surplus += width - 1
            self._ends.append(match.end() + surplus)
            self._surplus.append(surplus)

    def at(self, places: Sequence[int]) -> Sequence[int]:
        ends, surplus = self._ends, self._surplus
        return [byte - surplus[bisect_right(ends, byte)] for byte in places]

    def in_order(self, places: Sequence[int]) -> Sequence[int]:
        if len(self._ends) > len(places):
            return self.at(places)
        found: list[int] = []
        for end, surplus in zip((*self._ends, places[-1] + 1), self._surplus, strict=True):
            upto = bisect_left(places, end, len(found))
            found += [byte - surplus for byte in places[len(found) : upto]]
        return found


@cache
def _grammar(language: Language) -> tree_sitter.Language:
    module_name, function = language.grammar
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise MissingGrammar(
            f"no grammar for {language.name} is installed: pip install 'pairwright[languages]'"
        ) from error
    return tree_sitter.Language(getattr(module, function)())


@cache
def _query(language: Language) -> tuple[tree_sitter.Query, Sequence[str]]:
    """Return all that is looked for, in one walk, and what each of its patterns means."""
    source = language.definitions + language.references
    query = tree_sitter.Query(_grammar(language), source)
    return query, [_meaning(query, source.encode(), each) for each in range(query.pattern_count)]


def _meaning(query: tree_sitter.Query, source: bytes, pattern: int) -> str:
    start, end = query.start_byte_for_pattern(pattern), query.end_byte_for_pattern(pattern)
    captures = set(_CAPTURE.findall(source[start:end].decode()))
    return next(filter(captures.__contains__, MEANINGS))
