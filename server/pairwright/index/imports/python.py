"""Which file is a Python module?"""

import sys
from collections import defaultdict
from collections.abc import Collection

from pairwright.index.imports.paths import shared_depth
from pairwright.workspace.paths import WorkspacePath

_SUFFIXES = (".py", ".pyi")
_MAX_PARTS = 50


class PythonModules:
    """Knows the names under which files can be imported."""

    def __init__(self, paths: Collection[WorkspacePath]) -> None:
        """Read the paths once."""
        self._paths = paths
        self._modules: dict[str, list[WorkspacePath]] = defaultdict(list)
        for path in sorted(path for path in paths if path.endswith(_SUFFIXES)):
            for name in self._module_names(path):
                self._modules[name].append(path)

    def resolve(self, name: str, importer: str) -> WorkspacePath | None:
        """Return the file of a module as an import names it, or of its nearest outer package."""
        relative = name.lstrip(".")
        dots = len(name) - len(relative)
        if not dots:
            return self.module(name, importer)
        directories = importer.split("/")[:-1]
        if dots - 1 > len(directories):
            return None
        base = directories[: len(directories) - (dots - 1)]
        parts = relative.split(".")[:_MAX_PARTS] if relative else []
        for length in range(len(parts), -1, -1):
            stem = "/".join([*base, *parts[:length]])
            for suffix in _SUFFIXES:
                for path in (f"{stem}{suffix}", f"{stem}/__init__{suffix}".lstrip("/")):
                    if path in self._paths:
                        return WorkspacePath(path)
        return None

    def module(self, dotted: str, importer: str = "") -> WorkspacePath | None:
        """Return the file of a module named in full, or of its nearest outer package."""
        parts = dotted.split(".")[:_MAX_PARTS]
        while parts:
            candidates = self._modules.get(".".join(parts), ())
            if candidates and parts[0] in sys.stdlib_module_names:
                candidates = [path for path in candidates if _can_shadow(path, parts[0], importer)]
            if candidates:
                return min(candidates, key=lambda path: (-shared_depth(path, importer), path))
            parts.pop()
        return None

    def _module_names(self, path: str) -> set[str]:
        """Return the names under which a file can be imported.

        They count from the root, from a `src` directory, and from the directory that holds its
        outermost package, which for a file in no package is its own.
        """
        parts = path.rpartition(".")[0].split("/")
        top = len(parts) - 1
        while top > 0 and self._is_package("/".join(parts[:top])):
            top -= 1
        starts = {0, top}
        if parts[0] == "src":
            starts.add(1)
        if parts[-1] == "__init__":
            parts.pop()
        return {".".join(parts[start:]) for start in starts if parts[start:]}

    def _is_package(self, directory: str) -> bool:
        return any(f"{directory}/__init__{suffix}" in self._paths for suffix in _SUFFIXES)


def _can_shadow(path: str, top_name: str, importer: str) -> bool:
    """Tell whether a file can be meant by a name that the standard library has as well."""
    is_at_root = path.partition("/")[0].partition(".")[0] == top_name
    return is_at_root or path.rpartition("/")[0] == importer.rpartition("/")[0]
