"""What does each file import? Worked out once for a text.

It holds as long as no file comes or goes and no settings file says something else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pairwright.index.imports.resolver import ImportResolver, python_names
from pairwright.index.imports.settings import OutlineOf
from pairwright.index.segment import IndexedFile
from pairwright.syntax.packing import PackedOutline, unpack_imports
from pairwright.workspace.paths import WorkspacePath

Files = Mapping[WorkspacePath, IndexedFile]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a file imports, and what that was read from."""

    packed: PackedOutline
    packages: tuple[tuple[WorkspacePath, PackedOutline | None], ...]
    targets: tuple[WorkspacePath, ...]


class ImportTable:
    """Remembers, for one set of paths, what each file imports; shared by the indexes with it.

    Safe with threads: an entry is replaced whole, and is checked against the texts when it is used.
    """

    def __init__(self, paths: Iterable[WorkspacePath]) -> None:
        """Take the paths."""
        self.resolver = ImportResolver(paths)
        self._known: dict[WorkspacePath, _Known] = {}
        self._packages: dict[WorkspacePath, _Package] = {}

    def imports_of(self, path: WorkspacePath, files: Files) -> tuple[WorkspacePath, ...]:
        """Return the files that a file imports, in its order."""
        file = files.get(path)
        if file is None or file.packed is None:
            return ()
        known = self._known.get(path)
        if known is None or not _is_true(known, file.packed, files):
            known = self._known[path] = self._worked_out(file, file.packed, files)
        return known.targets

    def script(self, module: str, importer: WorkspacePath, files: Files) -> WorkspacePath | None:
        """Return the file that a module of JavaScript or TypeScript is."""
        return self.resolver.script(module, importer, _outlines(files))

    def importers(self, files: Files) -> Mapping[WorkspacePath, tuple[WorkspacePath, ...]]:
        """Return who imports each file, in the order of `files`."""
        found: dict[WorkspacePath, list[WorkspacePath]] = defaultdict(list)
        for path in files:
            for target in self.imports_of(path, files):
                found[target].append(path)
        return {target: tuple(paths) for target, paths in found.items()}

    def _worked_out(self, file: IndexedFile, packed: PackedOutline, files: Files) -> _Known:
        packages: dict[WorkspacePath, PackedOutline | None] = {}

        def passed_on(path: WorkspacePath, name: str) -> Iterable[str]:
            packages[path] = files[path].packed
            return self._package(path, packages[path]).modules.get(name, ())

        imports = unpack_imports(packed)
        targets = self.resolver.targets(
            file.path, file.language or "", imports, passed_on, _outlines(files)
        )
        return _Known(packed, tuple(packages.items()), targets)

    def _package(self, path: WorkspacePath, packed: PackedOutline | None) -> "_Package":
        known = self._packages.get(path)
        if known is None or known.packed is not packed:
            modules: dict[str, list[str]] = defaultdict(list)
            for imported in unpack_imports(packed) if packed is not None else ():
                for name in python_names(imported):
                    modules[name.rpartition(".")[2]].append(name)
            known = self._packages[path] = _Package(packed, dict(modules))
        return known


@dataclass(frozen=True, slots=True)
class _Package:
    """What a package imports."""

    packed: PackedOutline | None
    modules: Mapping[str, list[str]]
    """The full names of what may be modules, by their last part."""


def _outlines(files: Files) -> OutlineOf:
    return lambda path: files[path].packed


def _is_true(known: _Known, packed: PackedOutline, files: Files) -> bool:
    if known.packed is not packed and known.packed.content != packed.content:
        return False
    for path, then in known.packages:
        now = files[path].packed
        if now is not then and (now is None or then is None or now.content != then.content):
            return False
    return True
