"""Which file or directory of the workspace does the module of an import mean?

Answered from paths alone: a directory, too, is a module, whether or not it holds a file that says
so.
"""

import re

from pairwright.index.imports.paths import joined
from pairwright.index.index import Index
from pairwright.workspace.paths import WorkspacePath

PACKAGE_FILES = ("__init__.py", "__init__.pyi")
SCRIPT_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
INDEX_FILES = tuple(f"index.{suffix}" for suffix in ("ts", "tsx", "js", "jsx", "mjs", "cjs"))
_SUFFIX = re.compile(r"(?:\.d)?\.\w+$")
_SEPARATORS = re.compile(r"[./\\:]+")
_NO_NAMES = frozenset({"", "crate", "self", "super", "@", "~"})


def file_in(index: Index, directory: str, name: str) -> str | None:
    """Return the Python module of that name in a directory, be it a file or a package."""
    stem = f"{directory}/{name}" if directory else name
    for path in (*(f"{stem}/{each}" for each in PACKAGE_FILES), f"{stem}.py", f"{stem}.pyi"):
        if path in index.files:
            return path
    return None


def directory_of(path: str) -> str | None:
    """Return the directory whose modules a module holds; None: it holds none."""
    if path.endswith("/"):
        return path[:-1]
    directory, _, name = path.rpartition("/")
    return directory if name in PACKAGE_FILES else None


def python_module(index: Index, module: str, importer: str) -> str | None:
    """Return the file of a module, or its directory with a slash at the end."""
    relative = module.lstrip(".")
    dots = len(module) - len(relative)
    parts = relative.split(".") if relative else []
    if not dots:
        return _imported_file(index, parts, importer) or _beside(index, parts, importer)
    directories = importer.split("/")[:-1]
    if dots - 1 > len(directories):
        return None
    base = "/".join(directories[: len(directories) - (dots - 1)])
    return _below(index, base, parts)


def outermost_module(index: Index, module: str, importer: str) -> str | None:
    """Return what the first part of a dotted module means."""
    found = python_module(index, module, importer)
    if found is None:
        return python_module(index, module.partition(".")[0], importer)
    parts = _stem(found).split("/")
    depth = module.count(".")
    if not depth:
        return found
    kept = parts[: len(parts) - depth]
    return file_in(index, "/".join(kept[:-1]), kept[-1]) or "/".join(kept) + "/"


def imported_file(index: Index, module: str, importer: str) -> str | None:
    """Return the file that a module means, in any language but Python."""
    if importer.endswith(SCRIPT_SUFFIXES):
        return index.script_module(module, WorkspacePath(importer))
    if module.startswith("."):
        place = joined(importer.rpartition("/")[0], module)
        for path in index.imports_of(WorkspacePath(importer)):
            if place in (path, _stem(path)) or _SUFFIX.sub("", place or "") == _stem(path):
                return path
        return None
    parts = [part for part in _SEPARATORS.split(module) if part not in _NO_NAMES]
    return _imported_file(index, parts, importer)


def submodule(index: Index, path: str, name: str) -> str | None:
    """Return the module of that name in a module that holds others."""
    directory = directory_of(path)
    return None if directory is None else file_in(index, directory, name)


def _imported_file(index: Index, parts: list[str], importer: str) -> str | None:
    if not parts:
        return None
    ending = "/" + "/".join(parts)
    found = [
        path
        for path in index.imports_of(WorkspacePath(importer))
        if ("/" + _stem(path)).endswith(ending)
    ]
    return min(found, key=lambda path: (path.count("/"), path)) if found else None


def _beside(index: Index, parts: list[str], importer: str) -> str | None:
    """Return a module that no other file can be: the importer's own, or a bare directory."""
    ending = "/" + "/".join(parts)
    own = "/" + _stem(importer)
    if own.endswith(ending):
        return importer
    position = own.find(ending + "/")
    if position < 0:
        return None
    return _below(index, own[1 : position + 1].rstrip("/"), parts)


def _below(index: Index, directory: str, parts: list[str]) -> str | None:
    if not parts:
        name = directory.rpartition("/")[2]
        above = directory.rpartition("/")[0]
        if not directory:
            return next((each for each in PACKAGE_FILES if each in index.files), "./")
        return file_in(index, above, name) or directory + "/"
    return file_in(index, "/".join([*([directory] if directory else []), *parts[:-1]]), parts[-1])


def _stem(path: str) -> str:
    """Return a module's path without what its kind of file adds."""
    directory, _, name = path.rpartition("/")
    if not name or name in PACKAGE_FILES or name in INDEX_FILES:
        return directory
    return _SUFFIX.sub("", path)
