"""Which definitions does a change change, and in what? Told from the outlines before and after.

Nothing here knows who uses them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pairwright.checks.comparison import Comparison, Texts
from pairwright.checks.parameters import accepts_as_much
from pairwright.index.analysis import Analysis
from pairwright.syntax.outline import FileOutline, ReferenceRole, Symbol, SymbolKind
from pairwright.text.ranges import LineIndex, TextRange, split_lines
from pairwright.workspace.paths import WorkspacePath

TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM})
FUNCTIONS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO})
_NO_CODE = frozenset({None, "json", "yaml", "toml", "markdown", "html", "css"})
_LEAST_ALIKE = 0.5
"""Which share of a file's lines another one must have to be the same under a new name."""
_ONLY_BRACKETS = re.compile(r"[\s)\]};,]*")
_COMMENT = re.compile(r"\s*(?:#(?![\[!]|include|define|if|el|endif|undef|pragma)|//)")


class ChangeKind(StrEnum):
    """What happened to a definition or a file."""

    SIGNATURE = "signature"
    """A call that was right before may be wrong."""
    EXTENDED = "extended"
    """What could be called before still can; what overrides it may no longer fit."""
    BASES = "bases"
    """A class has other bases."""
    REMOVED = "removed"
    RENAMED = "renamed"
    """The same has another name now, or is in another file."""
    BODY = "body"
    ADDED = "added"
    MODULE_CODE = "module_code"
    """What runs when the file is imported."""
    IMPORT_REMOVED = "import_removed"
    """A name is no longer imported, and so no longer passed on."""
    FILE_REMOVED = "file_removed"
    FILE_RENAMED = "file_renamed"
    CONTENT = "content"
    """Of a file that is no code."""


@dataclass(frozen=True, slots=True)
class ChangedSymbol:
    """A definition that is not what it was, or a file."""

    path: WorkspacePath
    name: str
    """Qualified, within the file; empty: the file."""
    change: ChangeKind
    before: Symbol | None = None
    """None where there was none, or the name is no definition's."""
    after: Symbol | None = None
    successor: str = ""
    """What took its place: a qualified name, or a path."""


def changed_symbols(comparison: Comparison) -> tuple[ChangedSymbol, ...]:
    """Return what changed, by path, in the order of the texts before."""
    documents, texts = comparison.analysis.snapshot.documents, comparison.texts
    renamed = _renamed_files(comparison.analysis, texts)
    origins = {new: old for old, new in renamed.items()}
    found: list[ChangedSymbol] = []
    for path in sorted(texts):
        text, document = texts[path], documents.get(path)
        outline = comparison.after(path)
        if text is None or outline is None:
            kind = ChangeKind.FILE_RENAMED if path in renamed else ChangeKind.FILE_REMOVED
            found.append(ChangedSymbol(path, "", kind, successor=renamed.get(path, "")))
            continue
        if document is None and path in origins:
            document = documents[origins[path]]
        if document is None or document.text != text:
            old = comparison.before(document.path) if document else None
            before = _Parts(old, document.text) if document and old else None
            found += _changes(path, before, _Parts(outline, text))
    return tuple(_with_successors(found, comparison.analysis, texts))


class _Parts:
    """A file's text, cut up among its definitions."""

    def __init__(self, outline: FileOutline, text: str) -> None:
        self.outline = outline
        self.is_code = outline.language not in _NO_CODE and not outline.not_parsed
        symbols, fields = _visible(outline.symbols)
        self.by_name: dict[str, list[_Definition]] = defaultdict(list)
        for number, symbol in enumerate(symbols):
            inner = () if symbol.kind in FUNCTIONS else _directly_in(symbols, number)
            own = () if number in fields else _lines(_without(text, symbol.range, inner))
            head_end = symbol.body_range.start if symbol.body_range else symbol.range.end
            attributes = _attributes(text[symbol.range.start : head_end])
            self.by_name[symbol.qualified_name].append(_Definition(symbol, attributes, own))
        outer = _directly_in(symbols, -1)
        self.imported, import_lines = _imports_outside(outline, text, outer)
        self.outside = _lines(_without(text, TextRange(0, len(text)), [*outer, *import_lines]))


