from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.index.builder import build_index, index_of, indexed_file, update_index
from pairwright.index.index import Index, IndexedFile
from pairwright.index.kept_tables import pack_tables, unpack_tables
from pairwright.syntax.outline import ReferenceRole
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
    assert index.reference_count == 0
    assert index.files_with("x") == ()
    assert index.references_named("x") == ()
    assert index.symbols_in(STACK) == ()
    assert index.search_symbols("x") == ()
    assert index.search_symbols("x.") == ()
    assert dict(index.outlines) == {}
    assert index.compacted().table_hash() == index.table_hash()
    assert index.with_files({STACK: None}).table_hash() == index.table_hash()


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


def test_uses_of_a_name_are_found_in_every_file_with_their_receivers() -> None:
    index = index_of(
        {
            "b.py": "def save(): ...\nself.host.save()\n",
            "a.py": "from b import save\nsave()\nsaved = 1\n",
            "c.py": "saver = 1\n",
        }
    )
    found = [(each.path, each.role, each.receiver) for each in index.references_named("save")]
    assert found == [
        ("a.py", ReferenceRole.IMPORT, ""),
        ("a.py", ReferenceRole.CALL, ""),
        ("b.py", ReferenceRole.CALL, "self.host"),
    ]
    assert index.files_with("save") == ("a.py", "b.py")
    assert index.files_with("") == ()
    assert index.references_named("sav") == ()


def test_a_file_has_its_symbols_in_order() -> None:
    index = index_of({"a.py": "class Stack:\n    def push(self): ...\ndef make(): ...\n"})
    names = [each.qualified_name for each in index.symbols_in(parse_path("a.py"))]
    assert names == ["Stack", "Stack.push", "make"]
    assert index.symbols_in(parse_path("b.py")) == ()


def test_languages_are_counted_and_problems_are_listed() -> None:
    index = index_of(
        {
            "a.py": "x = 1\n",
            "b.py": "def (:\n",
            "c.ts": "let x = 1;\n",
            "d.txt": "hello\n",
            "e.py": "x = 1\n" * 200_000,
        }
    )
    assert index.languages == {"python": 3, "typescript": 1}
    assert list(index.problems) == ["b.py", "e.py"]
    assert list(index.not_parsed) == ["e.py"]
    assert "too long" in index.not_parsed[parse_path("e.py")]
    fixed = index.with_files({parse_path("b.py"): indexed_file(parse_path("b.py"), "x = 1\n")})
    assert list(fixed.problems) == ["e.py"]


def test_a_file_of_no_language_is_listed_without_an_outline() -> None:
    index = index_of({"notes.txt": "hello"})
    path = parse_path("notes.txt")
    assert index.packed[path] is None
    assert index.outlines[path].language is None
    assert index.files[path].digest == index.outlines[path].digest


def test_names_that_are_no_unicode_text_are_found() -> None:
    index = index_of({"a.py": "\udc80x = 1\nÄrger = 2\n"})
    assert [each.name for each in index.symbols_named("Ärger")] == ["Ärger"]
    assert [hit.symbol.name for hit in index.search_symbols("ärg")] == ["Ärger"]
    assert index.search_symbols("\udc80x.\udc80") == ()


def test_an_older_index_answers_as_before_after_a_change() -> None:
    before = index_of({"a.py": "old = 1\n", "b.py": "import a\n"})
    path = parse_path("a.py")
    after = before.with_files({path: indexed_file(path, "new = 1\n")})
    gone = after.with_files({path: None})
    assert [each.path for each in before.symbols_named("old")] == ["a.py"]
    assert before.symbols_named("new") == after.symbols_named("old") == ()
    assert before.files_importing(path) == after.files_importing(path) == ("b.py",)
    assert path not in gone.files
    assert gone.files_importing(path) == ()


def test_the_hash_tells_indexes_apart_by_path_text_and_outline() -> None:
    path, other = parse_path("a.py"), parse_path("b.py")
    file = indexed_file(path, "x = 1\n")
    hashes = {
        Index().with_files(files).table_hash()
        for files in (
            {},
            {path: file},
            {other: IndexedFile(other, file.digest, file.packed)},
            {path: IndexedFile(path, "0" * 32, file.packed)},
            {path: IndexedFile(path, file.digest, None)},
        )
    }
    assert len(hashes) == 5


