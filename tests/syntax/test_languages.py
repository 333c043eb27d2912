import pytest

from pairwright.syntax.languages.registry import is_test_path, language_of


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.py", "python"),
        ("pkg/a.pyi", "python"),
        ("A.PY", "python"),
        ("a.js", "javascript"),
        ("a.jsx", "javascript"),
        ("a.mjs", "javascript"),
        ("a.ts", "typescript"),
        ("a.d.ts", "typescript"),
        ("a.cts", "typescript"),
        ("a.tsx", "tsx"),
    ],
)
def test_the_suffix_names_the_language(path: str, name: str) -> None:
    language = language_of(path)
    assert language is not None
    assert language.name == name


@pytest.mark.parametrize("path", ["a.rs", "Makefile", "py", ".py.txt", "a.py/readme", ""])
def test_other_files_have_no_language(path: str) -> None:
    assert language_of(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "test_a.py",
        "pkg/a_test.py",
        "tests/helper.py",
        "pkg/tests/x.py",
        "conftest.py",
        "tests.py",
        "a.test.ts",
        "a.spec.js",
        "src/__tests__/a.tsx",
        "e2e/login.ts",
        "test.js",
    ],
)
def test_test_files_are_known_by_convention(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize(
    "path", ["a.py", "latest.py", "testing.py", "contest/a.py", "attest_a.py", "a.ts", "spec.md"]
)
def test_other_files_are_no_tests(path: str) -> None:
    assert not is_test_path(path)
