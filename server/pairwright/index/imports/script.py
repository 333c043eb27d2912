"""Which file is a module of JavaScript or TypeScript?

No configuration is read: `@/` and `~/` are taken for the root or `src`, as is customary.
"""

from collections.abc import Collection

from pairwright.index.imports.paths import joined
from pairwright.workspace.paths import WorkspacePath

_SUFFIXES = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_WRITTEN_FOR = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
"""TypeScript names the file that will be written, not the one that is there."""
_ALIASES = ("@/", "~/")
_ROOTS = ("src/", "")


class ScriptModules:
    """Knows where modules can be."""

    def __init__(self, paths: Collection[WorkspacePath]) -> None:
        """Take the paths."""
        self._paths = paths

    def resolve(self, name: str, importer: str) -> WorkspacePath | None:
        """Return the file that an import names."""
        if name.startswith("."):
            target = joined(importer.rpartition("/")[0], name)
            return self._file(target) if target is not None else None
        for alias in _ALIASES:
            name = name.removeprefix(alias)
        for root in _ROOTS:
            found = self._file(root + name)
            if found is not None:
                return found
        return None

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
