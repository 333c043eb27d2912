import time
from pathlib import Path

import pytest

from pairwright.errors import InvalidRequest
from pairwright.index.analysis import Analysis
from pairwright.index.index import Index
from pairwright.index.search import FoundText, TextQuery, literals_of, search_text
from pairwright.index.text_index import TextIndex
from pairwright.workspace.documents import Change, ChangeCause, look_up
from pairwright.workspace.files import DiskFileSystem, MemoryFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath
from tests.index.analyses import analyse

WORKSPACE = """
#- src/stack.py
class Stack:
    def push_item(self): ...
    def pop_item(self): ...
#- src/deep/größe.py
GRÖSSE = "push_item"
#- tests/test_stack.py
def test_push_item(): push_item(); push_item(); push_item()
#- notes.txt
Push_Item is meant.
"""


@pytest.fixture
def text_index(tmp_path: Path) -> TextIndex:
    return TextIndex(tmp_path)


def feed(text_index: TextIndex, analysis: Analysis) -> None:
    documents = analysis.snapshot.documents.values()
    text_index.add((document.digest, document.text) for document in documents)


def found(analysis: Analysis, text_index: TextIndex, text: str, **wish: object) -> FoundText:
    return search_text(analysis, TextQuery(text, **wish), text_index, timeout_s=5.0)  # type: ignore[arg-type]


def shown(result: FoundText) -> list[str]:
    return [
        f"{file.path}: {file.text[each.start : each.end]}"
        for file in result.files
        for each in file.ranges
    ]


@pytest.mark.parametrize("is_fed", [False, True])
@pytest.mark.parametrize(
    ("text", "wish", "expected"),
    [
        ("pop_item", {}, ["src/stack.py: pop_item"]),
        ("GRÖSSE", {}, ["src/deep/größe.py: GRÖSSE"]),
        ("Push_Item", {}, ["notes.txt: Push_Item"]),
        ("PUSH_ITEM", {"is_case_sensitive": False, "include": "*.txt"}, ["notes.txt: Push_Item"]),
        (
            "push_item",
            {"include": "src/"},
            ["src/deep/größe.py: push_item", "src/stack.py: push_item"],
        ),
        (
            r"def p\w+_item",
            {"is_regex": True, "include": "*.py"},
            ["src/stack.py: def push_item", "src/stack.py: def pop_item"],
        ),
        (r"^\s+def po", {"is_regex": True}, ["src/stack.py:     def po"]),
        ("p(u)sh", {}, []),
        (":", {"include": "src/stack.py", "limit": 1}, ["src/stack.py: :"]),
    ],
)
def test_a_text_is_found_wherever_it_is(
    text_index: TextIndex, is_fed: bool, text: str, wish: dict[str, object], expected: list[str]
) -> None:
    analysis = analyse(WORKSPACE)
    if is_fed:
        feed(text_index, analysis)
    assert shown(found(analysis, text_index, text, **wish)) == expected


def test_tests_come_after_source_and_more_matches_before_fewer(text_index: TextIndex) -> None:
    files = [file.path for file in found(analyse(WORKSPACE), text_index, "push_item").files]
    assert files.index(WorkspacePath("src/stack.py")) < files.index(
        WorkspacePath("tests/test_stack.py")
    )


def test_what_an_editor_has_not_saved_is_searched(text_index: TextIndex) -> None:
    host = WorkspaceHost(MemoryFileSystem({WorkspacePath("a.py"): b"old = 1\n"}))
    host.scan()
    change = Change(WorkspacePath("a.py"), "fresh = 1\n", 1, ChangeCause.EDITOR)
    analysis = Analysis(host.apply([change]), analyse("").index)
    assert shown(found(analysis, text_index, "fresh")) == ["a.py: fresh"]
    assert shown(found(analysis, text_index, "old")) == []


@pytest.mark.parametrize("text", ["", "x" * 1001])
def test_nothing_and_too_much_are_refused(text_index: TextIndex, text: str) -> None:
    with pytest.raises(InvalidRequest, match="1 to 1000 characters"):
        found(analyse(WORKSPACE), text_index, text)


@pytest.mark.parametrize("pattern", ["(", "[a", "a{2,1}", "(?P<x>", "*"])
def test_what_is_no_regular_expression_is_refused_with_the_reason(
    text_index: TextIndex, pattern: str
) -> None:
    with pytest.raises(InvalidRequest, match="is no regular expression"):
        found(analyse(WORKSPACE), text_index, pattern, is_regex=True)


