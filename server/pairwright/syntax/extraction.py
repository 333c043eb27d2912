"""How is an outline found in a tree? By the language's queries, in loops, never by recursion.

Nesting has no bound that we know. What is found goes straight into columns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pairwright.syntax.definitions import (
    FUNCTIONS,
    MAX_NAME,
    Definition,
    Match,
    definitions_in,
    sort_matches,
)
from pairwright.syntax.documentation import doc_comments, docstring_of, signature_of
from pairwright.syntax.languages.language import DocStyle, Language
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.layout import BLOCKS, layout_problems
from pairwright.syntax.outline import FileOutline, SymbolKind
from pairwright.syntax.packing import (
    KINDS,
    TEST_FLAG,
    OutlineRows,
    PackedOutline,
    pack,
    unpack,
)
from pairwright.syntax.parser import MissingGrammar, Node, SyntaxTree, parse, parse_again
from pairwright.syntax.references import Uses, add_references, uses_after_edit, uses_in
from pairwright.text.ranges import LineIndex
from pairwright.workspace.documents import digest_text

EXTRACTION_VERSION = 1
"""Counted up when the same text, tree and queries come to another outline."""
MAX_PROBLEMS = 50
MAX_NAMED_ONCE = 20_000
"""Variables and keys of one file: a data file may have no end of them."""

_KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
_QUOTES = ('"', "'", "`", "<")
_NO_BODY = (1, 0)


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
    uses: Uses | None = None


def outlined(language: Language, text: str, before: OutlinedText | None = None) -> OutlinedText:
    """Return what a text in a language means.

    Args:
        language: the text's.
        text: what is to be read.
        before: of the text from which this one came by an edit; only what changed is looked at.
    """
    try:
        if before is None or before.tree is None:
            tree, region = parse(language, text), None
        else:
            tree, region = parse_again(language, text, before.tree)
    except MissingGrammar as error:
        return OutlinedText(unparsed_outline(language, str(error)))
    if tree is None:
        return OutlinedText(tangled_outline(language))
    if before is None or before.uses is None or region is None:
        uses = uses_in(tree, language)
    else:
        uses = uses_after_edit(tree, language, before.uses, region)
    return OutlinedText(pack(_Extraction(language, tree, uses).rows()), tree, uses)


def unparsed_outline(language: Language, reason: str) -> PackedOutline:
    """Return the outline of a text that was not parsed."""
    return pack(OutlineRows(language.name, not_parsed=reason))


def tangled_outline(language: Language) -> PackedOutline:
    """Return the outline of a text that `parse` refused: that is a problem of the text."""
    rows = OutlineRows(language.name, not_parsed="too long or too tangled to be parsed")
    rows.problems.append((0, 0, rows.strings[rows.not_parsed]))
    return pack(rows)


class _Extraction:
    """One outline on its way into rows."""

    def __init__(self, language: Language, tree: SyntaxTree, uses: Uses) -> None:
        self._language = language
        self._tree = tree
        self._uses = uses
        self._rows = OutlineRows(language.name)
        query = language.definitions
        if language.is_indentation_significant:
            query += BLOCKS
        self._matches = sort_matches(tree.matches(language, query))

    def rows(self) -> OutlineRows:
        definitions = definitions_in(self._tree, self._matches.definitions)
        self._add_symbols(definitions)
        self._add_bindings(definitions)
        self._add_imports()
        self._add_links()
        defined = {each.name_start for each in definitions if each.row}
        add_references(self._rows, self._tree, self._language, self._uses, defined)
        self._add_problems()
        return self._rows

    def _add_symbols(self, definitions: Iterable[Definition]) -> None:
        tree, rows, wholes = self._tree, self._rows, self._matches.wholes
        docs: Mapping[int, str] = {}
        if self._language.doc_style is DocStyle.COMMENT_BEFORE:
            docs = doc_comments(tree, self._language, self._matches.comments)
        seen: set[str] = set()
        latest: dict[int, Definition] = {}
        for definition in definitions:
            kind, name = definition.kind, definition.qualified_name
            if kind is None or definition.is_local:
                continue
            if kind in (SymbolKind.VARIABLE, SymbolKind.KEY):
                if name in seen or len(seen) == MAX_NAMED_ONCE:
                    continue  # assigned again
                seen.add(name)
            around = definition.row_around
            clause_before = latest.get(around)
            if clause_before is not None and clause_before.qualified_name == name:
                self._extend_symbol(clause_before.row, definition)
                continue
            whole, place = definition.node, (definition.start, definition.end)
            while not definition.is_field and place in wholes:
                whole = wholes[place]
                place = whole.byte_range
            start, end = tree.to_offset(place[0]), tree.to_offset(max(place[1], definition.end))
            is_test = self._is_test(definition)
            rows.symbols.append(
                (
                    rows.names[name.rpartition(".")[2]],
                    rows.strings[name],
                    around,
                    _KIND_NUMBERS[kind] | (TEST_FLAG if is_test else 0),
                    start,
                    end,
                    *tree.offsets_of(definition.name),
                    *(tree.offsets_of(definition.body) if definition.body else _NO_BODY),
                    rows.strings[signature_of(tree, self._language, definition, whole)],
                    rows.strings[docs.get(start, "") if docs else self._docstring(definition)],
                )
            )
            definition.row = len(rows.symbols)
            if self._language.has_clauses:
                latest[around] = definition

    def _extend_symbol(self, row: int, clause: Definition) -> None:
        """Make a further clause part of the symbol that it belongs to."""
        symbols = self._rows.symbols
        symbol = symbols[row - 1]
        start, end = self._tree.to_offset(clause.start), self._tree.to_offset(clause.end)
        body_start = start if symbol[8:10] == _NO_BODY else symbol[8]
        symbols[row - 1] = (*symbol[:5], end, *symbol[6:8], body_start, end, *symbol[10:])
        clause.row = row

    def _is_test(self, definition: Definition) -> bool:
        name = self._language.test_name
        return definition.is_test or (
            name is not None
            and definition.kind in FUNCTIONS
            and name.fullmatch(definition.qualified_name.rpartition(".")[2]) is not None
        )

    def _docstring(self, definition: Definition) -> str:
        if self._language.doc_style is not DocStyle.DOCSTRING:
            return ""
        return docstring_of(self._tree, definition)

    def _add_bindings(self, definitions: Iterable[Definition]) -> None:
        tree, rows = self._tree, self._rows
        scopes = [each for each in definitions if each.row and each.kind is not SymbolKind.VARIABLE]
        next_scope, around = 0, list[Definition]()
        for start_byte, (node, bound_type) in sorted(self._bound(definitions).items()):
            while next_scope < len(scopes) and scopes[next_scope].start <= start_byte:
                scope = scopes[next_scope]
                while around and around[-1].end <= scope.start:
                    around.pop()
                around.append(scope)
                next_scope += 1
            while around and around[-1].end <= start_byte:
                around.pop()
            type_text = " ".join(tree.text_of(bound_type).split()) if bound_type else ""
            rows.bindings.append(
                (
                    rows.names[tree.text_of(node)[:MAX_NAME]],
                    rows.names[type_text[:MAX_NAME]],
                    tree.to_offset(start_byte),
                    around[-1].row if around else 0,
                )
            )

    def _bound(self, definitions: Iterable[Definition]) -> dict[int, tuple[Node, Node | None]]:
        """Return the names that hold something, by their beginning, and their types where said."""
        found: dict[int, tuple[Node, Node | None]] = {}
        for match in self._matches.bindings:
            node, bound_type = match["bound"][0], match.get("bound_type")
            start = node.start_byte
            if bound_type or start not in found:
                found[start] = (node, bound_type[0] if bound_type else None)
        for definition in definitions:
            if definition.kind is SymbolKind.VARIABLE and not definition.is_member_outside:
                start = definition.name_start
                if definition.bound_type or (start not in found and definition.is_local):
                    found[start] = (definition.name, definition.bound_type)
        return found

    def _add_imports(self) -> None:
        tree, names = self._tree, self._rows.names
        for match in self._matches.imports:
            module_node = match["import_module"][0]
            module = self._module(match["import_module"])
            name_node = match["import_name"][0] if "import_name" in match else None
            name = _unquoted(tree.text_of(name_node)) if name_node else ""
            if name in _EVERYTHING:
                name = "*"
            alias = self._alias(match, module, name)
            self._rows.imports.append(
                (
                    names[module[:MAX_NAME]],
                    names[name[:MAX_NAME]],
                    names[alias[:MAX_NAME]],
                    *tree.offsets_of(name_node or module_node),
                )
            )

    def _add_links(self) -> None:
        """Add what the text names where the grammar sees nothing but text."""
        tree, names, link = self._tree, self._rows.names, self._language.link
        if link is None:
            return
        for node in self._matches.linked:
            start = tree.to_offset(node.start_byte)
            for found in link.finditer(tree.text_of(node)):
                place = start + found.start(1), start + found.end(1)
                self._rows.imports.append((names[found[1][:MAX_NAME]], 0, 0, *place))

    def _alias(self, match: Match, module: str, name: str) -> str:
        """Return the name by which a file knows what it imports, if it is a name at all."""
        if "import_alias" in match:
            alias = self._tree.text_of(match["import_alias"][0])
            return "" if alias == "_" else alias
        if name:
            return "" if name == "*" else name
        binds = self._language.module_alias
        bound = binds.match(module) if binds is not None else None
        return bound[1] if bound is not None else ""

    def _module(self, parts: Iterable[Node]) -> str:
        """Return a module whose name may stand in several places: Rust's `a::{b::{C, D}}`."""
        tree = self._tree
        module, last_end = "", 0
        for part in parts:
            if module:
                module += tree.text_between(last_end, part.start_byte).partition("{")[0].strip()
            module += _unquoted(tree.text_of(part))
            last_end = part.end_byte
        return module

    def _add_problems(self) -> None:
        """Add one problem a line: the first there."""
        tree, rows = self._tree, self._rows
        found = [(node, _problem_message(tree, node)) for node in tree.problems]
        if self._language.is_indentation_significant:
            found += layout_problems(tree, self._matches.blocks)
        if not found:
            return
        lines = LineIndex(tree.text)
        seen: set[int] = set()
        for node, message in sorted(found, key=lambda each: each[0].start_byte):
            start, end = tree.offsets_of(node)
            line = lines.line_of(start)
            if line not in seen:
                seen.add(line)
                rows.problems.append((start, end, rows.strings[f"line {line + 1}: {message}"]))
            if len(seen) == MAX_PROBLEMS:
                return


_EVERYTHING = ("*", "_", ".", "given")
"""What Java and Python, Scala and Go write for all names of a module."""


def _unquoted(text: str) -> str:
    text = text.strip()
    return text.strip("\"'`<>") if text.startswith(_QUOTES) else text


def _problem_message(tree: SyntaxTree, node: Node) -> str:
    if node.is_missing:
        return f"{node.type!r} is missing"
    shown = tree.text_of(node).strip().partition("\n")[0][:40]
    return f"cannot parse {shown!r}"