_TEXTS = (
    "",
    "class Stack:\n    def push(self, item): self.items.append(item)\n",
    "from pkg import Stack\ndef test_push(): Stack().push(1)\n",
    "from .a import Stack\nfrom .b import push_all\n",
    "import a\ndef push_all(): a.push()\n",
    "def (:\n",
)
_PATHS = ("a.py", "b.py", "pkg/__init__.py", "pkg/a.py", "pkg/b.py", "tests/test_a.py", "x.txt")
_QUERIES = ("push", "Stack.pu", "pa", "STK", "stack.", "a.")
_STEPS = st.lists(
    st.dictionaries(st.sampled_from(_PATHS), st.none() | st.sampled_from(_TEXTS), max_size=4),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(steps=_STEPS, compact_at=st.integers(0, 8))
def test_an_index_that_grew_by_steps_equals_one_built_at_once(
    steps: list[dict[str, str | None]], compact_at: int
) -> None:
    index, texts = Index(), dict[str, str | None]()
    for number, step in enumerate(steps):
        texts.update(step)
        index = index.with_files(changes_of(step))
        index.files_importing(parse_path("a.py"))
        if number == compact_at:
            index = index.compacted()
    present = {path: text for path, text in texts.items() if text is not None}
    check_equal(index, index_of(present))
    check_equal(index.compacted(), index_of(present))


@settings(max_examples=60, deadline=None)
@given(
    steps=_STEPS,
    not_kept=st.sets(st.sampled_from(_PATHS)),
    changed=st.dictionaries(st.sampled_from(_PATHS), st.none() | st.sampled_from(_TEXTS)),
)
def test_an_index_whose_tables_were_kept_equals_one_built_at_once(
    steps: list[dict[str, str | None]], not_kept: set[str], changed: dict[str, str | None]
) -> None:
    index = Index()
    for step in steps:
        index = index.with_files(changes_of(step))
    kept = [path for path in index.files if path not in not_kept]
    content = pack_tables(index.layers, index.names, numbers_of(kept))
    tables = unpack_tables(memoryview(content), kept)
    unchanged = {path: file for path, file in index.files.items() if path not in changed}
    restored = Index().with_known(unchanged, tables)
    check_equal(restored, Index().with_files(unchanged))
    last = restored.with_files(changes_of(changed))
    check_equal(last, index.with_files(changes_of(changed)))
    check_equal(last.compacted(), last)


@settings(max_examples=60, deadline=None)
@given(before=_STEPS, after=_STEPS)
def test_no_file_that_differs_is_left_out_of_what_changed(
    before: list[dict[str, str | None]], after: list[dict[str, str | None]]
) -> None:
    older = Index()
    for step in before:
        older = older.with_files(changes_of(step))
    newer = older
    for step in after:
        newer = newer.with_files(changes_of(step))
    for one, other in ((newer, older), (older, newer), (newer.compacted(), older)):
        changed = one.changed_since(other)
        if changed is not None:
            assert list(one.files) == list(other.files)
            differing = {path for path, file in one.files.items() if file != other.files[path]}
            assert differing <= set(changed)


def test_what_changed_is_known_as_long_as_no_file_comes_or_goes() -> None:
    index = index_of({"a.py": "x = 1\n", "b.py": "y = 1\n"})
    path = parse_path("a.py")
    changed = index.with_files({path: indexed_file(path, "x = 2\n")})
    assert path in (changed.changed_since(index) or ())
    assert index.changed_since(index) == ()
    assert index.with_files({path: None}).changed_since(index) is None
    assert index_of({"a.py": "x = 1\n", "b.py": "y = 1\n"}).changed_since(index) is None


def test_kept_tables_serve_no_index_that_has_files() -> None:
    index = index_of({"a.py": "x = 1\n"})
    content = pack_tables(index.layers, index.names, {STACK: 0})
    tables = unpack_tables(memoryview(content), [STACK])
    path = parse_path("b.py")
    both = index.with_known({path: indexed_file(path, "y = 1\n")}, tables)
    check_equal(both, index_of({"a.py": "x = 1\n", "b.py": "y = 1\n"}))


def test_tables_that_are_restored_number_only_names_that_their_files_have() -> None:
    index = index_of({"a.py": "old = 1\n", "b.py": "class Ärger:\n    def push(): ...\n"})
    path = parse_path("a.py")
    index = index.with_files({path: indexed_file(path, "new = 1\n")})
    kept = list(index.files)
    content = pack_tables(index.layers, index.names, numbers_of(kept))
    tables = unpack_tables(memoryview(content), kept)
    restored = Index().with_known(dict(index.files), tables)
    assert set(restored.names.strings(range(len(restored.names)))) == {"", "new", "push", "Ärger"}
    assert restored.search_symbols("Ärger.pu") == index.search_symbols("Ärger.pu") != ()
    assert restored.search_symbols("Ärger.") == index.search_symbols("Ärger.") != ()


def changes_of(texts: Mapping[str, str | None]) -> dict[WorkspacePath, IndexedFile | None]:
    """Return texts, and (None) what is gone, as an index takes them."""
    return {
        parse_path(path): None if text is None else indexed_file(parse_path(path), text)
        for path, text in texts.items()
    }


def numbers_of(paths: Sequence[WorkspacePath]) -> dict[WorkspacePath, int]:
    """Return the paths' numbers."""
    return {path: number for number, path in enumerate(paths)}


def check_equal(index: Index, other: Index) -> None:
    """Check that two indexes answer every question alike."""
    assert index.table_hash() == other.table_hash()
    assert dict(index.outlines) == dict(other.outlines)
    assert list(index.files) == list(other.files) == sorted(other.files)
    assert (index.symbol_count, index.reference_count) == (
        other.symbol_count,
        other.reference_count,
    )
    assert index.languages == other.languages
    assert index.problems == other.problems
    assert index.not_parsed == other.not_parsed
    for path in map(parse_path, _PATHS):
        assert index.imports_of(path) == other.imports_of(path)
        assert index.files_importing(path) == other.files_importing(path)
        assert index.symbols_in(path) == other.symbols_in(path)
    for name in ("push", "Stack", "push_all", "a", "gone"):
        assert index.symbols_named(name) == other.symbols_named(name)
        assert index.references_named(name) == other.references_named(name)
        assert index.files_with(name) == other.files_with(name)
    for query in _QUERIES:
        assert index.search_symbols(query, 3) == other.search_symbols(query, 3)
