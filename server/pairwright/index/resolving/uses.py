"""What does each use of a name in a file mean?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from pairwright.index.resolving.dialects import COMMON_METHODS
from pairwright.index.resolving.evaluation import Evaluator
from pairwright.index.resolving.files import TYPES, FileNames
from pairwright.index.resolving.meanings import Confidence, Meaning, Meanings
from pairwright.syntax.outline import Reference, ReferenceRole, SymbolKind
from pairwright.workspace.paths import WorkspacePath

MAX_NAMESAKES = 3
"""Definitions of one name among which a use is guessed."""
MAX_KIN = 6
"""The same, when the classes that define it have a class above them in common."""

_MEMBERS = frozenset({SymbolKind.METHOD, SymbolKind.VARIABLE})


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
                if start in names.taken_from and not receiver:
                    yield self._taken(name, *names.taken_from[start])
                    continue
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
        evaluator, names = self._evaluator, self._names
        return _targets(evaluator.bounds.within(lambda: evaluator.imported(names, imported)))

    def _taken(self, name: str, holder: str, scope: int) -> tuple[Target, ...]:
        evaluator, names = self._evaluator, self._names
        return _targets(
            evaluator.bounds.within(lambda: evaluator.taken(names, scope, holder, name))
        )

    def _followed(self, scope: int, receiver: str, name: str) -> tuple[Target, ...]:
        evaluator, names = self._evaluator, self._names
        meanings = evaluator.bounds.within(lambda: evaluator.name(names, scope, receiver, name))
        if meanings.found:
            return _targets(meanings)
        if receiver:
            if meanings.is_known:
                return ()
            guessed = namesakes(evaluator, name)
            return tuple(Target(meaning, Confidence.BY_NAME) for meaning in guessed)
        return () if self._names.dialect.are_imports_explicit else self._nearest(name)

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


def namesakes(evaluator: Evaluator, name: str) -> tuple[Meaning, ...]:
    """Return the members of classes that a use may mean by its name alone; few, or none."""
    found = evaluator.known.namesakes.get(name)
    if found is None:
        is_common = name in COMMON_METHODS or (name.startswith("__") and name.endswith("__"))
        found = () if is_common else _members_named(evaluator, name)
        if not evaluator.bounds.is_stopped:
            evaluator.known.namesakes[name] = found
    return found


def _members_named(evaluator: Evaluator, name: str) -> tuple[Meaning, ...]:
    found: dict[Meaning, None] = {}
    for symbol in evaluator.index.symbols_named(name):
        if "." in symbol.qualified_name and symbol.kind in _MEMBERS:
            found[Meaning(symbol.path, symbol.qualified_name)] = None
        if len(found) > MAX_KIN:
            return ()
    if len(found) <= MAX_NAMESAKES or _are_kin(evaluator, found):
        return tuple(found)
    return ()


def _are_kin(evaluator: Evaluator, members: Iterable[Meaning]) -> bool:
    """Tell whether the classes of all members are one class, or have one above them."""
    common: set[Meaning] | None = None
    for member in members:
        holder = Meaning(member.path, member.qualified_name.rpartition(".")[0])
        family = evaluator.bounds.within(partial(_family, evaluator, holder)).found
        common = set(family) if common is None else common & set(family)
    return bool(common)


def _family(evaluator: Evaluator, holder: Meaning) -> Meanings:
    return Meanings((holder, *evaluator.ancestors(holder)[0]))


def _targets(meanings: Meanings) -> tuple[Target, ...]:
    return tuple(
        Target(Meaning(each.path, each.qualified_name), meanings.confidence)
        for each in meanings.found
        if not each.is_object
    )
