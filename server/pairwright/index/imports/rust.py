"""Which file does a path of Rust mean?

A crate begins at `src/lib.rs` or `src/main.rs`; a module `a::b` below it is `a/b.rs` or
`a/b/mod.rs`, and what is named in a module that has no file is in the one around it.
"""

from collections.abc import Sequence

from pairwright.index.imports.paths import PathTable
from pairwright.syntax.outline import Import
from pairwright.workspace.paths import WorkspacePath

_ROOT_FILES = ("lib.rs", "main.rs", "mod.rs")


def in_rust(
    table: PathTable, imported: Import, importer: WorkspacePath
) -> tuple[WorkspacePath, ...]:
    """Return the file of the innermost module that an import names."""
    parts = [part for part in imported.module.split("::") if part]
    if imported.name not in ("", "*"):
        parts.append(imported.name)
    directory, _, name = importer.rpartition("/")
    own = directory if name in _ROOT_FILES else importer.removesuffix(".rs")
    found = None
    if parts[:1] == ["crate"]:
        root = _crate_of(table, directory)
        found = _below(table, root, parts[1:]) or table.at(_in(root, ""), _ROOT_FILES)
    elif parts[:1] in (["self"], ["super"]):
        while parts[:1] in (["self"], ["super"]):
            own = own.rpartition("/")[0] if parts.pop(0) == "super" else own
        found = _below(table, own, parts) or _module_at(table, own)
    elif parts:
        found = (
            _below(table, own, parts)
            or _below(table, _crate_of(table, directory), parts)
            or _other_crate(table, parts, importer)
        )
    return () if found is None else (found,)


def _crate_of(table: PathTable, directory: str) -> str:
    """Return the nearest directory around with a crate's first file; else the directory."""
    around = directory
    while True:
        if any(_in(around, name) in table.paths for name in ("lib.rs", "main.rs")):
            return around
        if not around:
            return directory
        around = around.rpartition("/")[0]


def _other_crate(table: PathTable, parts: Sequence[str], importer: str) -> WorkspacePath | None:
    """Return a module of another crate of the workspace, whose directory is named as it."""
    for name in (parts[0], parts[0].replace("_", "-")):
        first = table.ending_in(f"{name}/src/lib.rs", ("",), importer)
        if first is not None:
            return _below(table, first.rpartition("/")[0], parts[1:]) or first
    return None


def _below(table: PathTable, directory: str, parts: Sequence[str]) -> WorkspacePath | None:
    """Return the file of as many of the parts as have one."""
    for end in range(len(parts), 0, -1):
        found = table.at(_in(directory, "/".join(parts[:end])), (".rs", "/mod.rs"))
        if found is not None:
            return found
    return None


def _module_at(table: PathTable, directory: str) -> WorkspacePath | None:
    own = table.at(directory, (".rs",)) if directory else None
    return own or table.at(_in(directory, ""), ("mod.rs", "lib.rs", "main.rs"))


def _in(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name
