"""Which names and directories does a pattern of settings mean?"""

import time

import pytest

from pairwright.index.imports.patterns import matches_one, substituted


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["packages/*"], {"packages/a"}),
        (["packages/**"], {"packages/a", "packages/a/b", "packages"}),
        (["**"], {"packages/a", "packages/a/b", "packages", "x"}),
        (["**", "!packages/**"], {"x"}),
        (["**", "!packages/**", "packages/a"], {"x", "packages/a"}),
        (["**/b"], {"packages/a/b"}),
        (["*"], {"x", "packages"}),
        (["[", "!", ""], set()),
    ],
)
def test_patterns_choose_directories(patterns: list[str], chosen: set[str]) -> None:
    directories = ("packages", "packages/a", "packages/a/b", "x")
    assert {each for each in directories if matches_one(each, patterns)} == chosen


def test_no_pattern_takes_long() -> None:
    began_at = time.process_time()
    assert not matches_one("/".join("a" * 200), ["**/a/" * 60 + "b"])
    assert not matches_one("a" * 190, ["*a" * 90 + "b"])
    assert time.process_time() - began_at < 1


def test_the_name_itself_comes_before_patterns() -> None:
    patterns = {"*": ["1/*"], "a/*": ["2/*"], "a/b": ["3"], "a/*/c": ["4"], "**": ["5"]}
    assert list(substituted("a/b", patterns)) == ["3", "2/b", "1/a/b"]
