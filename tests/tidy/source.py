"""How do tidy tests read the project's own source? As files and syntax trees, never by import."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server" / "pairwright"
CLIENT = ROOT / "clients" / "pairwright_client"
DOCS = ROOT / "server" / "docs"


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file."""

    path: Path
    name: str
    """Its path below `server/pairwright` or the project's root, such as `text/edits.py`."""
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name; `from a import b` counts as `a.b`."""

    target: str
    line: int
    is_local: bool
    """Whether it stands inside a function."""

    @property
    def library(self) -> str:
        """The first part of the name."""
        return self.target.partition(".")[0]


def server_modules(*packages: str) -> tuple[Module, ...]:
    """Return the modules of some packages of the server, of all of it when none is named."""
    modules = _modules_below(SERVER)
    if not packages:
        return modules
    return tuple(module for module in modules if module.name.partition("/")[0] in packages)


def client_modules() -> tuple[Module, ...]:
    """Return the modules of the client."""
    return _modules_below(CLIENT)


def modules_of_tests() -> tuple[Module, ...]:
    """Return the modules of the tests."""
    return _modules_below(ROOT / "tests")


def imports_of(module: Module) -> Iterator[Import]:
    """Yield every import of a module, those by `import_module("name")` too."""
    yield from _imports_below(module.tree, is_local=False)


def tracked_files() -> tuple[Path, ...]:
    """Return the files that are, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=30,
    ).stdout.decode()
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def functions_of(
    module: Module,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method, nested ones too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def _modules_below(folder: Path) -> tuple[Module, ...]:
    base = SERVER if folder == SERVER else ROOT
    return tuple(
        Module(path, path.relative_to(base).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in sorted(folder.rglob("*.py"))
        if not {"node_modules", "sample", "samples", "suite"} & set(path.parts)  # those are data
    )


def _imports_below(node: ast.AST, *, is_local: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, is_local) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            origin = "." * child.level + (child.module or "")
            yield from (
                Import(f"{origin}.{alias.name}", child.lineno, is_local) for alias in child.names
            )
        elif target := _dynamic_import(child):
            yield Import(target, child.lineno, is_local)  # type: ignore[attr-defined]
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _imports_below(child, is_local=is_local or is_function)


def _dynamic_import(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name = ast.unparse(node.func).rpartition(".")[2]
    argument = node.args[0]
    if name in ("import_module", "__import__") and isinstance(argument, ast.Constant):
        return str(argument.value)
    return None
