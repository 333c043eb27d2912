"""How is an outline found in a tree? By the language's queries, in loops, never by recursion.

Nesting has no bound that we know. What is found goes straight into columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter

from pairwright.syntax.definitions import (
    FUNCTIONS,
    KEY,
    MAX_NAME,
    NO_BODY,
    VARIABLE,
    Definition,
    own_name,
    placed,
)
from pairwright.syntax.documentation import described, doc_comments
from pairwright.syntax.facts import Facts, ImportFact, facts_after_edit, facts_in, part_to_read
from pairwright.syntax.languages.language import DocStyle, Language
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.outline import FileOutline, SymbolKind
from pairwright.syntax.packing import (
    KINDS,
    TEST_FLAG,
    OutlineRows,
    PackedOutline,
    Row,
    pack,
    unpack,
)
from pairwright.syntax.parser import (
    EDIT_STEPS,
    MAX_STEPS,
    FarReaching,
    MissingGrammar,
    SyntaxTree,
    parse,
    parse_again,
    parse_part,
)
from pairwright.syntax.references import add_references
from pairwright.text.ranges import LineIndex
from pairwright.workspace.documents import digest_text

EXTRACTION_VERSION = 1
"""Counted up when the same text, tree and queries come to another outline."""
MAX_PROBLEMS = 50
MAX_NAMED_ONCE = 20_000
"""Variables and keys of one file: a data file may have no end of them."""

_KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
_NO_END = 1 << 62
_NAMED_IN_PROSE = (SymbolKind.SECTION, KEY)


def outline_of(path: str, text: str) -> FileOutline:
    """Return what a file means, alone."""
    language = language_of(path)
    digest = digest_text(text)
    if language is None:
        return FileOutline(path, digest, None)
    return unpack(packed_outline_of(language, text), path, digest)


def packed_outline_of(language: Language, text: str) -> PackedOutline:
    """Return what a text in a language means."""
    return outlined(language, text).packed


@dataclass(frozen=True, slots=True)
class OutlinedText:
    """A text's outline, and what makes the outline of the next text cheaper."""

    packed: PackedOutline
    tree: SyntaxTree | None = None
    """None: it was not parsed."""
    facts: Facts | None = None
    is_torn: bool = False
    """An edit broke the text far beyond its own place: tree and facts are those before it."""

    @property
    def is_whole(self) -> bool:
        """Whether the text, or the one before it was torn, was understood as such."""
        return self.tree is not None and self.tree.is_whole


def outlined(language: Language, text: str, before: OutlinedText | None = None) -> OutlinedText:
    """Return what a text in a language means.

    Args:
        language: the text's.
        text: what is to be read.
        before: of the text from which this one came by an edit; only what changed is looked at.
            If the edit tears the text, as an open quote does, all beside it means what it meant.
    """
    try:
        if before is not None and before.tree is not None and before.facts is not None:
            return _outlined_again(language, text, before, before.tree, before.facts)
        tree = parse(language, text)
    except MissingGrammar as error:
        return OutlinedText(unparsed_outline(language, str(error)))
    if tree is None:
        return OutlinedText(tangled_outline(language))
    facts = facts_in(tree, language, tree.findings(language))
    return OutlinedText(_packed(language, tree, facts), tree, facts)


def _outlined_again(
    language: Language, text: str, before: OutlinedText, tree_before: SyntaxTree, facts: Facts
) -> OutlinedText:
    if not before.is_torn:
        most_steps = EDIT_STEPS if tree_before.is_whole else MAX_STEPS
        with suppress(FarReaching):
            return _outlined_upon(language, text, tree_before, facts, most_steps)
    region = part_to_read(tree_before, facts, tree_before.edit_to(text))
    part = parse_part(language, text, region)
    if part is None or not part.problems:
        return _outlined_upon(language, text, tree_before, facts)
    packed = _packed(language, part, facts_after_edit(part, language, tree_before, facts, region))
    return OutlinedText(packed, tree_before, facts, is_torn=True)


def _outlined_upon(
    language: Language,
    text: str,
    tree_before: SyntaxTree,
    before: Facts,
    most_steps: int = MAX_STEPS,
) -> OutlinedText:
    tree, region = parse_again(language, text, tree_before, most_steps)
    if tree is None or region is None:
        return OutlinedText(tangled_outline(language))
    facts = facts_after_edit(tree, language, tree_before, before, region)
    return OutlinedText(_packed(language, tree, facts), tree, facts)


def _packed(language: Language, tree: SyntaxTree, facts: Facts) -> PackedOutline:
    return pack(_Extraction(language, tree, facts).rows())


