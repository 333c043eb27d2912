"""What do the grammars of whole symbols and of unified diffs allow?"""

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.editing.blocks import SearchReplace, WholeSymbol
from pairwright.editing.frame import new_parser
from pairwright.editing.grammar import (
    search_replace_grammar,
    unified_diff_grammar,
    whole_symbol_grammar,
)
from pairwright.workspace.paths import WorkspacePath
from tests.editing.gbnf import allows, read_grammar, write_randomly
from tests.editing.grammars import HTML, TIMER, check_complete, files_to_search, refusal_of
from tests.editing.workspaces import read_answer


@given(files_to_search)
def test_every_rule_of_a_unified_diff_grammar_is_defined(files: dict[WorkspacePath, str]) -> None:
    check_complete(unified_diff_grammar(files))


NO_CHANGE = ("already applied", "SEARCH and REPLACE are the same", "the file already says this")


@given(files_to_search, st.integers(0, 2**32))
@settings(max_examples=200)
def test_whatever_the_unified_diff_grammar_allows_has_one_place(
    files: dict[WorkspacePath, str], seed: int
) -> None:
    rules = read_grammar(unified_diff_grammar(files))
    answer = write_randomly(rules, random.Random(seed), "<>=a \t“\n")
    for each in read_answer(new_parser(), answer):
        assert isinstance(each, SearchReplace)
        reason = refusal_of(each, files)
        assert not reason or reason.startswith(NO_CHANGE), reason


SYMBOL_RULES = read_grammar(
    whole_symbol_grammar({WorkspacePath("timer.py"): TIMER, WorkspacePath("b.html"): HTML})
)


@given(st.integers(0, 2**32))
def test_whatever_the_whole_symbol_grammar_allows_names_a_definition(seed: int) -> None:
    answer = write_randomly(SYMBOL_RULES, random.Random(seed), "<>=a \t“\n")
    for each in read_answer(new_parser(), answer):
        assert isinstance(each, WholeSymbol)
        assert each.symbol in ("Timer", "Timer.tick", "Timer.done", "Timer.again")
        assert each.path == "timer.py"


@pytest.mark.parametrize("write", [search_replace_grammar, unified_diff_grammar])
def test_the_grammar_of_a_long_file_is_made_quickly_and_stays_small(
    write: Callable[[dict[WorkspacePath, str]], str],
) -> None:
    text = "".join(f"    value_{number} = compute({number % 9})\n\n" for number in range(500))
    began = time.perf_counter()
    grammar = write({WorkspacePath("a.py"): text})
    assert time.perf_counter() - began < 5
    assert len(grammar) < 3_000_000


def symbol(path: str, name: str, text: str) -> str:
    return f"### FILE {path}\n<<<<<<< SYMBOL {name}\n{text}>>>>>>> SYMBOL\n### END 1\n"


DECORATED = "@cache\ndef f():\n    return 1\n\n\nx = 1\n"


def test_a_definition_may_be_written_whole_with_its_decorators_and_must_change() -> None:
    rules = read_grammar(whole_symbol_grammar({WorkspacePath("a.py"): DECORATED}))
    check_complete(whole_symbol_grammar({WorkspacePath("a.py"): DECORATED}))
    assert allows(rules, symbol("a.py", "f", "@cache\ndef f():\n    return 2\n"))
    assert allows(rules, symbol("a.py", "f", "def f():\n    return 1\n"))
    assert not allows(rules, symbol("a.py", "f", "@cache\ndef f():\n    return 1\n"))
    assert not allows(rules, symbol("a.py", "g", "def g():\n    return 2\n"))
    assert not allows(rules, symbol("a.py", "x", "x = 2\n"))


def test_a_name_that_is_defined_twice_cannot_be_written_whole() -> None:
    twice = "def f():\n    return 1\n\ndef f():\n    return 2\n\ndef g():\n    pass\n"
    rules = read_grammar(whole_symbol_grammar({WorkspacePath("a.py"): twice}))
    assert allows(rules, symbol("a.py", "g", "def g():\n    return 2\n"))
    assert not allows(rules, symbol("a.py", "f", "def f():\n    return 3\n"))


@pytest.mark.parametrize("text", ["", "x = 1\n", "def f(:\n"])
def test_a_file_that_defines_nothing_has_no_whole_symbol_grammar(text: str) -> None:
    with pytest.raises(ValueError, match="no definition"):
        whole_symbol_grammar({WorkspacePath("a.py"): text})


def hunk(path: str, lines: str) -> str:
    return f"### FILE {path}\n<<<<<<< DIFF\n@@ @@\n{lines}>>>>>>> DIFF\n### END 1\n"


@pytest.mark.parametrize(
    ("lines", "is_allowed"),
    [
        ("-class Timer:\n+class Clock:\n", True),
        (" class Timer:\n+    left = 0\n+\n", True),
        ("     def done(self):\n+        # now\n         return self.left == 0\n", True),
        ("-class Timer:\n", True),
        ("+import os\n class Timer:\n", True),
        ("     def done(self):\n-        return self.left == 0\n+        return 1\n", True),
        (" class Timer:\n-    def tick(self):\n+    def tack(self):\n", False),
        (" class Timer:\n", False),
        ("-class Timer:\n+class Timer:\n", False),
        ("-class Clock:\n+class Timer:\n", False),
        ("+import os\n", False),
        ("-        return self.left == 0\n", False),
        ("class Timer:\n+    left = 0\n", False),
        ("-class Timer:\n     def done(self):\n", False),
    ],
)
def test_a_hunk_quotes_lines_of_the_file_and_changes_something(
    lines: str, is_allowed: bool
) -> None:
    rules = read_grammar(unified_diff_grammar({WorkspacePath("t.py"): TIMER}))
    assert allows(rules, hunk("t.py", lines)) is is_allowed


def test_a_file_without_text_is_filled_by_a_hunk_of_new_lines() -> None:
    rules = read_grammar(unified_diff_grammar({WorkspacePath("n.py"): ""}))
    answer = hunk("n.py", "+x = 1\n").replace("@@ @@", "@@ -0,0 +1 @@")
    assert allows(rules, answer)
    assert read_answer(new_parser(), answer) == (SearchReplace("n.py", "", "x = 1\n"),)


def test_a_file_without_a_line_that_occurs_once_has_no_diff_grammar() -> None:
    with pytest.raises(ValueError, match="could quote"):
        unified_diff_grammar({WorkspacePath("a.py"): "x\nx\n" * 40})
