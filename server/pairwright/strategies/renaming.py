"""Does the instruction ask for a rename and nothing else? Then no model is needed for it.

The definition must be found once, and whatever is called so in the workspace must be explained: a
use of it that a scope, an import or a type that is seen decides, another definition, or plain words
in a comment or a text. Anything doubtful is left to the models. Comments and documents keep the old
name.

One doubt is accepted, in Python: a method is called on what no type is known of (`source.take()`).
That is a use of ours when the workspace defines the name once, the file that calls it imports
nothing from elsewhere, and no built-in type has a method of that name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pairwright.errors import StaleChange, UnreadableFile
from pairwright.index.analysis import Analysis
from pairwright.index.resolution import (
    Confidence,
    bases_of,
    references_to,
    targets_of_file,
)
from pairwright.strategies.base import StrategyContext
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.occurrences import Place, occurrences_of, whole_word
from pairwright.syntax.outline import ReferenceRole, Symbol, SymbolKind
from pairwright.text.edits import TextEdit, apply_edits
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath

MOST_FILES = 5_000
"""A larger workspace is not searched for the name."""
_NAME = r"[A-Za-z_$][A-Za-z0-9_$]*"
_OLD = rf"[`'\"]?(?P<old>{_NAME}(?:(?:\.|::|#){_NAME})*)(?:\(\))?[`'\"]?"
_NEW = rf"[`'\"]?(?P<new>{_NAME}(?:(?:\.|::|#){_NAME})*)(?:\(\))?[`'\"]?"
_KIND = (
    r"(?:the\s+)?(?:(?:method|function|class|variable|constant|global|type|interface|enum|struct"
    r"|field|attribute|property|symbol)\s+)?"
)
_FILE = r"(?:\s+(?:in|of|from)\s+(?:the\s+)?(?:file\s+)?[`'\"]?(?P<file>[\w./-]+\.\w+)[`'\"]?)?"
_WHERE = (
    r"(?:,?\s+(?:everywhere|throughout)"
    r"|,?\s+(?:in|across|throughout)\s+(?:all\s+of\s+)?the\s+(?:whole\s+|entire\s+)?"
    r"(?:code|codebase|project|workspace|repository|repo))?"
)
_USES = (
    r"(?:,?\s+(?:and|including)\s+(?:update\s+|change\s+|adapt\s+|fix\s+|mend\s+)?"
    r"(?:all\s+|every\s+)?(?:of\s+)?(?:its\s+|the\s+)?"
    r"(?:callers?|references?|uses?|usages?|call\s+sites?|imports?)"
    r"(?:\s+(?:of\s+it|to\s+it|too|as\s+well|accordingly))?)?"
)
_WHAT = f"{_KIND}{_OLD}{_FILE}"
_TO = f"{_NEW}{_WHERE}{_USES}"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:please\s+)?rename\s+{_WHAT}\s+(?:to|as|into|->|=>|→)\s+{_TO}",
        rf"(?:please\s+)?change\s+the\s+name\s+of\s+{_WHAT}\s+to\s+{_TO}",
        rf"{_WHAT}\s+(?:should|must|shall)\s+be\s+"
        rf"(?:renamed\s+(?:to|as|into)|called|named)\s+{_TO}",
    )
)
_FOCUS = re.compile(r"\n\(This is about (?:the file|lines \d+ to \d+ of) (?P<path>\S.*)\.\)\Z")
"""How the engine puts into words where a person pointed."""
_LANGUAGES = frozenset({"python", "javascript", "typescript", "tsx", "go", "java"})
"""Those whose scopes and imports are known to be followed well enough."""
_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
_DATA = frozenset({"markdown", "html", "css", "json", "yaml", "toml"})
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM, SymbolKind.TYPE})
_RENAMABLE = _TYPES | {SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.VARIABLE}
_BUILT_IN = frozenset(
    name
    for each in (object, str, bytes, bytearray, int, float, complex, list, tuple, dict, set, range)
    for name in dir(each)
) | {"read", "write", "close", "flush", "seek", "readline", "readlines", "writelines", "send"}
_QUOTES = "'\""


@dataclass(frozen=True, slots=True)
class Rename:
    """A wish to call something else."""

    old: str
    """As it was written, perhaps with what it is in: `Account.take`."""
    new: str
    """The name alone."""
    path: str = ""
    """The file that it is defined in; empty when that is not said."""


class _Doubt(Exception):
    """It is not certain what is to be renamed."""


def read_rename(instruction: str) -> Rename | None:
    """Return the rename that an instruction asks for; None for anything more or less plain."""
    focus = _FOCUS.search(instruction)
    plain = " ".join(_FOCUS.sub("", instruction).split()).rstrip(".!")
    match = next((found for form in _FORMS if (found := form.fullmatch(plain))), None)
    if match is None:
        return None
    old, new = (re.sub("::|#", ".", match[name]) for name in ("old", "new"))
    holder, _, name = new.rpartition(".")
    if holder and holder != old.rpartition(".")[0]:
        return None  # that would be a move
    path = match["file"] or (focus["path"] if focus else "")
    is_change = name != old.rpartition(".")[2]
    return Rename(old, name, path) if is_change else None


def rename_texts(ctx: StrategyContext) -> Mapping[WorkspacePath, str] | None:
    """Return the new texts of all files that the rename which is asked for changes.

    None when something else is asked for, or anything is doubtful. Takes as long as reading the
    workspace's files.
    """
    rename = read_rename(ctx.instruction)
    if rename is None or len(ctx.analysis.snapshot.documents) > MOST_FILES:
        return None
    try:
        symbol = _symbol(ctx.analysis, rename)
        return _Renaming(ctx.analysis, symbol, rename.new).texts()
    except (_Doubt, StaleChange, UnreadableFile):
        return None


def _symbol(analysis: Analysis, rename: Rename) -> Symbol:
    name = rename.old.rpartition(".")[2]
    found = {
        (symbol.path, symbol.qualified_name): symbol
        for symbol in analysis.index.symbols_named(name)
        if f".{symbol.qualified_name}".endswith(f".{rename.old}")
        and f"/{symbol.path}".endswith(f"/{rename.path}" if rename.path else "")
    }
    if len(found) != 1:
        raise _Doubt
    (symbol,) = found.values()
    is_special = name.startswith("__") or rename.new.startswith("__") or name == "constructor"
    # In Go, and by custom elsewhere, the first letter says who may use it.
    changes_case = name[0].isupper() != rename.new[0].isupper()
    if symbol.kind not in _RENAMABLE or is_special or changes_case:
        raise _Doubt
    return symbol


class _Renaming:
    """One rename, worked out file by file."""

    def __init__(self, analysis: Analysis, symbol: Symbol, new: str) -> None:
        self._index = analysis.index
        self._documents = analysis.snapshot.documents
        self._symbol = symbol
        self._old = symbol.name
        self._new = new
        self._other_word = whole_word(new)
        self._is_alone = len({(s.path, s.qualified_name) for s in self._same_name()}) == 1

    def texts(self) -> dict[WorkspacePath, str]:
        """Return the new texts.

        Raises:
            _Doubt: a place may or may not be meant.
        """
        self._require_no_heirs()
        uses = self._uses()
        texts = {}
        for path, document in self._documents.items():
            if self._old not in document.text:
                continue
            ranges = self._places(path, document.text, uses.get(path, frozenset()))
            if ranges:
                if self._other_word.search(document.text):
                    raise _Doubt  # the new name may mean something there already
                edits = tuple(TextEdit(each, self._new) for each in ranges)
                texts[path] = apply_edits(document.text, edits)
        return texts

    def _same_name(self) -> tuple[Symbol, ...]:
        return self._index.symbols_named(self._old)

    def _require_no_heirs(self) -> None:
        """Refuse a member that another class may stand in for, or that stands in for another's."""
        holder_name = self._symbol.qualified_name.rpartition(".")[0]
        path = WorkspacePath(self._symbol.path)
        holders = [s for s in self._index.symbols_in(path) if s.qualified_name == holder_name]
        if not holder_name or not any(holder.kind in _TYPES for holder in holders):
            return
        if not self._is_alone or self._index.symbols_named(self._new):
            raise _Doubt
        for holder in holders:
            inherited = [
                reference
                for reference in self._index.outlines[path].references
                if reference.role is ReferenceRole.INHERIT
                and holder.range.start <= reference.range.start < holder.range.end
            ]
            # Another's class may have the member, too.
            if len(inherited) > len(bases_of(self._index, holder)):
                raise _Doubt

    def _uses(self) -> dict[WorkspacePath, frozenset[int]]:
        """Return where the symbol is used, and its own names, by file."""
        found: dict[WorkspacePath, set[int]] = {}
        for symbol in self._same_name():
            if self._is_meant(symbol):
                found.setdefault(WorkspacePath(symbol.path), set()).add(symbol.name_range.start)
        for use in references_to(self._index, self._symbol):
            path = WorkspacePath(use.reference.path)
            if self._is_certain(use.confidence, path):
                # An import's range may begin at its module; the name is at the end of it.
                start = use.reference.range.end - len(self._old)
                found.setdefault(path, set()).add(start)
        return {path: frozenset(starts) for path, starts in found.items()}

    def _is_meant(self, symbol: Symbol) -> bool:
        return (symbol.path, symbol.qualified_name) == (
            self._symbol.path,
            self._symbol.qualified_name,
        )

    def _is_certain(self, confidence: Confidence, path: WorkspacePath) -> bool:
        if confidence is Confidence.EXACT or not self._is_alone:
            return confidence is Confidence.EXACT
        if confidence is Confidence.LIKELY:
            return True  # a type was seen, and no other has it
        is_python = PurePosixPath(path).suffix == ".py"
        if not is_python or self._symbol.kind is not SymbolKind.METHOD:
            return False
        imports = self._index.outlines[path].imports
        modules = {each.module for each in imports}
        return self._old not in _BUILT_IN and all(map(self._is_here, modules))

    def _is_here(self, module: str) -> bool:
        return module.startswith(".") or self._index.resolver.module(module) is not None

    def _places(
        self, path: WorkspacePath, text: str, uses: frozenset[int]
    ) -> tuple[TextRange, ...]:
        """Return what is to be renamed in a file."""
        language = language_of(path)
        if language is None or language.name in _DATA:
            spans = (match.span() for match in whole_word(self._old).finditer(text))
            _require_prose(text, spans, _QUOTES)
            return ()
        occurrences = occurrences_of(language, text, self._old)
        if occurrences is None or (uses and language.name not in _LANGUAGES):
            raise _Doubt
        others = self._others(path)
        found = []
        for each in occurrences:
            start = each.range.start
            if each.place is Place.STRING:
                quotes = _QUOTES if language.name == "python" else _QUOTES + "`"
                _require_prose(text, [(start, each.range.end)], quotes)
            elif each.place is Place.CODE and start in uses:
                if language.name in _SCRIPTS and _is_shorthand(text, each.range):
                    raise _Doubt
                found.append(each.range)
            elif each.place is Place.CODE and start not in others:
                raise _Doubt
        if uses - {each.start for each in found} - self._aliases(path, text):
            raise _Doubt
        return tuple(found)

    def _others(self, path: WorkspacePath) -> frozenset[int]:
        """Return where the name surely means something else."""
        others = {
            symbol.name_range.start
            for symbol in self._same_name()
            if symbol.path == path and not self._is_meant(symbol)
        }
        references = self._index.outlines[path].references
        for reference, targets in zip(references, targets_of_file(self._index, path), strict=True):
            is_elsewhere = targets and not any(self._is_meant(each.symbol) for each in targets)
            if is_elsewhere and all(each.confidence is Confidence.EXACT for each in targets):
                others.add(reference.range.end - len(self._old))
        return frozenset(others)

    def _aliases(self, path: WorkspacePath, text: str) -> set[int]:
        """Return the places of uses under another name, which stay as they are."""
        return {
            reference.range.end - len(self._old)
            for reference in self._index.outlines[path].references
            if not whole_word(self._old).fullmatch(
                text, reference.range.end - len(self._old), reference.range.end
            )
        }


def _require_prose(text: str, spans: Iterable[tuple[int, int]], quotes: str) -> None:
    """Refuse a word in a text that may be read by a program: `"take"`, `Account.take`.

    `quotes` are the marks between which a word alone is a value.
    """
    for start, end in spans:
        before, after = text[max(0, start - 1) : start], text[end : end + 2]
        begins = not before or before.isspace() or before in "(*_`'\""
        ends = not after or after[0].isspace() or after[0] in ",;!?()`*_'\""
        ends = ends or (after[0] in ".:" and (len(after) == 1 or after[1].isspace()))
        is_value = bool(before) and before in quotes and after[:1] == before
        if is_value or not begins or not ends:
            raise _Doubt


def _is_shorthand(text: str, place: TextRange) -> bool:
    """Tell whether a name may stand for a key, too: `{ take }`; an import's braces are none."""
    line_start = text.rfind("\n", 0, place.start) + 1
    if re.match(r"\s*import\b", text[line_start : place.start]):
        return False
    before, after = text[: place.start].rstrip()[-1:], text[place.end :].lstrip()[:1]
    return before in ("{", ",") and after in ("}", ",")
