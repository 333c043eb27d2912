"""Which file of the workspace does an import mean?

Answered from paths and outlines alone, those of settings files among them. An import that names
nothing in the workspace (the standard library, an installed package) resolves to nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from pairwright.index.imports import named, quoted
from pairwright.index.imports.paths import PathTable, Resolve
from pairwright.index.imports.python import PythonModules
from pairwright.index.imports.rust import in_rust
from pairwright.index.imports.script import ScriptModules
from pairwright.index.imports.settings import OutlineOf
from pairwright.syntax.outline import Import
from pairwright.workspace.paths import WorkspacePath

SCRIPTS = ("javascript", "typescript", "tsx")
_BY_PATH: Mapping[str, Resolve] = {
    "java": named.in_jvm,
    "kotlin": named.in_jvm,
    "scala": named.in_jvm,
    "go": named.in_go,
    "php": named.in_php,
    "csharp": named.in_csharp,
    "lua": named.in_lua,
    "elixir": named.in_elixir,
    "haskell": named.in_haskell,
    "ocaml": named.in_ocaml,
    "ocaml interface": named.in_ocaml,
    "julia": named.in_julia,
    "rust": in_rust,
    "c": quoted.included,
    "cpp": quoted.included,
    "ruby": quoted.required_in_ruby,
    "css": quoted.styles,
    "html": quoted.linked,
    "markdown": quoted.linked,
    "json": quoted.linked,
    "zig": quoted.linked,
    "r": quoted.linked,
    "bash": quoted.sourced,
}

PassedOn = Callable[[WorkspacePath, str], Iterable[str]]
"""Tells under which modules' names a Python package may import a name."""


class ImportResolver:
    """Knows where the modules of one set of files are, as long as no settings file changes."""

    def __init__(self, paths: Iterable[WorkspacePath]) -> None:
        """Take the paths; each family of languages reads them when first asked for."""
        self._paths = frozenset(paths)
        self._scripts: ScriptModules | None = None

    def files_meant(
        self, imported: Import, importer: WorkspacePath, language: str, outline_of: OutlineOf
    ) -> tuple[WorkspacePath, ...]:
        """Return the files that one import names, the module before a module in it."""
        if language == "python":
            names = python_names(imported)
            found = [self._python.resolve(name, importer) for name in names]
        elif language in SCRIPTS:
            found = [self.script(imported.module, importer, outline_of)]
        else:
            resolve = _BY_PATH.get(language)
            return resolve(self._table, imported, importer) if resolve is not None else ()
        return tuple(dict.fromkeys(path for path in found if path is not None))

    def targets(
        self,
        importer: WorkspacePath,
        language: str,
        imports: Iterable[Import],
        passed_on: PassedOn,
        outline_of: OutlineOf,
    ) -> tuple[WorkspacePath, ...]:
        """Return the files that a file imports, in its order, each once, itself left out.

        A name that a Python package only passes on is followed to where the package has it from:
        `passed_on` tells what the package imports.
        """
        found: dict[WorkspacePath, None] = {}
        for imported in imports:
            for target in self.files_meant(imported, importer, language, outline_of):
                if language == "python" and target.rpartition("/")[2] == "__init__.py":
                    wanted = imported.name or imported.module.rpartition(".")[2]
                    for name in passed_on(target, wanted):
                        origin = self._python.resolve(name, target)
                        if origin is not None:
                            found[origin] = None
                found[target] = None
        found.pop(importer, None)
        return tuple(found)

    def module(self, dotted: str, importer: str = "") -> WorkspacePath | None:
        """Return the file of a Python module named in full, or of its nearest outer package."""
        return self._python.module(dotted, importer)

    def script(
        self, module: str, importer: WorkspacePath, outline_of: OutlineOf
    ) -> WorkspacePath | None:
        """Return the file that a module of JavaScript or TypeScript is, as its importer names it.

        `outline_of` gives the settings files; it is asked at the first call alone.
        """
        if self._scripts is None:
            self._scripts = ScriptModules(self._paths, outline_of)
        return self._scripts.resolve(module, importer)

    @cached_property
    def _python(self) -> PythonModules:
        return PythonModules(self._paths)

    @cached_property
    def _table(self) -> PathTable:
        return PathTable(self._paths)


def python_names(imported: Import) -> tuple[str, ...]:
    """Return what may be modules: `from pkg import files` may mean two."""
    module, name = imported.module, imported.name
    if name in ("", "*"):
        return (module,)
    return (module, f"{module}{'' if module.endswith('.') else '.'}{name}")