@dataclass(frozen=True, slots=True)
class _Definition:
    symbol: Symbol
    attributes: tuple[str, ...]
    """Its decorators."""
    own: tuple[str, ...]
    """The lines that are no inner definition's."""

    @property
    def signature(self) -> str:
        return " ".join(self.symbol.signature.split())

    @property
    def head(self) -> tuple[tuple[str, ...], str]:
        return self.attributes, self.signature


def _changes(path: WorkspacePath, before: _Parts | None, after: _Parts) -> list[ChangedSymbol]:
    if not after.is_code or (before is not None and not before.is_code):
        return [ChangedSymbol(path, "", ChangeKind.CONTENT)]
    old: Mapping[str, list[_Definition]] = before.by_name if before else {}
    found = [
        change
        for name in dict.fromkeys((*old, *after.by_name))
        if (change := _change_of(path, name, old.get(name, ()), after.by_name.get(name, ())))
    ]
    gone = {each.name for each in found if each.change is ChangeKind.REMOVED}
    passed_on = {each.rpartition(".")[2] for each in gone} & after.imported
    found = [
        each for each in found if not _is_inside(each.name, gone) and each.name not in passed_on
    ]
    for name in sorted(before.imported - after.imported) if before else ():
        if name not in after.by_name:
            found.append(ChangedSymbol(path, name, ChangeKind.IMPORT_REMOVED))
    if before is not None and before.outside != after.outside:
        found.append(ChangedSymbol(path, "", ChangeKind.MODULE_CODE))
    return found


def _change_of(
    path: WorkspacePath, name: str, old: Sequence[_Definition], new: Sequence[_Definition]
) -> ChangedSymbol | None:
    if not new:
        return ChangedSymbol(path, name, ChangeKind.REMOVED, before=old[0].symbol)
    if not old:
        return ChangedSymbol(path, name, ChangeKind.ADDED, after=new[0].symbol)
    kind = _kind_of_change(old, new)
    return ChangedSymbol(path, name, kind, old[0].symbol, new[0].symbol) if kind else None


def _kind_of_change(old: Sequence[_Definition], new: Sequence[_Definition]) -> ChangeKind | None:
    symbol = old[0].symbol
    if [each.head for each in old] != [each.head for each in new]:
        if symbol.kind in TYPES:
            return ChangeKind.BASES
        if symbol.kind in FUNCTIONS:
            return _kind_of_signature(old, new)
    if [each.own for each in old] != [each.own for each in new]:
        return ChangeKind.BODY
    return None


def _kind_of_signature(old: Sequence[_Definition], new: Sequence[_Definition]) -> ChangeKind:
    is_extended = len(old) == len(new) and all(
        before.attributes == after.attributes
        and accepts_as_much(before.signature, after.signature, before.symbol.name)
        for before, after in zip(old, new, strict=True)
    )
    return ChangeKind.EXTENDED if is_extended else ChangeKind.SIGNATURE


def _with_successors(
    found: Iterable[ChangedSymbol], analysis: Analysis, texts: Texts
) -> Iterator[ChangedSymbol]:
    """Give the changes, those that took away and added the same as one."""
    found = list(found)
    added: dict[object, list[ChangedSymbol]] = defaultdict(list)
    for each in found:
        if each.change is ChangeKind.ADDED and each.after is not None:
            added[_likeness(each.after, texts[each.path] or "")].append(each)
    for each in found:
        if each.change is ChangeKind.REMOVED and each.before is not None:
            text = analysis.snapshot.documents[WorkspacePath(each.before.path)].text
            same = added.get(_likeness(each.before, text), [])
            if len(same) == 1:
                new = same[0]
                successor = new.name if new.path == each.path else f"{new.path}:{new.name}"
                each = replace(each, change=ChangeKind.RENAMED, successor=successor)
        yield each


