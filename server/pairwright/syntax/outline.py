"""What does one file define, use and break?

Broken code is data: its outline holds what could be read, and the problems. Trees are read by
queries and in loops, never by recursion: nesting has no bound that we know.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pairwright.syntax.languages.language import DocStyle, Language
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.layout import layout_problems
from pairwright.syntax.parser import Node, SyntaxTree, parse
from pairwright.text.ranges import LineIndex, TextRange
from pairwright.workspace.documents import digest_text

MAX_PROBLEMS = 50
MAX_SIGNATURE = 200
MAX_DOC = 1000
MAX_DEPTH = 50
"""Definitions nested deeper are left out."""


class SymbolKind(StrEnum):
    """What a definition is."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    VARIABLE = "variable"


class ReferenceRole(StrEnum):
    """How a name is used."""

    CALL = "call"
    IMPORT = "import"
    INHERIT = "inherit"
    READ = "read"
    """Any other use; an outline holds the first of each name."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition."""

    qualified_name: str
    """Within its file, such as `Stack.push`."""
    kind: SymbolKind
    path: str
    range: TextRange
    name_range: TextRange
    signature: str
    doc: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of a name."""

    name: str
    """As written: `open_file`, or the module of an import: `pkg.files`, `./files`. Python's
    `from pkg import files` gives two: `pkg` and `pkg.files`, which may be a module as well."""
    path: str
    range: TextRange
    role: ReferenceRole


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """A place that does not parse."""

    range: TextRange
    message: str


@dataclass(frozen=True, slots=True)
class FileOutline:
    """What one file means, alone."""

    path: str
    digest: str
    language: str | None
    """None when no grammar is known for the file: no symbols, no problems, only text."""
    symbols: tuple[Symbol, ...] = ()
    references: tuple[Reference, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()


def outline_of(path: str, text: str) -> FileOutline:
    """Return what a file means, alone."""
    language = language_of(path)
    digest = digest_text(text)
    if language is None:
        return FileOutline(path, digest, None)
    tree = parse(language, text)
    if tree is None:
        problem = SyntaxProblem(TextRange(0, 0), "too long or too tangled to be parsed")
        return FileOutline(path, digest, language.name, problems=(problem,))
    matches = tree.matches(language, language.definitions)
    definitions = _definitions(tree, matches)
    return FileOutline(
        path=path,
        digest=digest,
        language=language.name,
        symbols=tuple(_symbols(path, tree, language, definitions, matches)),
        references=tuple(_references(path, tree, language, definitions, matches)),
        problems=tuple(_problems(tree, language)),
    )


Matches = Iterable[Mapping[str, list[Node]]]

_CAPTURED_KINDS = (
    SymbolKind.CLASS,
    SymbolKind.FUNCTION,
    SymbolKind.MODULE,
    SymbolKind.VARIABLE,
)
_FUNCTIONS = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_ROLES = (ReferenceRole.IMPORT, ReferenceRole.INHERIT, ReferenceRole.CALL, ReferenceRole.READ)
_HEAD_END = re.compile(r"\s*(?:=>|[:{=;])$")
_TYPE_ARGUMENTS = re.compile(r"[<\[\s]")
_SPACE = re.compile(r"\s*")
_STRING = re.compile(r"""[rRuUbBfF]*(\"{3}|'{3}|"|')(.*)\1""", re.DOTALL)
_COMMENT_MARGIN = re.compile(r"^[ \t]*\*?[ \t]?", re.MULTILINE)


@dataclass(slots=True)
class _Definition:
    """A definition as a query found it."""

    kind: SymbolKind
    node: Node
    name: Node
    body: Node | None
    qualified_name: str = ""
    parent: "_Definition | None" = None
    depth: int = 0


def _definitions(tree: SyntaxTree, matches: Matches) -> list[_Definition]:
    """Return the definitions in the text's order, those of variables in functions left out."""
    by_name: dict[int, _Definition] = {}
    for match in matches:
        if "name" not in match:
            continue
        name = match["name"][0]
        kind = next(kind for kind in _CAPTURED_KINDS if kind.value in match)
        known = by_name.get(name.start_byte)
        # A variable that holds a function is found twice, once as each.
        if known is None or known.kind is SymbolKind.VARIABLE:
            body = match["body"][0] if "body" in match else None
            by_name[name.start_byte] = _Definition(kind, match[kind.value][0], name, body)
    ordered = sorted(by_name.values(), key=lambda each: (each.node.start_byte, -each.node.end_byte))
    around: list[_Definition] = []
    for definition in ordered:
        while around and around[-1].node.end_byte <= definition.node.start_byte:
            around.pop()
        _place(tree, definition, around)
        around.append(definition)
    return [each for each in ordered if each.depth <= MAX_DEPTH and not _is_local_variable(each)]


def _place(tree: SyntaxTree, definition: _Definition, around: list[_Definition]) -> None:
    """Set what follows from the definitions around one, outermost first."""
    parent = around[-1] if around else None
    if definition.kind is SymbolKind.VARIABLE:
        while parent is not None and parent.kind is SymbolKind.VARIABLE:
            parent = parent.parent
    definition.parent = parent
    name = tree.text_of(definition.name).strip("\"'")[:MAX_SIGNATURE]
    definition.qualified_name = name
    if parent is None:
        return
    definition.depth = parent.depth + 1
    if definition.depth <= MAX_DEPTH:
        definition.qualified_name = f"{parent.qualified_name}.{name}"
    if definition.kind is SymbolKind.FUNCTION and parent.kind in (
        SymbolKind.CLASS,
        SymbolKind.VARIABLE,
    ):
        definition.kind = SymbolKind.METHOD


def _is_local_variable(definition: _Definition) -> bool:
    parent = definition.parent
    return (
        definition.kind is SymbolKind.VARIABLE and parent is not None and parent.kind in _FUNCTIONS
    )


def _symbols(
    path: str,
    tree: SyntaxTree,
    language: Language,
    definitions: Iterable[_Definition],
    matches: Matches,
) -> Iterator[Symbol]:
    wholes = {
        (match["inner"][0].start_byte, match["inner"][0].end_byte): match["whole"][0]
        for match in matches
        if "whole" in match
    }
    comments = _doc_comments(tree, matches)
    variables: set[str] = set()
    for definition in definitions:
        name = definition.qualified_name
        if definition.kind is SymbolKind.VARIABLE:
            if name in variables:
                continue  # assigned again
            variables.add(name)
        whole = _whole_of(definition.node, wholes)
        text_range = tree.range_of(whole)
        if language.doc_style is DocStyle.DOCSTRING:
            doc = _docstring(tree, definition)
        else:
            doc = comments.get(text_range.start, "")
        yield Symbol(
            qualified_name=name,
            kind=definition.kind,
            path=path,
            range=text_range,
            name_range=tree.range_of(definition.name),
            signature=_signature(tree, definition, whole),
            doc=doc[:MAX_DOC],
        )


def _whole_of(node: Node, wholes: Mapping[tuple[int, int], Node]) -> Node:
    """Return the definition with its decorators, `export` and the like."""
    while (whole := wholes.get((node.start_byte, node.end_byte))) is not None:
        node = whole
    return node


def _signature(tree: SyntaxTree, definition: _Definition, whole: Node) -> str:
    """Return a definition up to its body, on one line."""
    start = tree.range_of(whole).start
    if tree.text.startswith("@", start):
        start = tree.range_of(definition.node).start
    before_body = definition.body.prev_sibling if definition.body is not None else None
    while before_body is not None and before_body.type == "comment":
        before_body = before_body.prev_sibling
    if before_body is not None:
        head = tree.text[start : tree.range_of(before_body).end]
    else:
        head = tree.text[start : tree.range_of(definition.node).end].partition("\n")[0]
    return _HEAD_END.sub("", " ".join(head.split()))[:MAX_SIGNATURE]


def _docstring(tree: SyntaxTree, definition: _Definition) -> str:
    body = definition.body
    node = body.named_child(0) if body is not None and body.named_child_count else None
    while node is not None and node.type == "comment":
        node = node.next_named_sibling
    if node is not None and node.type == "expression_statement":
        node = node.named_child(0)
    if node is None or node.type != "string" or definition.kind is SymbolKind.VARIABLE:
        return ""
    match = _STRING.fullmatch(tree.text_of(node))
    return inspect.cleandoc(match[2]) if match is not None else ""


def _doc_comments(tree: SyntaxTree, matches: Matches) -> dict[int, str]:
    """Return the texts of `/** … */` comments by where the code after each begins."""
    comments = {}
    for match in matches:
        if "comment" in match:
            node = match["comment"][0]
            text = tree.text_of(node)
            if text.startswith("/**"):
                after = _SPACE.match(tree.text, tree.range_of(node).end)
                inner = text.removeprefix("/**").removesuffix("*/")
                comments[after.end() if after else 0] = _COMMENT_MARGIN.sub("", inner).strip()
    return comments


def _references(
    path: str,
    tree: SyntaxTree,
    language: Language,
    definitions: Iterable[_Definition],
    matches: Matches,
) -> list[Reference]:
    captures = tree.captures(language, language.references)
    taken = {definition.name.start_byte for definition in definitions}
    names_read: set[str] = set()
    references = []
    for role in _ROLES:
        for node in captures.get(role.value, ()):
            if node.start_byte in taken:
                continue
            taken.add(node.start_byte)
            name = tree.text_of(node)
            if role is ReferenceRole.READ:
                if name in names_read:
                    continue
                names_read.add(name)
            elif role is ReferenceRole.INHERIT:
                name = _TYPE_ARGUMENTS.split(name, maxsplit=1)[0]
            references.append(Reference(name, path, tree.range_of(node), role))
    for match in matches:
        if "imported" in match:
            module = tree.text_of(match["from"][0])
            separator = "" if module.endswith(".") else "."
            imported = match["imported"][0]
            name = f"{module}{separator}{tree.text_of(imported)}"
            references.append(Reference(name, path, tree.range_of(imported), ReferenceRole.IMPORT))
    return sorted(references, key=lambda each: (each.range.start, each.range.end))


def _problems(tree: SyntaxTree, language: Language) -> Iterator[SyntaxProblem]:
    """Give one problem a line: the first there."""
    found = [(node, _problem_message(tree, node)) for node in tree.problems]
    if language.is_indentation_significant:
        found += layout_problems(tree, language)
    if not found:
        return
    lines = LineIndex(tree.text)
    seen: set[int] = set()
    for node, message in sorted(found, key=lambda each: each[0].start_byte):
        text_range = tree.range_of(node)
        line = lines.line_of(text_range.start)
        if line not in seen:
            seen.add(line)
            yield SyntaxProblem(text_range, f"line {line + 1}: {message}")
        if len(seen) == MAX_PROBLEMS:
            return


def _problem_message(tree: SyntaxTree, node: Node) -> str:
    if node.is_missing:
        return f"{node.type!r} is missing"
    shown = tree.text_of(node).strip().partition("\n")[0][:40]
    return f"cannot parse {shown!r}"
