"""Is the house built as its page says?"""

import ast
import re

import pytest

from tests.tidy.source import (
    DOCS,
    ROOT,
    SERVER,
    client_modules,
    imports_of,
    server_modules,
)

# The face, what puts everything together (`bench` measures from outside), and the wire's own leaf.
_NOT_BELOW_THE_FACES = {"lsp", "mcp", "daemon", "bench", "protocol"}
_BELOW_THE_FACES = [
    folder.name
    for folder in sorted(SERVER.iterdir())
    if (folder / "__init__.py").exists() and folder.name not in _NOT_BELOW_THE_FACES
]

_WRITERS = {
    "journal",
    # The gate's scratch copy, downloads, the ledger, locks: none of them in the workspace.
    *("workspace", "checks", "llm", "ledger", "daemon"),
    # What is known of files, in the daemon's own directories.
    *("index/cache.py", "index/manifest.py", "index/text_index.py"),
    # The databases of what was spent, remembered and sent; notes about repositories, likewise.
    *("storage", "feedback"),
    # Copies of trees, to measure on.
    "bench",
}
"""The packages that write files, and the only modules of the index that do."""

_HELD_BY = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def invariants() -> list[str]:
    """Return the numbered invariants of the page, each with all its lines."""
    section = (DOCS / "architecture.md").read_text("utf-8").partition("## Invariants")[2]
    section = section.partition("\n## ")[0]
    return re.split(r"^\d+\. ", section, flags=re.MULTILINE)[1:]


def test_the_page_lists_its_invariants() -> None:
    assert len(invariants()) >= 10


@pytest.mark.parametrize("invariant", invariants(), ids=lambda text: text[:40])
def test_each_invariant_is_held_by_an_existing_test(invariant: str) -> None:
    holders = _HELD_BY.findall(invariant)
    assert holders, "names no test"
    for path, name in holders:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        defined = {
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name in defined, f"{path} has no {name}"


def test_no_uri_and_no_wire_encoding_goes_below_the_faces() -> None:
    seen = {
        (module.name, name)
        for module in server_modules(*_BELOW_THE_FACES)
        if module.name != "workspace/encodings.py"  # how files are stored, not how clients count
        for name in _identifiers(module.tree)
        if re.search(r"(^|_)(uri|uris|utf_?16|code_units?|client_capabilit\w+)($|_)", name.lower())
    }
    assert seen == set()


def test_applying_changes_never_waits() -> None:
    (host,) = (module for module in server_modules("workspace") if module.name.endswith("/host.py"))
    (owner,) = (
        node
        for node in host.tree.body
        if isinstance(node, ast.ClassDef) and node.name == "WorkspaceHost"
    )
    methods = {
        node.name: node
        for node in owner.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    waiting = ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith | ast.Yield
    assert not any(isinstance(node, waiting) for node in ast.walk(owner))
    assert "apply" in methods
    writers = {name for name, node in methods.items() if _assigns_to_self(node)}
    assert writers == {"__init__", "_replace"}, "the state is replaced whole, in one place"


_ASKING_MODELS = {
    "ledger/metered.py",  # with a provider that was guarded
    "engine/models/disclosing.py",  # the exit itself
    "llm/embedded_provider.py",  # a provider that asks its own process
    "llm/standing_in.py",  # a provider that passes on
    "daemon/model_files.py",  # `pairwright models test`: one fixed question, nothing of a workspace
}


def test_all_that_goes_to_a_model_leaves_by_the_one_exit() -> None:
    calls = [
        (module.name, node.func.attr, ast.unparse(node))
        for module in server_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert {name for name, attribute, _ in calls if attribute == "stream"} == _ASKING_MODELS
    opened = {(name, text) for name, _, text in calls if text == "self.models.open(name)"}
    assert opened == {("engine/state.py", "self.models.open(name)")}
    guarded = [text for name, _, text in calls if name == "engine/state.py" and "guarded" in text]
    assert guarded == ["self.exit.guarded(self.models.open(name))"]
    opening = {name for name, attribute, text in calls if "models.open(" in text}
    assert opening == {"engine/state.py"}
    asking = {name for name, _, text in calls if re.match(r"litellm\.\w*completion\(", text)}
    # A benchmark compares with the library alone; it asks a server of its own.
    assert asking == {"llm/litellm_provider.py", "bench/calls.py"}


def test_few_modules_write_files() -> None:
    writing = {
        module.name if module.name.startswith("index/") else module.name.partition("/")[0]
        for module in server_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _writes_a_file(node)
    }
    assert writing - _WRITERS == set()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("path.write_text('x')", True),
        ("open(path, 'w')", True),
        ("path.open('ab')", True),
        ("os.replace(a, b)", True),
        ("path.unlink()", True),
        ("open(path)", False),
        ("path.open('rb')", False),
        ("text.replace(a, b)", False),
    ],
)
def test_writing_calls_are_recognised(call: str, expected: bool) -> None:
    node = ast.parse(call, mode="eval").body
    assert isinstance(node, ast.Call)
    assert _writes_a_file(node) is expected


def test_nothing_asks_whether_it_is_under_test() -> None:
    asking = re.compile(
        r"PYTEST_(?:CURRENT_TEST|VERSION)|_called_from_test|under_test|pytest\W+in\W+sys\.modules"
    )
    modules = (*server_modules(), *client_modules())
    assert [m.name for m in modules if asking.search(m.path.read_text("utf-8"))] == []
    assert [
        (module.name, entry.target)
        for module in modules
        for entry in imports_of(module)
        if entry.library in ("pytest", "_pytest", "tests", "unittest")
    ] == []


def _writes_a_file(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    last = name.rpartition(".")[2]
    if name in ("os.replace", "os.rename", "os.remove", "os.open", "os.truncate"):
        return True
    if last in ("write_text", "write_bytes", "unlink", "rmtree", "copytree", "copyfile"):
        return True
    modes = [*call.args, *(keyword.value for keyword in call.keywords)]
    return last == "open" and any(
        isinstance(mode, ast.Constant) and re.fullmatch(r"[rwaxbt+]*[wax+][bt+]*", str(mode.value))
        for mode in modes
    )


def _identifiers(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
    return names


def _assigns_to_self(function: ast.AST) -> bool:
    targets: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets.append(node.target)
    return any(ast.unparse(target).startswith("self.") for target in targets)
