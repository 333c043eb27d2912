"""Which file does an import mean that writes a path, as C, Ruby, style sheets and pages do?"""

import re

from pairwright.index.imports.paths import PathTable, joined
from pairwright.syntax.outline import Import
from pairwright.workspace.paths import WorkspacePath

_SCHEME = re.compile(r"[a-zA-Z][\w+.-]*:|//")
_AFTER_PATH = re.compile(r"[?#].*", re.DOTALL)
_PARENTS = re.compile(r"^(?:\.\.?/)+")
_RUBY_ROOTS = ("lib/", "app/", "")
_STYLES = ("", ".css", ".scss", ".sass", ".less")


def included(
    table: PathTable, imported: Import, importer: WorkspacePath
) -> tuple[WorkspacePath, ...]:
    """Return the file of an `#include`: beside the importer, or where a path ends so."""
    name = imported.module
    found = table.beside(importer, name, ("",))
    if found is None:
        end = _PARENTS.sub("", name)
        found = table.ending_in(end, ("",), importer) if "/" in end or "." in end else None
    return _all(found)


def required_in_ruby(
    table: PathTable, imported: Import, importer: WorkspacePath
) -> tuple[WorkspacePath, ...]:
    """Return the file of a `require` or `require_relative`: an outline shows no difference."""
    name, endings = imported.module, (".rb", "")
    if name.startswith("."):
        return _all(table.beside(importer, name, endings))
    for root in _RUBY_ROOTS:
        found = table.at(root + name, endings)
        if found is not None:
            return (found,)
    found = table.ending_in("lib/" + name, endings, importer)
    return _all(found or table.beside(importer, name, endings))


def linked(
    table: PathTable, imported: Import, importer: WorkspacePath
) -> tuple[WorkspacePath, ...]:
    """Return the file of a link: beside the importer, or from the root or where a site begins."""
    name = _AFTER_PATH.sub("", imported.module)
    if not name or _SCHEME.match(name):
        return ()
    if name.startswith("/"):
        path = name.strip("/")
        return _all(table.at(path, ("",)) or table.ending_in(path, ("",), importer))
    return _all(table.beside(importer, name, ("",)))


def styles(
    table: PathTable, imported: Import, importer: WorkspacePath
) -> tuple[WorkspacePath, ...]:
    """Return the file of an `@import`: a style sheet, or a part whose name begins with `_`."""
    found = linked(table, imported, importer)
    if found or _SCHEME.match(imported.module):
        return found
    directory, slash, name = imported.module.rpartition("/")
    for path in (imported.module, f"{directory}{slash}_{name}"):
        sheet = table.beside(importer, path, _STYLES)
        if sheet is not None:
            return (sheet,)
    return ()


def sourced(
    table: PathTable, imported: Import, importer: WorkspacePath
) -> tuple[WorkspacePath, ...]:
    """Return the script that a shell reads: beside the importer, or from the root.

    What stands before the path, such as `$(dirname "$0")`, is not known: then the path begins with
    a slash, and its directory is taken for the importer's.
    """
    name = imported.module
    name = name.rpartition("}")[2].rpartition(")")[2].lstrip("/")
    if "$" in name:
        name = name.partition("/")[2]
    if not name:
        return ()
    return _all(table.beside(importer, name, ("",)) or table.at(joined("", name), ("",)))


def _all(path: WorkspacePath | None) -> tuple[WorkspacePath, ...]:
    return () if path is None else (path,)
