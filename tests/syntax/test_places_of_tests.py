"""Are the tests of a file where its language has them, and where this project does?"""

import pytest

from pairwright.syntax.languages.registry import LANGUAGES, is_test_path
from pairwright.syntax.places_of_tests import file_of_tests

WITHOUT = {"html", "css", "json", "yaml", "toml", "markdown", "sql"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pkg/app.py", "pkg/test_app.py"),
        ("app.go", "app_test.go"),
        ("web/list.tsx", "web/list.test.tsx"),
        ("src/Main.java", "src/MainTest.java"),
        ("src/lib.rs", "tests/lib.rs"),
        ("crates/a/src/lib.rs", "crates/a/tests/lib.rs"),
        ("run.sh", "test_run.sh"),
        ("a/b.hs", "a/bSpec.hs"),
    ],
)
def test_where_there_are_none_they_belong_where_the_language_has_them(
    path: str, expected: str
) -> None:
    assert file_of_tests(path, [path]) == expected


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_every_language_takes_the_place_for_one_of_tests_or_has_none(language: object) -> None:
    suffix, name = language.suffixes[0], language.name  # type: ignore[attr-defined]
    place = file_of_tests(f"code/Thing{suffix}", [])
    if place is None:
        assert name in {*WITHOUT, "ocaml interface"}
    else:
        assert name not in WITHOUT
        assert is_test_path(place)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (["test_app.py", "tests/pkg/test_app.py"], "tests/pkg/test_app.py"),
        (["tests/test_app.py", "pkg/tests/test_app.py"], "pkg/tests/test_app.py"),
        (["tests/app_test.py"], "tests/app_test.py"),
        (["tests/test_other.py"], "tests/test_app.py"),
        (["pkg/tests/test_x.py", "tests/test_y.py"], "pkg/tests/test_app.py"),
        (["tests/other.js"], "pkg/test_app.py"),
        (["tests/test_app.js"], "pkg/test_app.py"),
    ],
)
def test_what_the_project_does_comes_first(there: list[str], expected: str) -> None:
    assert file_of_tests("pkg/app.py", ["pkg/app.py", *there]) == expected


def test_trees_of_code_and_of_tests_mirror_each_other() -> None:
    there = ["src/test/java/org/AnyTest.java"]
    assert file_of_tests("src/main/java/org/x/Main.java", there) == (
        "src/test/java/org/x/MainTest.java"
    )


def test_a_file_of_tests_is_its_own() -> None:
    assert file_of_tests("tests/test_app.py", []) == "tests/test_app.py"


@pytest.mark.parametrize("path", ["a.txt", "Makefile", "x.json", "README.md", ""])
def test_where_there_is_no_convention_there_is_no_place(path: str) -> None:
    assert file_of_tests(path, []) is None
