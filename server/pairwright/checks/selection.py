"""Which files of tests can tell whether a change is right? Those that may reach what it changes.

A name that is used is followed back to the definition that uses it, then that one's name, and so
on: by name alone, because a test that is missed would be a lie and one too many only takes time.
What keeps this from being everything: a test must also import a changed file, perhaps over others.
What cannot be followed makes the answer unknown, not smaller.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from pairwright.checks.backward import Definition, NameUses
from pairwright.checks.comparison import Comparison
from pairwright.checks.symbol_changes import ChangedSymbol, ChangeKind
from pairwright.index.analysis import Analysis
from pairwright.index.index import Index
from pairwright.index.resolving.bounds import ShouldStop, never
from pairwright.index.resolving.dialects import dialect_of
from pairwright.syntax.languages.registry import is_test_path, language_of
from pairwright.workspace.paths import WorkspacePath, protection_of

MAX_USES = 100_000
"""Of names, that are followed; beyond, the answer is unknown."""
MAX_TESTS = 300
"""Files of tests; when there are more, to run them all is no worse."""
_CONSTRUCTORS = frozenset({"constructor", "init", "initialize"})
_AFFIXES: tuple[str, ...] = (
    "test_{}",
    "{}_test",
    "{}_tests",
    "tests_{}",
    "{}.test",
    "{}.spec",
    "{}_spec",
)
_AFFIXES += ("Test{}", "{}Test", "{}Tests", "{}Spec")


@dataclass(frozen=True, slots=True)
class Selection:
    """The tests that may reach a change."""

    tests: tuple[WorkspacePath, ...] | None
    """Their files, the nearest first; None: it cannot be told, so all."""
    nearest: tuple[WorkspacePath, ...] = ()
    """Those that were found in any case, the nearest first."""


def selection_for(
    comparison: Comparison,
    changed: Iterable[ChangedSymbol],
    *,
    should_stop: ShouldStop = never,
) -> Selection:
    """Return the files of tests that may fail because of a change.

    Args:
        comparison: the workspace before the change, and the touched files after it.
        changed: what the texts change.
        should_stop: asked now and then; once it says so, the answer is unknown.
    """
    changed, texts = tuple(changed), comparison.texts
    search = _Search(comparison.analysis.index, should_stop)
    for path in texts:
        outline = comparison.after(path)
        if outline and is_test_path(path) and any(each.is_test for each in outline.symbols):
            search.select(path, 0)
    for each in changed:
        search.start(each)
    is_complete = search.follow()
    found = tuple(
        path
        for path in sorted(search.found, key=lambda each: (search.found[each], each))
        if texts.get(path, "") is not None
    )
    is_told = is_complete and bool(found) and _can_be_told(comparison.analysis, changed)
    return Selection(found if is_told else None, found)


def _can_be_told(analysis: Analysis, changed: Iterable[ChangedSymbol]) -> bool:
    """Tell whether the index can know what hangs on the changes."""
    snapshot = analysis.snapshot
    if snapshot.pending or len(analysis.index.files) != len(snapshot.documents):
        return False
    return all(
        each.change is not ChangeKind.CONTENT and protection_of(each.path) is None
        for each in changed
    )


@dataclass(frozen=True, slots=True)
class _Reached:
    """A name whose users may reach the change."""

    name: str
    holder: str
    """The qualified name of the definition around the one that has it; empty: none."""
    path: WorkspacePath
    """Where it is defined."""
    steps: int


class _Search:
    """Follows names back from what changed to the tests."""

    def __init__(self, index: Index, should_stop: ShouldStop) -> None:
        self.found: dict[WorkspacePath, int] = {}
        """How many steps each file of tests is away."""
        self._index = index
        self._should_stop = should_stop
        self._uses = NameUses(index)
        self._waiting: deque[_Reached] = deque()
        self._seen: set[tuple[str, str]] = set()
        self._run_at_import: set[WorkspacePath] = set()
        self._importers: dict[WorkspacePath, frozenset[WorkspacePath]] = {}
        self._gate: set[WorkspacePath] = set()
        """The files that import a changed one, perhaps over others."""

    def select(self, path: WorkspacePath, steps: int) -> None:
        """Take a file of tests, if it is not taken yet."""
        if path not in self.found or steps < self.found[path]:
            self.found[path] = steps

    def start(self, changed: ChangedSymbol) -> None:
        """Take what changed as reached."""
        path = changed.path
        if path in self._index.files:
            self._gate |= self._importing(path)
        else:
            self._gate |= self._mentioning(path)
        for test in self._named_after(path):
            self.select(test, 1)
        match changed.change:
            case ChangeKind.MODULE_CODE | ChangeKind.FILE_REMOVED | ChangeKind.FILE_RENAMED:
                self._run(path, 0)
            case ChangeKind.IMPORT_REMOVED:
                self._wait_for(_Reached(changed.name, "", path, 0))
        for symbol in (changed.before, changed.after):
            if symbol is not None:
                self._reach(Definition.of(symbol), 0)

    def follow(self) -> bool:
        """Follow everything to its end; tell whether it was reached."""
        open_tests = {path for path in self._gate if self._uses.holds_tests(path)}
        while self._waiting and open_tests:
            if self._uses.count > MAX_USES or len(self.found) > MAX_TESTS or self._should_stop():
                return False
            self._follow(self._waiting.popleft())
            open_tests -= self.found.keys()
        return True

    def _follow(self, reached: _Reached) -> None:
        is_used = False
        for use in self._uses.of(reached.name, reached.path, holder=reached.holder):
            is_used = True
            steps = reached.steps + 1
            if is_test_path(use.path) and use.path in self._gate:
                self._select_around(use.path, steps)
            if use.is_run_at_import:
                self._run(use.path, steps)
            if use.alias:
                self._wait_for(_Reached(use.alias, "", use.path, reached.steps))
            if use.around is not None:
                self._reach(use.around, steps)
        if not is_used:
            self._reach_around(reached)

    def _reach(self, definition: Definition, steps: int) -> None:
        path, name = definition.path, definition.name
        holder = definition.qualified_name.removesuffix(name).removesuffix(".")
        is_implicit = name in _CONSTRUCTORS or (name.startswith("__") and name.endswith("__"))
        reached = _Reached(name, holder, path, steps)
        if is_implicit:
            self._reach_around(reached)
        else:
            self._wait_for(reached)
        if not is_implicit and holder and self._uses.has_unseen_base(path, holder):
            self._reach_around(reached)
        if path in self._index.files and self._uses.is_registered(definition):
            self._run(path, steps)

    def _reach_around(self, reached: _Reached) -> None:
        """Take what a definition is in as reached: who has that may use it without its name."""
        holder, path = reached.holder, reached.path
        if holder:
            outer, _, name = holder.rpartition(".")
            self._wait_for(_Reached(name, outer, path, reached.steps))
        else:
            self._run(path, reached.steps)

    def _wait_for(self, reached: _Reached) -> None:
        key = reached.name, "" if reached.holder else reached.path
        if key not in self._seen:
            self._seen.add(key)
            self._waiting.append(reached)

    def _run(self, path: WorkspacePath, steps: int) -> None:
        """Take a file's import as reached: whoever imports it may fail."""
        if path in self._run_at_import or path not in self._index.files:
            return
        self._run_at_import.add(path)
        for importer in self._importing(path) & self._gate:
            if is_test_path(importer):
                self._select_around(importer, steps + 1)

    def _select_around(self, path: WorkspacePath, steps: int) -> None:
        """Take a file of tests, or the tests that obey a file of their directory."""
        if self._uses.holds_tests(path):
            self.select(path, steps)
        if _is_obeyed(path) and self._uses.is_automatic(path):
            for below in self._below(path):
                if self._uses.holds_tests(below):
                    self.select(below, steps)

    def _importing(self, path: WorkspacePath) -> frozenset[WorkspacePath]:
        """Return the files that import a file, perhaps over others, and that one."""
        if path not in self._importers:
            found, waiting = {path}, [path]
            while waiting:
                current = waiting.pop()
                near = [*self._index.files_importing(current), *self._neighbours(current)]
                for other in near:
                    if other not in found:
                        found.add(other)
                        waiting.append(other)
            self._importers[path] = frozenset(found)
        return self._importers[path]

    def _neighbours(self, path: WorkspacePath) -> Iterable[WorkspacePath]:
        """Return the files that see a file without an import that names it."""
        if _is_obeyed(path):
            return self._below(path)
        language = language_of(path)
        if language is None or dialect_of(language.name).are_imports_explicit:
            return ()
        return self._in_language(language.name)

    def _below(self, path: WorkspacePath) -> list[WorkspacePath]:
        directory = path.rpartition("/")[0]
        prefix = f"{directory}/" if directory else ""
        return [each for each in self._index.files if each.startswith(prefix)]

    def _in_language(self, language: str) -> list[WorkspacePath]:
        return [path for path, file in self._index.files.items() if file.language == language]

    def _mentioning(self, path: WorkspacePath) -> set[WorkspacePath]:
        """Return the tests that hold the name of a file that is not there yet."""
        stem = _stem(path).encode()
        found = {path}
        for layer in self._index.layers:
            for file in layer.files():
                if is_test_path(file.path) and file.packed and stem in file.packed.content:
                    found.add(file.path)
        return found

    def _named_after(self, path: WorkspacePath) -> list[WorkspacePath]:
        """Return the tests that are called as tests of this file are."""
        language, stem = language_of(path), _stem(path)
        if language is None or len(stem) < 2:
            return []
        wanted = {affix.format(stem).lower() for affix in _AFFIXES}
        return [
            file.path
            for layer in self._index.layers
            for file in layer.files()
            if file.path.rpartition("/")[2].rpartition(".")[0].lower() in wanted
            and language_of(file.path) is language
            and self._uses.holds_tests(file.path)
        ]


def _is_obeyed(path: WorkspacePath) -> bool:
    """Tell whether the tests of a directory use a file without naming it."""
    return path.rpartition("/")[2] == "conftest.py"


def _stem(path: WorkspacePath) -> str:
    directory, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return directory.rpartition("/")[2] if stem in ("__init__", "index", "mod") else stem