def _likeness(symbol: Symbol, text: str) -> object:
    """Return what two definitions have in common that differ in their own name only."""
    head_end = symbol.body_range.start if symbol.body_range else symbol.range.end
    head = (
        text[symbol.range.start : symbol.name_range.start],
        text[symbol.name_range.end : head_end],
    )
    return symbol.kind, *(part.strip() for part in head), _lines(text[head_end : symbol.range.end])


def _renamed_files(analysis: Analysis, texts: Texts) -> dict[WorkspacePath, WorkspacePath]:
    """Return which files that go away come back under which other names."""
    documents = analysis.snapshot.documents
    comes = {path: text for path, text in texts.items() if text and path not in documents}
    found: dict[WorkspacePath, WorkspacePath] = {}
    for path in sorted(texts):
        if texts[path] is not None or path not in documents:
            continue
        lines = set(split_lines(documents[path].text))
        shares = {
            new: len(lines.intersection(split_lines(text))) / max(len(lines), 1)
            for new, text in comes.items()
        }
        best = max(shares, key=lambda each: shares[each], default=None)
        if best is not None and shares[best] > _LEAST_ALIKE:
            found[path] = best
            del comes[best]
    return found


def _visible(symbols: Iterable[Symbol]) -> tuple[list[Symbol], set[int]]:
    """Return the definitions that are not a function's own, and which are made in one."""
    found: list[Symbol] = []
    fields: set[int] = set()
    around: Symbol | None = None
    for symbol in symbols:
        if around is None or around.range.end <= symbol.range.start:
            around = symbol if symbol.kind in FUNCTIONS else None
        elif symbol.qualified_name.startswith(f"{around.qualified_name}."):
            continue
        else:
            fields.add(len(found))
        found.append(symbol)
    return found, fields


def _directly_in(symbols: Sequence[Symbol], number: int) -> list[TextRange]:
    """Return the outermost ranges inside a definition's, or (-1) of all."""
    end = symbols[number].range.end if number >= 0 else None
    found: list[TextRange] = []
    for symbol in symbols[number + 1 :]:
        if end is not None and symbol.range.start >= end:
            break
        if not found or symbol.range.start >= found[-1].end:
            found.append(symbol.range)
    return found


def _imports_outside(
    outline: FileOutline, text: str, outer: Sequence[TextRange]
) -> tuple[set[str], list[TextRange]]:
    """Return the names that a file imports outside of its definitions, and the lines of that."""
    lines, ends = LineIndex(text), sorted(outer, key=lambda each: each.start)
    names = {each.alias for each in outline.imports if not _is_in(each.range.start, ends)}
    starts = [each.range.start for each in outline.imports]
    starts += [each.range.start for each in outline.references if each.role is ReferenceRole.IMPORT]
    numbers = {lines.line_of(start) for start in starts if not _is_in(start, ends)}
    whole = []
    for number in sorted(numbers):
        start = lines.start_of(number)
        end = text.find("\n", start)
        whole.append(TextRange(start, end if end >= 0 else len(text)))
    return names - {"", "*"}, whole


def _is_in(offset: int, ranges: Iterable[TextRange]) -> bool:
    return any(each.start <= offset < each.end for each in ranges)


def _is_inside(name: str, holders: set[str]) -> bool:
    while "." in name:
        name = name.rpartition(".")[0]
        if name in holders:
            return True
    return False


def _without(text: str, whole: TextRange, cut: Iterable[TextRange]) -> str:
    pieces, at = [], whole.start
    for each in sorted(cut, key=lambda each: each.start):
        if each.start > at:
            pieces.append(text[at : each.start])
        at = max(at, each.end)
    return "".join([*pieces, text[at : whole.end]])


def _lines(text: str) -> tuple[str, ...]:
    """Return the lines that say something to the machine, without space at their ends."""
    return tuple(
        line.rstrip()
        for line in text.splitlines()
        if not _ONLY_BRACKETS.fullmatch(line) and not _COMMENT.match(line)
    )


def _attributes(head: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in head.splitlines() if line.lstrip().startswith("@"))
