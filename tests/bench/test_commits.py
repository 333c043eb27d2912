from pathlib import Path

import pytest

from pairwright.bench.commits import (
    LineSpan,
    Repository,
    changes_of,
    clean_message,
    find_repositories,
    is_request,
)
from pairwright.errors import UserError
from tests.bench.repositories import TestRepository

FIRST = "#- a.py\ndef f():\n    return 1\n#- test_a.py\nf()\n#- notes.md\nx\n"
SECOND = "#- a.py\ndef f():\n    return 2\n#- test_a.py\nf() == 2\n#- notes.md\nx\n"
REQUEST = "Return two where one was returned"


def mined(repository: TestRepository, limit: int = 10) -> list[str]:
    with Repository(repository.directory) as opened:
        return [commit.message for commit in opened.commits(limit)]


@pytest.fixture
def repository(tmp_path: Path) -> TestRepository:
    made = TestRepository(tmp_path / "made")
    made.commit("Begin with a function and a test", FIRST)
    return made


def test_a_commit_gives_its_message_its_parent_and_what_changes_there(
    repository: TestRepository,
) -> None:
    parent = repository.commit("Say more about what this is for", FIRST + "more\n")
    digest = repository.commit(f"{REQUEST} (#12)\n\nSigned-off-by: A <a@b.c>", SECOND)
    with Repository(repository.directory) as opened:
        (commit,) = opened.commits(10)
        assert commit.repository.endswith("/made")
        assert (commit.digest, commit.parent) == (digest, parent)
        assert commit.message == REQUEST
        assert commit.changes == {"a.py": (LineSpan(1, 1),)}
        blobs = opened.source_files(commit.parent)
        assert sorted(blobs) == ["a.py", "test_a.py"]
        texts = {str(path): opened.blob(blob) for path, blob in blobs.items()}
        assert texts["a.py"] == "def f():\n    return 1\n"


@pytest.mark.parametrize(
    ("message", "workspace", "author"),
    [
        ("short", SECOND, "A <a@b.c>"),
        ("Bump the version to 2.0 and release", SECOND, "A <a@b.c>"),
        (REQUEST, SECOND, "dependabot[bot] <support@github.com>"),
        ("Only the layout is another one here", FIRST.replace("    ret", "\tret"), "A <a@b.c>"),
        ("Only the test is another one here", FIRST.replace("f()\n#", "f()()\n#"), "A <a@b.c>"),
        ("Only the notes are others from here", FIRST + "y\n", "A <a@b.c>"),
        ("Only a new file comes with this commit", FIRST + "#- b.py\nx\n", "A <a@b.c>"),
        ("Change so many files that none is meant", "", "A <a@b.c>"),
    ],
)
def test_commits_that_ask_for_no_change_of_source_are_passed_over(
    repository: TestRepository, message: str, workspace: str, author: str
) -> None:
    many = "".join(f"#- n{number}.py\nx = {len(message)}\n" for number in range(12))
    repository.commit("Begin with more files than before", FIRST + many)
    repository.commit(message, workspace or FIRST + many.replace("= ", "= 1"), author)
    assert message not in mined(repository)


def test_as_many_commits_as_asked_for_are_spread_over_the_history(
    repository: TestRepository,
) -> None:
    for number in range(12):
        repository.commit(f"Return the number {number} from f", FIRST.replace("1", f"{number}9"))
    messages = mined(repository, limit=3)
    assert len(messages) == 3
    numbers = [int(message.split()[3]) for message in messages]
    assert numbers == sorted(numbers)
    assert numbers[-1] - numbers[0] >= 6


@pytest.mark.parametrize(
    ("message", "is_one"),
    [
        ("Fix broken completion in fish shells", True),
        ("fix(core): do not lose the last update", True),
        ("Versioned caches are never invalidated", False),
        ("chore(deps): take the newest parser there is", False),
        ("fix typo in the docs of the parser", False),
        ("v1.2.3 with many changes and fixes", False),
        ("Merge branch 'main' into something else", False),
    ],
)
def test_a_message_is_a_request_or_none(message: str, is_one: bool) -> None:
    assert is_request(message) is is_one


def test_a_message_is_read_without_trailers_and_links() -> None:
    body = "Do it (#3)\n\nBecause.\n\nCo-authored-by: A <a@b.c>\nhttps://example.org/1\n"
    assert clean_message(body) == "Do it\n\nBecause."


def test_hunks_are_lines_of_the_old_text() -> None:
    diff = (
        "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n"
        "@@ -3 +3,2 @@\n-a\n+b\n+c\n@@ -5,2 +6,0 @@\n-d\n-e\n@@ -9,0 +9 @@\n+f\n"
        "diff --git a/new.py b/new.py\n--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x\n"
        "diff --git a/x.md b/x.md\n--- a/x.md\n+++ b/x.md\n@@ -1 +1 @@\n-a\n+b\n"
    )
    assert changes_of(diff) == {"x.py": (LineSpan(2, 1), LineSpan(4, 2), LineSpan(9, 0))}
    assert changes_of("") == {}


def test_clones_and_bare_repositories_are_found(tmp_path: Path) -> None:
    TestRepository(tmp_path / "one")
    TestRepository(tmp_path / "nested" / "two")
    (tmp_path / "none").mkdir()
    found = [place.name for place in find_repositories(tmp_path)]
    assert sorted(found) == ["one", "two"]
    (bare,) = find_repositories(tmp_path / "one")
    assert bare == tmp_path / "one"


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="git cannot read"):
        Repository(tmp_path / "absent")


def test_an_object_that_is_not_there_is_refused(repository: TestRepository) -> None:
    with Repository(repository.directory) as opened, pytest.raises(UserError, match="no object"):
        opened.blob("0" * 40)
