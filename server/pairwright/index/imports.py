"""Which file of the workspace does an import mean?

Answered from paths and outlines alone: no configuration of the workspace is read. An import that
names nothing in the workspace (the standard library, an installed package) resolves to nothing.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pairwright.syntax.outline import FileOutline, ReferenceRole
from pairwright.workspace.paths import WorkspacePath

_PYTHON_SUFFIXES = (".py", ".pyi")
_SCRIPT_SUFFIXES = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_WRITTEN_FOR = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
"""TypeScript names the file that will be written, not the one that is there."""
_ALIASES = ("@/", "~/")
_SCRIPT_ROOTS = ("src/", "")
_MAX_PARTS = 50


class ImportResolver:
    """Knows where the modules of one set of files are."""

    def __init__(self, paths: Iterable[WorkspacePath]) -> None:
        """Read the paths once."""
        self._paths = frozenset(paths)
        self._modules: dict[str, list[WorkspacePath]] = defaultdict(list)
        for path in sorted(self._paths):
            if path.endswith(_PYTHON_SUFFIXES):
                for name in self._module_names(path):
                    self._modules[name].append(path)

    def imports_of(
        self, outline: FileOutline, outlines: Mapping[WorkspacePath, FileOutline]
    ) -> tuple[WorkspacePath, ...]:
        """Return the files that a file imports, in its order, each once, itself left out.

        A name that a Python package only passes on is followed to where the package has it from.
        """
        resolve = self._python if outline.language == "python" else self._script
        found: dict[WorkspacePath, None] = {}
        for reference in outline.references:
            if reference.role is ReferenceRole.IMPORT:
                target = resolve(reference.name, outline.path)
                if target is not None:
                    found.update(dict.fromkeys(self._passed_on(reference.name, outlines[target])))
                    found[target] = None
        found.pop(WorkspacePath(outline.path), None)
        return tuple(found)

    def module(self, dotted: str, importer: str = "") -> WorkspacePath | None:
        """Return the file of a Python module named in full, or of its nearest outer package."""
        parts = dotted.split(".")[:_MAX_PARTS]
        while parts:
            candidates = self._modules.get(".".join(parts), ())
            if parts[0] in sys.stdlib_module_names:
                candidates = [path for path in candidates if _can_shadow(path, parts[0], importer)]
            if candidates:
                return min(candidates, key=lambda path: (-_shared_depth(path, importer), path))
            parts.pop()
        return None

    def _passed_on(self, name: str, package: FileOutline) -> Iterator[WorkspacePath]:
        """Give the files from which a package has the last part of a name."""
        if not package.path.endswith("__init__.py"):
            return
        ending = "." + name.rpartition(".")[2]
        for reference in package.references:
            if reference.role is ReferenceRole.IMPORT and reference.name.endswith(ending):
                origin = self._python(reference.name, package.path)
                if origin is not None:
                    yield origin

    def _python(self, name: str, importer: str) -> WorkspacePath | None:
        relative = name.lstrip(".")
        dots = len(name) - len(relative)
        if not dots:
            return self.module(name, importer)
        directories = importer.split("/")[:-1]
        if dots - 1 > len(directories):
            return None
        base = directories[: len(directories) - (dots - 1)]
        parts = relative.split(".") if relative else []
        for length in range(len(parts), -1, -1):
            stem = "/".join([*base, *parts[:length]])
            for suffix in _PYTHON_SUFFIXES:
                for path in (f"{stem}{suffix}", f"{stem}/__init__{suffix}".lstrip("/")):
                    if path in self._paths:
                        return WorkspacePath(path)
        return None

    def _script(self, name: str, importer: str) -> WorkspacePath | None:
        if name.startswith("."):
            target = _join(importer.rpartition("/")[0], name)
            return self._script_file(target) if target is not None else None
        for alias in _ALIASES:
            name = name.removeprefix(alias)
        for root in _SCRIPT_ROOTS:
            found = self._script_file(root + name)
            if found is not None:
                return found
        return None

    def _script_file(self, target: str) -> WorkspacePath | None:
        stem, dot, suffix = target.rpartition(".")
        written_for = [stem + other for other in _WRITTEN_FOR.get(dot + suffix, ())]
        prefix = target + "/" if target else ""
        for path in (
            target,
            *written_for,
            *(target + suffix for suffix in _SCRIPT_SUFFIXES),
            *(f"{prefix}index{suffix}" for suffix in _SCRIPT_SUFFIXES),
        ):
            if path in self._paths:
                return WorkspacePath(path)
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
        return any(f"{directory}/__init__{suffix}" in self._paths for suffix in _PYTHON_SUFFIXES)


def _join(directory: str, relative: str) -> str | None:
    parts = directory.split("/") if directory else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _can_shadow(path: str, top_name: str, importer: str) -> bool:
    """Tell whether a file can be meant by a name that the standard library has as well."""
    is_at_root = path.partition("/")[0].partition(".")[0] == top_name
    return is_at_root or path.rpartition("/")[0] == importer.rpartition("/")[0]


def _shared_depth(path: str, other: str) -> int:
    depth = 0
    for mine, theirs in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
        if mine != theirs:
            break
        depth += 1
    return depth