def unparsed_outline(language: Language, reason: str) -> PackedOutline:
    """Return the outline of a text that was not parsed."""
    return pack(OutlineRows(language.name, not_parsed=reason))


def tangled_outline(
    language: Language, reason: str = "too long or too tangled to be parsed"
) -> PackedOutline:
    """Return the outline of a text that `parse` refused: that is a problem of the text."""
    rows = OutlineRows(language.name, not_parsed=reason)
    rows.problems.append((0, 0, rows.strings[rows.not_parsed]))
    return pack(rows)


class _Extraction:
    """One outline on its way into rows."""

    def __init__(self, language: Language, tree: SyntaxTree, facts: Facts) -> None:
        self._language = language
        self._tree = tree
        self._facts = facts
        self._rows = OutlineRows(language.name)

    def rows(self) -> OutlineRows:
        definitions = placed(self._tree, self._facts.definitions)
        self._add_symbols(definitions)
        self._add_bindings(definitions)
        self._add_imports()
        self._add_links()
        defined = {each.name_start for each in definitions if each.row}
        add_references(self._rows, self._tree, self._language, self._facts.uses, defined)
        self._add_problems()
        return self._rows

    def _add_symbols(self, definitions: Iterable[Definition]) -> None:
        tree, language = self._tree, self._language
        names, strings, docs = self._rows.names, self._rows.strings, self._docs()
        seen: set[str] = set()
        latest: dict[int, Definition] = {}
        symbols: list[Row] = []
        for definition in definitions:
            kind, name = definition.kind, definition.qualified_name
            if kind is None or definition.is_local:
                continue
            if kind is VARIABLE or kind is KEY:
                if name in seen or len(seen) == MAX_NAMED_ONCE:
                    continue  # assigned again
                seen.add(name)
            around = definition.row_around
            if language.has_clauses:
                clause_before = latest.get(around)
                if clause_before is not None and clause_before.qualified_name == name:
                    _extend_symbol(symbols, clause_before.row, definition)
                    continue
                latest[around] = definition
            last_name = _last_name(tree, definition)
            signature, doc = described(tree, language, definition)
            if docs:
                doc = docs.get(tree.offsets_at((definition.outer_start,))[0], "")
            symbols.append(
                (
                    names[last_name.encode()],
                    strings[name],
                    around,
                    _KIND_NUMBERS[kind] | self._test_flag(definition, last_name),
                    definition.outer_start,
                    definition.outer_end,
                    definition.name_start,
                    definition.name_end,
                    definition.body_start,
                    definition.body_end,
                    strings[signature],
                    strings[doc],
                )
            )
            definition.row = len(symbols)
        self._rows.symbols = _in_code_points(tree, symbols, slice(4, 10))

    def _test_flag(self, definition: Definition, last_name: str) -> int:
        if definition.is_test:
            return TEST_FLAG
        pattern = self._language.test_name
        if pattern is None or definition.kind not in FUNCTIONS:
            return 0
        return TEST_FLAG if pattern.fullmatch(last_name) else 0

    def _docs(self) -> Mapping[int, str]:
        """Return what comments say of definitions, by where (in code points) these begin."""
        if self._language.doc_style is not DocStyle.COMMENT_BEFORE:
            return {}
        return doc_comments(self._tree, self._language, self._facts.comments)

    def _add_bindings(self, definitions: Iterable[Definition]) -> None:
        tree, source, names = self._tree, self._tree.source, self._rows.names
        types = {b"": 0}  # as written, because to put one on one line costs more than to know it
        bound = self._bound(definitions)
        starts = sorted(bound)
        scopes = [each for each in definitions if each.row and each.kind is not VARIABLE]
        scope_rows = _rows_around(scopes, starts)
        for start, offset, row in zip(
            starts, tree.offsets_in_order(starts), scope_rows, strict=True
        ):
            end, written = bound[start]
            name = source[start:end]
            if len(name) > MAX_NAME:
                name = _shortened(name)
            number = names[name]
            type_number = types.get(written)
            if type_number is None:
                type_text = " ".join(written.decode().split())
                type_number = types[written] = names[type_text[:MAX_NAME].encode()]
            self._rows.bindings.append((number, type_number, offset, row))

    def _bound(self, definitions: Iterable[Definition]) -> dict[int, tuple[int, bytes]]:
        """Return by where each bound name begins where it ends, and its type where that is said."""
        found = dict(self._facts.bound)
        for each in definitions:
            if each.kind is VARIABLE and (each.is_local or each.bound_type):
                start = each.name_start
                if (each.bound_type or start not in found) and not each.is_member_outside:
                    found[start] = (each.name_end, each.bound_type or b"")
        return found

    def _add_imports(self) -> None:
        for each in self._facts.imports:
            name = "*" if each.name in _EVERYTHING else each.name
            self._rows.imports.append(
                (
                    self._number_of(each.module),
                    self._number_of(name),
                    self._number_of(self._alias(each, name)),
                    *self._tree.offsets_at((each.start, each.end)),
                )
            )

    def _add_links(self) -> None:
        """Add what the text names where the grammar sees nothing but text."""
        tree, link = self._tree, self._language.link
        if link is None:
            return
        for linked in self._facts.linked:
            start = tree.offsets_at(linked)[0]
            for found in link.finditer(tree.text_between(*linked)):
                place = start + found.start(1), start + found.end(1)
                self._rows.imports.append((self._number_of(found[1]), 0, 0, *place))

    def _number_of(self, name: str) -> int:
        return self._rows.names[name[:MAX_NAME].encode()]

    def _alias(self, imported: ImportFact, name: str) -> str:
        """Return the name by which a file knows what it imports, if it is a name at all."""
        if imported.alias is not None:
            return "" if imported.alias == "_" else imported.alias
        if name:
            return "" if name == "*" else name
        binds = self._language.module_alias
        bound = binds.match(imported.module) if binds is not None else None
        return bound[1] if bound is not None else ""

    def _add_problems(self) -> None:
        """Add one problem a line: the first there."""
        tree, rows = self._tree, self._rows
        found = [(each.start, each.end, each.message) for each in self._facts.broken]
        found += [(each.start, each.end, each.message) for each in self._facts.layout_problems]
        if not found:
            return
        # To find all lines costs more than to count some, but lines may end in other ways.
        lines = LineIndex(tree.text) if "\r" in tree.text else None
        line, counted_to = 0, 0
        seen: set[int] = set()
        for *place, message in sorted(found, key=itemgetter(0)):
            start, end = tree.offsets_at(place)
            line += tree.source.count(b"\n", counted_to, place[0])
            counted_to = place[0]
            if lines is not None:
                line = lines.line_of(start)
            if line not in seen:
                seen.add(line)
                rows.problems.append((start, end, rows.strings[f"line {line + 1}: {message}"]))
            if len(seen) == MAX_PROBLEMS:
                return


