"""Which file is a module of JavaScript or TypeScript?

Where nothing is said of it in the settings of the project around a file, `@/` and `~/` are taken
for the root or `src`, as is customary.
"""

from collections.abc import Collection, Iterator

from pairwright.index.imports.paths import joined
from pairwright.index.imports.projects import Projects
from pairwright.index.imports.script_packages import ScriptPackages
from pairwright.index.imports.settings import OutlineOf, placed
from pairwright.workspace.paths import WorkspacePath

MAX_KEPT = 50_000
"""Names whose files are remembered."""

_SUFFIXES = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_WRITTEN_FOR = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
"""TypeScript names the file that will be written, not the one that is there."""
_ALIASES = ("@/", "~/")
_ROOTS = ("src", "")


class ScriptModules:
    """Knows where modules can be."""

    def __init__(self, paths: Collection[WorkspacePath], outline_of: OutlineOf) -> None:
        """Take the paths, and read the settings of projects and packages among them."""
        self._paths = paths
        self._projects = Projects(paths, outline_of)
        self._packages = ScriptPackages(paths, outline_of)
        self._known: dict[tuple[str, str], tuple[WorkspacePath | None]] = {}

    def resolve(self, name: str, importer: str) -> WorkspacePath | None:
        """Return the file that an import names."""
        if name.startswith("."):
            target = joined(importer.rpartition("/")[0], name)
            return self._file(target) if target is not None else None
        key = (name, importer.rpartition("/")[0])
        known = self._known.get(key)
        if known is None:
            files = map(self._file, self._meant(name, importer))
            known = (next((path for path in files if path is not None), None),)
            if len(self._known) >= MAX_KEPT:
                self._known.clear()
            self._known[key] = known
        return known[0]

    def _meant(self, name: str, importer: str) -> Iterator[str]:
        """Give the paths that a name without a dot before it may stand for."""
        projects = self._projects.of(importer)
        for project in projects:
            yield from project.meant(name)
        yield from self._packages.meant(name, importer)
        if not any(project.says_something for project in projects):
            for alias in _ALIASES:
                name = name.removeprefix(alias)
            for root in _ROOTS:
                path = placed(root, name)
                if path is not None:
                    yield path

    def _file(self, target: str) -> WorkspacePath | None:
        stem, dot, suffix = target.rpartition(".")
        written_for = [stem + other for other in _WRITTEN_FOR.get(dot + suffix, ())]
        prefix = target + "/" if target else ""
        for path in (
            target,
            *written_for,
            *(target + suffix for suffix in _SUFFIXES),
            *(f"{prefix}index{suffix}" for suffix in _SUFFIXES),
        ):
            if path in self._paths:
                return WorkspacePath(path)
        return None
