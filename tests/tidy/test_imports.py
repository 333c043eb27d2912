"""Who imports what, where, and what does it weigh?"""

import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.tidy.source import Import, Module, client_modules, imports_of, server_modules

_HEAVY = {
    "pygls": ("lsp/", "bench/echo_server.py"),
    "lsprotocol": ("lsp/", "bench/echo_server.py"),
    "litellm": "llm/litellm_provider.py",
    "keyring": "llm/keys.py",
    "xllamacpp": "llm/embedded_server.py",
    "watchdog": "workspace/watcher.py",
    "regex": "index/search.py",
    "bm25s": "bench/rankings.py",
    "tree_sitter": "syntax/parser.py",
    "tree_sitter_python": "syntax/languages/",
    "tree_sitter_javascript": "syntax/languages/",
    "tree_sitter_typescript": "syntax/languages/",
}
"""Where each heavy library may be imported; only the faces may do so in several modules."""
_FACES = ("lsp/", "mcp/")

_LOCAL_IMPORTS = {
    ("workspace/ignore.py", "pathspec"): "few processes ever compile a rule",
    ("index/search.py", "regex"): "the first answer is rarely one of a search in texts",
    ("llm/litellm_provider.py", "litellm"): "takes seconds, and most requests need no model",
    ("llm/sending.py", "httpx"): "comes with litellm, and belongs to it",
    ("llm/keys.py", "keyring"): "optional, and asked in a thread of its own",
    ("llm/embedded_server.py", "xllamacpp"): "loads llama.cpp, after standard output is silenced",
    ("bench/rankings.py", "bm25s"): "a peer to compare with, installed only where that is done",
    ("bench/strategies/chart.py", "matplotlib"): "half a second, and only charts need it",
    ("daemon/app.py", "pairwright"): "a client is answered while the index is imported",
    ("daemon/foundation.py", "pairwright"): "the first answer does not wait for the engine",
    ("daemon/composition.py", "pairwright"): "MCP is imported when the first assistant comes",
    ("protocol/codec.py", "pydantic"): "plain messages need none, and the first answer is one",
    ("clients/pairwright_client/cli.py", "json"): "only some commands print JSON",
}
"""Imports inside functions, each with its reason."""

_IMPURE = {
    "waiting": {"asyncio", "concurrent", "multiprocessing", "signal", "threading"},
    "files": {"fileinput", "glob", "io", "logging", "os", "pathlib", "shutil", "sys", "tempfile"},
    "other machines and programs": {"http", "socket", "sqlite3", "ssl", "subprocess", "urllib"},
    "clock": {"datetime", "time"},
    "randomness": {"random", "secrets", "uuid"},
}
_PURE_PACKAGES = ("text", "syntax", "editing", "planning")
_PURITY_EXCEPTIONS = {
    ("editing/matching.py", "pathlib.PurePosixPath"): "a pure value, in spite of its module",
}


def uses(modules: Iterable[Module], library: str) -> dict[str, list[Import]]:
    """Return the imports of a library, by module."""
    found = {
        module.name: [entry for entry in imports_of(module) if entry.library == library]
        for module in modules
    }
    return {name: entries for name, entries in found.items() if entries}


@pytest.mark.parametrize("library", _HEAVY)
def test_heavy_libraries_have_one_importing_module(library: str) -> None:
    importers = list(uses((*server_modules(), *client_modules()), library))
    assert [name for name in importers if not name.startswith(_HEAVY[library])] == []
    assert "lsp/" in _HEAVY[library] or len(importers) <= 1, importers


def test_functions_import_nothing_but_heavy_libraries() -> None:
    local = {
        (module.name, entry.library)
        for module in (*server_modules(), *client_modules())
        for entry in imports_of(module)
        if entry.is_local
    }
    assert local - _LOCAL_IMPORTS.keys() == set()
    assert _LOCAL_IMPORTS.keys() - local == set(), "no longer needed"


def test_only_what_follows_the_index_computes_with_numpy() -> None:
    importers = uses((*server_modules(), *client_modules()), "numpy")
    allowed = ("index/", "checks/backward.py")
    assert [name for name in importers if not name.startswith(allowed)] == []


@pytest.mark.parametrize("package", _PURE_PACKAGES)
def test_pure_packages_do_no_input_output_clock_or_randomness(package: str) -> None:
    impure = {
        (module.name, entry.target)
        for module in server_modules(package)
        for entry in imports_of(module)
        if any(entry.library in libraries for libraries in _IMPURE.values())
    }
    assert impure - _PURITY_EXCEPTIONS.keys() == set()
    exceptions = {entry for entry in _PURITY_EXCEPTIONS if entry[0].startswith(f"{package}/")}
    assert exceptions - impure == set(), "no longer needed"


def test_nothing_below_the_engine_knows_the_protocol() -> None:
    knowing = {
        module.name.partition("/")[0]
        for module in server_modules()
        if any(entry.target.startswith("pairwright.protocol") for entry in imports_of(module))
    }
    faces = {"lsp", "mcp"}
    assert knowing <= {"protocol", "engine", *faces, "daemon", "bench", "cli.py", "__main__.py"}


def test_the_planner_holds_no_edit_tool() -> None:
    planners = [*server_modules("planning")]
    planners += [m for m in server_modules("strategies") if m.name == "strategies/planner.py"]
    assert planners
    for module in planners:
        forbidden = ("pairwright.editing", "pairwright.journal", "pairwright.checks.gate")
        assert [e.target for e in imports_of(module) if e.target.startswith(forbidden)] == []


def loaded_by(statement: str) -> set[str]:
    """Run a statement in a fresh interpreter; return the top-level modules that are then loaded."""
    code = f"{statement}\nimport sys; print(*{{n.partition('.')[0] for n in sys.modules}})"
    output = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=30
    ).stdout
    return set(output.split())


def test_importing_the_client_stays_light() -> None:
    loaded = loaded_by("import pairwright_client.cli")
    assert "pairwright_client" in loaded
    assert loaded & {"pygls", "lsprotocol", "mcp", "litellm", "pydantic", "xllamacpp"} == set()


@pytest.mark.parametrize("module", ["pairwright.daemon.app", "pairwright.cli"])
def test_the_daemon_starts_without_a_model_library(module: str) -> None:
    loaded = loaded_by(f"import {module}")
    assert "pairwright" in loaded
    assert loaded & {"litellm", "xllamacpp", "openai", "huggingface_hub"} == set()
    assert loaded & {"mcp", "mcp_types", "starlette", "uvicorn"} == set()


def test_a_worker_starts_without_what_only_the_daemon_needs() -> None:
    loaded = loaded_by("import pairwright.index.worker")
    assert "tree_sitter" in loaded
    assert loaded & {"numpy", "asyncio", "pydantic", "watchdog"} == set()


def test_the_daemons_help_loads_no_model_library() -> None:
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pairwright", "daemon", "--help"],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert "usage" in result.stdout.lower()
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "pairwright" in imported
    assert imported & {"litellm", "xllamacpp", "openai", "huggingface_hub"} == set()