def _extend_symbol(symbols: list[Row], row: int, clause: Definition) -> None:
    """Make a further clause part of the symbol that it belongs to."""
    symbol = symbols[row - 1]
    body_start = clause.start if symbol[8:10] == NO_BODY else symbol[8]
    place = (*symbol[6:8], body_start, clause.end)
    symbols[row - 1] = (*symbol[:5], clause.end, *place, *symbol[10:])
    clause.row = row


def _in_code_points(tree: SyntaxTree, rows: list[Row], places: slice) -> list[Row]:
    """Return rows in which some columns count bytes with these counting code points."""
    if tree.is_ascii:
        return rows
    columns: list[Row] = list(zip(*rows, strict=True))
    columns[places] = map(tree.offsets_at, columns[places])
    return list(zip(*columns, strict=True))


def _rows_around(scopes: Sequence[Definition], places: Iterable[int]) -> Iterator[int]:
    """Give for each of some places, in order, the row of the innermost scope around it."""
    around: list[Definition] = []
    next_scope, row, same_until = 0, 0, 0
    for place in places:
        if place >= same_until:
            while next_scope < len(scopes) and scopes[next_scope].start <= place:
                while around and around[-1].end <= scopes[next_scope].start:
                    around.pop()
                around.append(scopes[next_scope])
                next_scope += 1
            while around and around[-1].end <= place:
                around.pop()
            row = around[-1].row if around else 0
            same_until = around[-1].end if around else _NO_END
            if next_scope < len(scopes):
                same_until = min(same_until, scopes[next_scope].start)
        yield row


def _shortened(name: bytes) -> bytes:
    return name.decode()[:MAX_NAME].encode()


_EVERYTHING = ("*", "_", ".", "given")
"""What Java and Python, Scala and Go write for all names of a module."""


def _last_name(tree: SyntaxTree, definition: Definition) -> str:
    """Return the own name; one that is prose, such as a heading, may hold dots."""
    if definition.is_test or definition.kind in _NAMED_IN_PROSE:
        return own_name(tree.text_between(definition.name_start, definition.name_end))
    return definition.qualified_name.rpartition(".")[2]
