"""Which files does an import mean that names a module or a package, as Java, Go and PHP do?

Where the names begin in the tree is written in files that are not read, so that a name is looked
for at the end of paths. A name of one part says too little for that, but at customary places.
"""

import re
from collections.abc import Sequence

from pairwright.index.imports.paths import PathTable, nearest
from pairwright.syntax.outline import Import
from pairwright.workspace.paths import WorkspacePath

MAX_FILES = 100
"""Of a package that an import names as a whole."""

_ROOTS = ("", "src/", "lib/", "app/", "lua/", "source/", "test/", "tests/")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HOSTS = ("github.com", "gitlab.com", "bitbucket.org")

Found = tuple[WorkspacePath, ...]


def in_jvm(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the file of a class, also of one around what is named, or a package's files."""
    suffixes = (".java", ".kt", ".scala")
    parts = _parts(imported, ".")
    if imported.name == "*":
        package = _package(table, parts, importer, suffixes)
        if package:
            return package
    return _file_around(table, parts, suffixes, importer)


def in_go(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the files of a package: below the root, or below a directory with a `go.mod`.

    The first parts of an import path are the module's own name; with a host they are at least two.
    """
    parts = imported.module.split("/")
    host = "." in parts[0]
    least = 3 if parts[0] in _HOSTS else 1 if not host else 2
    roots = sorted(
        {path.removesuffix("go.mod") for path in table.named("go.mod")} | {""},
        key=lambda root: (not importer.startswith(root), -len(root), root),
    )
    for start in range(0 if not host else least, min(len(parts), least + 3) if host else 2):
        for root in roots if parts[start:] else ():
            files = table.files_in(root + "/".join(parts[start:]), (".go",))
            found = tuple(path for path in files if not path.endswith("_test.go"))
            if found:
                return found[:MAX_FILES]
    return ()


def in_php(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the file of a class, whose namespace may begin anywhere; or the file of a path."""
    module = imported.module
    if "/" in module or module.endswith((".php", ".inc")):
        found = table.beside(importer, module.lstrip("/"), ("",))
        return _one(found or table.at(module.lstrip("/"), ("",)))
    parts = _parts(imported, "\\")
    for start in range(min(len(parts) - 1, 3)):
        end = "/".join(parts[start:])
        found = table.ending_in(end, (".php",), importer) if "/" in end else None
        if found is not None:
            return (found,)
    return _at_roots(table, parts[-1:] if len(parts) == 2 else (), (".php",))


def in_csharp(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the files of a namespace: directories are named as it, with dots or one in another."""
    parts = _parts(imported, ".")
    suffixes = (".cs",)
    for start in range(max(len(parts) - 1, 1)):
        ending = "." + ".".join(parts[start:])
        found = [
            directory
            for directory in table.directories_named(parts[-1])
            if ("." + directory.replace("/", ".")).endswith(ending)
            and table.files_in(directory, suffixes)
        ]
        if found:
            return table.files_in(nearest(found, importer), suffixes)[:MAX_FILES]
    return _file_around(table, parts, suffixes, importer)


def in_lua(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the file of a module: `a.b` is `a/b.lua` or `a/b/init.lua`."""
    parts = imported.module.replace("/", ".").strip(".").split(".")
    return _module(table, parts, (".lua", "/init.lua"), importer)


def in_elixir(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the file of a module: `MyApp.UserName` is `my_app/user_name.ex`."""
    parts = [_WORD_START.sub("_", part).lower() for part in _parts(imported, ".")]
    return _module(table, parts, (".ex", ".exs"), importer)


def in_haskell(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the file of a module: `Data.Stack` is `Data/Stack.hs`."""
    return _module(table, imported.module.split("."), (".hs", ".lhs"), importer)


def in_ocaml(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the file of the innermost part that has one: `Stack.T` is in `stack.ml`."""
    for part in reversed(imported.module.split(".")):
        name = part[:1].lower() + part[1:]
        found = table.beside(importer, name, (".ml", ".mli"))
        found = found or (table.ending_in(name, (".ml", ".mli"), importer) if name else None)
        if found is not None:
            return (found,)
    return ()


def in_julia(table: PathTable, imported: Import, importer: WorkspacePath) -> Found:
    """Return the file of an `include`, or of a module that is named as its file."""
    if imported.module.endswith(".jl"):
        return _one(table.beside(importer, imported.module, ("",)))
    name = imported.module.strip(".").split(".")[0]
    found = table.beside(importer, name, (".jl",)) if name else None
    own = _one(found) or _at_roots(table, [name], (".jl",))
    return own or _module(table, [name, "src", name], (".jl",), importer)


def _parts(imported: Import, separator: str) -> list[str]:
    name = imported.name if imported.name != "*" else ""
    return [part for part in [*imported.module.split(separator), name] if part]


def _module(table: PathTable, parts: Sequence[str], endings: Sequence[str], importer: str) -> Found:
    found = _at_roots(table, parts, endings)
    if not found and len(parts) > 1:
        return _one(table.ending_in("/".join(parts), endings, importer))
    return found


def _at_roots(table: PathTable, parts: Sequence[str], endings: Sequence[str]) -> Found:
    if parts and all(parts):
        for root in _ROOTS:
            found = table.at(root + "/".join(parts), endings)
            if found is not None:
                return (found,)
    return ()


def _file_around(
    table: PathTable, parts: Sequence[str], suffixes: Sequence[str], importer: str
) -> Found:
    """Return the file of a class, or of one of the two around it."""
    for end in range(len(parts), max(len(parts) - 3, 1), -1):
        found = table.ending_in("/".join(parts[:end]), suffixes, importer)
        if found is not None:
            return (found,)
    return ()


def _package(
    table: PathTable, parts: Sequence[str], importer: str, suffixes: tuple[str, ...]
) -> Found:
    found = [
        directory
        for directory in table.directories_named(parts[-1] if parts else "")
        if ("/" + directory).endswith("/" + "/".join(parts)) and table.files_in(directory, suffixes)
    ]
    return table.files_in(nearest(found, importer), suffixes)[:MAX_FILES] if found else ()


def _one(path: WorkspacePath | None) -> Found:
    return () if path is None else (path,)
