"""What does each use of a name in a file mean?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pairwright.index.resolving.dialects import COMMON_METHODS
from pairwright.index.resolving.evaluation import Confidence, Evaluator, Meaning, Meanings
from pairwright.index.resolving.files import TYPES, FileNames
from pairwright.syntax.outline import Reference, ReferenceRole, SymbolKind
from pairwright.workspace.paths import WorkspacePath

MAX_NAMESAKES = 3
"""Definitions of one name among which a use is guessed."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a use may mean."""

    meaning: Meaning
    confidence: Confidence


class FileUses:
    """Follows the uses of names in one file; equal uses in one scope are followed once."""

    def __init__(self, evaluator: Evaluator, names: FileNames) -> None:
        """Take the file's names."""
        self._evaluator = evaluator
        self._names = names
        self._known: dict[tuple[int, str, str], tuple[Target, ...]] = {}

    def targets(self, references: Iterable[Reference]) -> Iterator[tuple[Target, ...]]:
        """Give what each reference means; they come in the order of the text."""
        names = self._names
        for reference in references:
            start = reference.range.start
            if reference.role is ReferenceRole.IMPORT:
                yield self._imported(reference)
            else:
                scope = names.scope_at(start)
                receiver, name = reference.receiver, reference.name
                if "." in name:
                    before, _, name = name.rpartition(".")
                    receiver = f"{receiver}.{before}" if receiver else before
                if start in names.binding_places and not receiver:
                    yield ()
                    continue
                key = (scope, receiver, name)
                if key not in self._known:
                    self._known[key] = self._followed(*key)
                yield self._known[key]

    def _imported(self, reference: Reference) -> tuple[Target, ...]:
        imported = self._names.import_places.get(reference.range.start)
        if imported is None or imported.name == "*":
            return ()
        return _targets(self._evaluator.imported(self._names, imported))

    def _followed(self, scope: int, receiver: str, name: str) -> tuple[Target, ...]:
        meanings = self._evaluator.name(self._names, scope, receiver, name)
        if meanings.found:
            return _targets(meanings)
        if receiver:
            return () if meanings.is_known else self._namesakes(name)
        return () if self._names.dialect.are_imports_explicit else self._nearest(name)

    def _namesakes(self, name: str) -> tuple[Target, ...]:
        """Guess by the name alone, among members of classes."""
        known = self._evaluator.namesakes
        if name not in known:
            is_common = name in COMMON_METHODS or (name.startswith("__") and name.endswith("__"))
            known[name] = () if is_common else self._members_named(name)
        return tuple(Target(meaning, Confidence.BY_NAME) for meaning in known[name])

    def _members_named(self, name: str) -> tuple[Meaning, ...]:
        found: dict[Meaning, None] = {}
        for symbol in self._evaluator.index.symbols_named(name):
            holder = symbol.qualified_name.rpartition(".")[0]
            if holder and symbol.kind in (SymbolKind.METHOD, SymbolKind.VARIABLE):
                found[Meaning(symbol.path, symbol.qualified_name)] = None
            if len(found) > MAX_NAMESAKES:
                return ()
        return tuple(found)

    def _nearest(self, name: str) -> tuple[Target, ...]:
        """Choose among the files that a language lets see each other without naming a name."""
        imports = set(self._evaluator.index.imports_of(WorkspacePath(self._names.path)))
        directory = self._names.path.rpartition("/")[0]
        sure: dict[Meaning, None] = {}
        others: dict[Meaning, None] = {}
        for symbol in self._evaluator.index.symbols_named(name):
            is_outer = "." not in symbol.qualified_name or symbol.kind in TYPES
            meaning = Meaning(symbol.path, symbol.qualified_name)
            same_suffix = symbol.path.rpartition(".")[2] == self._names.path.rpartition(".")[2]
            near = symbol.path in imports or (
                same_suffix and symbol.path.rpartition("/")[0] == directory
            )
            if is_outer and near:
                sure[meaning] = None
            elif is_outer and same_suffix:
                others[meaning] = None
        if sure:
            return tuple(Target(each, Confidence.EXACT) for each in sure)
        if len(others) > MAX_NAMESAKES:
            return ()
        return tuple(Target(each, Confidence.BY_NAME) for each in others)


def _targets(meanings: Meanings) -> tuple[Target, ...]:
    return tuple(
        Target(Meaning(each.path, each.qualified_name), meanings.confidence)
        for each in meanings.found
        if not each.is_object
    )
