"""What is defined where, and who imports whom?

Look-ups are worked out when first asked for and then kept; nothing an index answers ever changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType

from pairwright.index.imports import ImportResolver
from pairwright.syntax.outline import FileOutline, Symbol
from pairwright.workspace.paths import WorkspacePath


class Index:
    """The outlines of a workspace at one revision, and what they mean together."""

    def __init__(self, outlines: Iterable[FileOutline] = ()) -> None:
        """Take the outlines; of two with one path the later counts."""
        by_path = {WorkspacePath(outline.path): outline for outline in outlines}
        self._outlines = MappingProxyType(dict(sorted(by_path.items())))

    @property
    def outlines(self) -> Mapping[WorkspacePath, FileOutline]:
        """Every file's outline, by path, in the order of the paths."""
        return self._outlines

    @cached_property
    def symbol_count(self) -> int:
        """How many definitions there are."""
        return sum(len(outline.symbols) for outline in self._outlines.values())

    @cached_property
    def resolver(self) -> ImportResolver:
        """Tells which file an import means."""
        return ImportResolver(self._outlines)

    def symbols_named(self, name: str) -> tuple[Symbol, ...]:
        """Return the definitions whose own name this is: `push` finds `Stack.push`."""
        return self._by_name.get(name, ())

    def imports_of(self, path: WorkspacePath) -> tuple[WorkspacePath, ...]:
        """Return the workspace's files that a file imports, in its order."""
        return self._imports.get(path, ())

    def files_importing(self, path: WorkspacePath) -> tuple[WorkspacePath, ...]:
        """Return the files that import a file, sorted."""
        return self._importers.get(path, ())

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Symbol, ...]]:
        found: dict[str, list[Symbol]] = defaultdict(list)
        for outline in self._outlines.values():
            for symbol in outline.symbols:
                found[symbol.qualified_name.rpartition(".")[2]].append(symbol)
        return {name: tuple(symbols) for name, symbols in found.items()}

    @cached_property
    def _imports(self) -> Mapping[WorkspacePath, tuple[WorkspacePath, ...]]:
        return {
            path: self.resolver.imports_of(outline, self._outlines)
            for path, outline in self._outlines.items()
        }

    @cached_property
    def _importers(self) -> Mapping[WorkspacePath, tuple[WorkspacePath, ...]]:
        found: dict[WorkspacePath, list[WorkspacePath]] = defaultdict(list)
        for path, targets in self._imports.items():
            for target in targets:
                found[target].append(path)
        return {target: tuple(paths) for target, paths in found.items()}
