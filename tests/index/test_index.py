from pairwright.index.builder import build_index, update_index
from pairwright.index.index import Index
from pairwright.workspace.documents import Change, ChangeCause
from pairwright.workspace.files import MemoryFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath, parse_path
from tests.index.analyses import analyse

WORKSPACE = """
#- stack.py
class Stack:
    def push(self): ...
#- queue.py
from stack import Stack
class Queue(Stack):
    def push(self): ...
#- app.py
import stack, queue
#- notes.md
hello
"""
STACK = parse_path("stack.py")


def test_symbols_are_found_by_their_own_name_in_every_file() -> None:
    index = analyse(WORKSPACE).index
    found = [(each.path, each.qualified_name) for each in index.symbols_named("push")]
    assert found == [("queue.py", "Queue.push"), ("stack.py", "Stack.push")]
    assert index.symbols_named("pus") == ()


def test_importers_are_the_inverse_of_imports() -> None:
    index = analyse(WORKSPACE).index
    assert index.imports_of(parse_path("app.py")) == ("stack.py", "queue.py")
    assert index.files_importing(STACK) == ("app.py", "queue.py")
    assert index.imports_of(parse_path("missing.py")) == ()
    assert index.files_importing(parse_path("app.py")) == ()


def test_every_document_has_an_outline() -> None:
    analysis = analyse(WORKSPACE)
    assert set(analysis.index.outlines) == set(analysis.snapshot.documents)
    assert analysis.index.symbol_count == 4


def test_an_empty_index_answers() -> None:
    index = Index()
    assert index.symbols_named("x") == ()
    assert index.imports_of(WorkspacePath("a.py")) == ()
    assert index.symbol_count == 0


def test_only_changed_files_are_outlined_again() -> None:
    host = WorkspaceHost(MemoryFileSystem({"a.py": "x = 1\n", "b.py": "y = 1\n"}))
    first = build_index(host.scan())
    change = Change(parse_path("a.py"), "z = 1\n", 1, ChangeCause.EDITOR)
    second = update_index(first, host.apply([change]))
    assert second.outlines[parse_path("b.py")] is first.outlines[parse_path("b.py")]
    assert [each.path for each in second.symbols_named("z")] == ["a.py"]
    assert second.symbols_named("x") == ()


def test_an_unchanged_snapshot_keeps_the_index() -> None:
    host = WorkspaceHost(MemoryFileSystem({"a.py": "x = 1\n"}))
    index = build_index(host.scan())
    assert update_index(index, host.scan()) is index


def test_files_that_are_gone_leave_the_index() -> None:
    system = MemoryFileSystem({"a.py": "x = 1\n", "b.py": "y = 1\n"})
    host = WorkspaceHost(system)
    index = build_index(host.scan())
    system.delete("a.py")
    system.write("c.py", "z = 1\n")
    index = update_index(index, host.scan())
    assert list(index.outlines) == ["b.py", "c.py"]