def test_an_expression_that_would_run_for_ever_is_stopped(text_index: TextIndex) -> None:
    analysis = analyse("#- a.txt\n" + "a" * 5000 + "b\n")
    query = TextQuery(r"(a|aa)+$|(?:a+)+c", is_regex=True)
    began_at = time.monotonic()
    result = search_text(analysis, query, text_index, timeout_s=0.3)
    assert "not complete" in result.note
    assert time.monotonic() - began_at < 5


def test_a_search_that_reaches_its_limit_says_so(text_index: TextIndex) -> None:
    result = found(analyse(WORKSPACE), text_index, "push_item", limit=2)
    assert len(shown(result)) == 2
    assert result.note == "more than 2 matches: narrow the search"


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("select_related", ("select_related",)),
        (r"def \w+_item", ("def ", "_item")),
        ("colou?r", ("colo",)),
        ("ab*cde", ("cde",)),
        ("foo|bar", ()),
        ("(foo)bar", ("bar",)),
        ("(?i)foo", ()),
        ("[abc]defg", ("defg",)),
        (r"[\]abc]defg", ("defg",)),
        ("[]abc]defg", ("defg",)),
        ("a{3}bcd", ("bcd",)),
        (r"x\.yyy", ("yyy",)),
        ("ab", ()),
        ("abc+", ("abc",)),
    ],
)
def test_a_text_is_only_ruled_out_by_what_every_match_holds(
    pattern: str, literals: tuple[str, ...]
) -> None:
    assert literals_of(pattern) == literals


def test_a_damaged_table_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite3").write_bytes(b"no database" * 1000)
    analysis = analyse(WORKSPACE)
    text_index = TextIndex(tmp_path)
    feed(text_index, analysis)
    assert shown(found(analysis, text_index, "pop_item")) == ["src/stack.py: pop_item"]
    text_index.close()
    reopened = TextIndex(tmp_path)
    assert reopened.missing(each.digest for each in analysis.snapshot.documents.values()) == []


def test_a_directory_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    text_index = TextIndex(tmp_path / "missing")
    analysis = analyse(WORKSPACE)
    feed(text_index, analysis)
    assert shown(found(analysis, text_index, "pop_item")) == ["src/stack.py: pop_item"]


def test_exactly_as_many_matches_as_wanted_are_all_there_are(text_index: TextIndex) -> None:
    result = found(analyse(WORKSPACE), text_index, "pop_item", limit=1)
    assert (len(shown(result)), result.note) == (1, "")


def test_of_a_file_with_very_many_matches_the_first_are_given_and_it_is_said(
    text_index: TextIndex,
) -> None:
    result = found(analyse("#- a.txt\n" + "word " * 60 + "\n"), text_index, "word")
    assert len(shown(result)) == 50
    assert result.note == "of 'a.txt' the first 50 matches are given"


def test_a_file_that_changed_on_the_disk_is_named(tmp_path: Path, text_index: TextIndex) -> None:
    (tmp_path / "a.txt").write_text("old text\n")
    files = DiskFileSystem(tmp_path)
    host = WorkspaceHost(files)
    host.learn([look_up(files, WorkspacePath("a.txt"))[0]])
    (tmp_path / "a.txt").write_text("new text\n")
    result = found(Analysis(host.snapshot, Index()), text_index, "text")
    assert (result.files, result.changed) == ((), ("a.txt",))


def test_a_text_that_was_of_no_use_for_a_while_is_known_again(tmp_path: Path) -> None:
    texts = {f"{number:032x}": f"text number {number}" for number in range(3)}
    first, *others = texts
    text_index = TextIndex(tmp_path)
    text_index.add(texts.items())
    text_index.keep_only(others)
    assert text_index.without(["number"], [first]) == text_index.without(["nothing"], [first])
    text_index.add([(first, texts[first]), ("f" * 32, "another")])
    assert text_index.without(["number"], [*texts, "f" * 32]) == {"f" * 32}
    text_index.keep_only(others)
    assert text_index.missing([*texts, "0" * 31 + "e"]) == ["0" * 31 + "e"]
    assert text_index.without(["nothing"], texts) == set(texts)
    text_index.close()


def test_a_table_that_holds_little_of_use_is_made_anew(tmp_path: Path) -> None:
    texts = {f"{number:032x}": "text" for number in range(1200)}
    text_index = TextIndex(tmp_path)
    text_index.add(texts.items())
    half, few = list(texts)[:600], list(texts)[:500]
    text_index.keep_only(half)
    assert text_index.missing(texts) == []
    text_index.keep_only(few)
    assert text_index.missing(texts) == list(texts)
    text_index.close()
