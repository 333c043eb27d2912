import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright.editing.blocks import (
    MalformedBlock,
    SearchReplace,
    WholeFile,
)
from pairwright.editing.frame import new_parser
from pairwright.editing.gbnf import LineRules, can_be_quoted, indentation_step, literal
from pairwright.editing.grammar import (
    MAX_SEARCH_LINES,
    search_replace_grammar,
    whole_file_grammar,
)
from pairwright.editing.markers import BLOCK_MARKERS
from pairwright.editing.matching import changed_text, place
from pairwright.workspace.paths import WorkspacePath
from tests.editing.gbnf import Literal, Node, allows, read_grammar, write_randomly
from tests.editing.grammars import (
    FILES,
    TIMER,
    check_complete,
    files,
    files_to_search,
    lines,
    refusal_of,
)
from tests.editing.workspaces import read_answer, snapshot_of


def block(path: str, search: str, replacement: str) -> str:
    return f"### FILE {path}\n<<<<<<< SEARCH\n{search}=======\n{replacement}>>>>>>> REPLACE\n"


def check_allowed(*blocks: str, end: int | None = None) -> bool:
    rules = read_grammar(search_replace_grammar(FILES))
    return allows(rules, "".join(blocks) + f"### END {end or len(blocks)}\n")


@given(files)
def test_every_rule_of_a_whole_file_grammar_is_defined(files: dict[WorkspacePath, str]) -> None:
    check_complete(whole_file_grammar(files))


@given(files_to_search)
def test_every_rule_of_a_search_replace_grammar_is_defined(
    files: dict[WorkspacePath, str],
) -> None:
    check_complete(search_replace_grammar(files))


@given(files_to_search, st.integers(0, 2**32))
@settings(max_examples=200)
def test_whatever_the_search_replace_grammar_allows_has_one_place(
    files: dict[WorkspacePath, str], seed: int
) -> None:
    rules = read_grammar(search_replace_grammar(files))
    answer = write_randomly(rules, random.Random(seed), "<>=a \t“\n")
    for each in read_answer(new_parser(), answer):
        assert isinstance(each, SearchReplace)
        # A grammar cannot know that lines which are added are there already.
        assert refusal_of(each, files).partition(":")[0] in ("", "already applied")


@given(files, st.integers(0, 2**32))
@settings(max_examples=200)
def test_whatever_the_whole_file_grammar_allows_is_another_text(
    files: dict[WorkspacePath, str], seed: int
) -> None:
    rules = read_grammar(whole_file_grammar(files))
    for each in read_answer(new_parser(), write_randomly(rules, random.Random(seed), "<>=a \t“\n")):
        assert isinstance(each, WholeFile)
        text = files[WorkspacePath(each.path)]
        if each.text.strip() or not text.strip():
            snapshot = snapshot_of({each.path: text})
            assert changed_text(text, place(each, snapshot, None)) != text


def test_an_edit_of_a_method_is_allowed() -> None:
    assert check_allowed(
        block(
            "app/timer.py",
            '    def tick(self):\n        """One \\ second."""\n        self.left -= 1\n',
            "    def tick(self, seconds=1):\n        self.left -= max(0, seconds)\n\n",
        )
    )


def test_a_run_may_end_before_or_go_past_blank_lines() -> None:
    assert check_allowed(block("app/timer.py", "        self.left -= 1\n", ""))
    assert check_allowed(block("app/timer.py", '"""Countdowns."""\n\nimport time\n', "import os\n"))
    assert not check_allowed(block("app/timer.py", "        self.left -= 1\n\n", "    pass\n"))


def test_two_blocks_of_two_files_are_allowed_and_three_are_not() -> None:
    one = block("app/timer.py", "class Timer:\n", "class Clock:\n")
    two = block("a b.html", "<p>\n", "<p>\n<b>\n")
    assert check_allowed(one, two)
    assert not check_allowed(one, two, one)


@pytest.mark.parametrize(
    ("search", "replacement"),
    [
        ("class Timer:\n", "class Timer:\n"),
        ("class Clock:\n", "x\n"),
        ("class Timer\n", "x\n"),
        ("        return self.left == 0\n", "x\n"),
        ("", "x\n"),
        ("class Timer:\n", "=======\n"),
        ("class Timer:\n", "<<<<<<< SEARCH\n"),
        ("class Timer:\n", ">>>>>>> REPLACE\nx\n"),
        ("class Timer:\n", "   odd()\n"),
    ],
)
def test_what_could_not_be_placed_cannot_be_written(search: str, replacement: str) -> None:
    only_timer = {path: text for path, text in FILES.items() if path.endswith(".py")}
    rules = read_grammar(search_replace_grammar(only_timer))
    assert allows(rules, block("app/timer.py", "class Timer:\n", "x\n") + "### END 1\n")
    assert not allows(rules, block("app/timer.py", search, replacement) + "### END 1\n")


def test_other_paths_and_wrong_counts_cannot_be_written() -> None:
    fine = block("app/timer.py", "class Timer:\n", "x\n")
    assert check_allowed(fine)
    assert not check_allowed(fine, end=2)
    assert not check_allowed(block("app/clock.py", "class Timer:\n", "x\n"))
    assert not check_allowed(block("a b.html", "class Timer:\n", "x\n"))


def test_lines_that_read_as_markers_cannot_be_searched_for() -> None:
    assert not check_allowed(block("a b.html", "</p>\n<<<<<<< HEAD\n", "x\n"))
    assert check_allowed(block("a b.html", "========\n", "=========\n"))


def test_a_run_is_bounded() -> None:
    path = WorkspacePath("a.py")
    text = "".join(f"x{number}\n" for number in range(40))
    rules = read_grammar(search_replace_grammar({path: text}))
    longest = "".join(f"x{number}\n" for number in range(MAX_SEARCH_LINES))
    assert allows(rules, block(path, longest, "y\n") + "### END 1\n")
    assert not allows(rules, block(path, f"{longest}x{MAX_SEARCH_LINES}\n", "y\n") + "### END 1\n")


def test_a_file_without_text_is_filled_by_an_empty_search() -> None:
    rules = read_grammar(search_replace_grammar({WorkspacePath("new.py"): ""}))
    assert allows(rules, block("new.py", "", "x = 1\n") + "### END 1\n")
    assert not allows(rules, block("new.py", "", "") + "### END 1\n")


def test_a_file_of_blank_lines_is_filled_with_something_else() -> None:
    rules = read_grammar(search_replace_grammar({WorkspacePath("a.py"): "\n"}))
    assert allows(rules, block("a.py", "", "x = 1\n") + "### END 1\n")
    assert not allows(rules, block("a.py", "", "\n") + "### END 1\n")


def test_a_file_in_which_nothing_is_unique_is_not_offered() -> None:
    same = {WorkspacePath("a.py"): "x\nx\n" * 40}
    with pytest.raises(ValueError, match="searched for"):
        search_replace_grammar(same)
    with pytest.raises(ValueError, match="searched for"):
        search_replace_grammar({})
    with pytest.raises(ValueError, match="no files"):
        whole_file_grammar({})
    assert "a.py" not in search_replace_grammar({**same, WorkspacePath("b.py"): "y\n"})


def whole(path: str, text: str) -> str:
    return f"### FILE {path}\n<<<<<<< WHOLE\n{text}>>>>>>> WHOLE\n"


def test_a_whole_file_may_change_anywhere_but_must_change() -> None:
    path = WorkspacePath("app/timer.py")
    rules = read_grammar(whole_file_grammar({path: TIMER}))
    for text in (TIMER.replace("-= 1", "-= 2"), f"{TIMER}\nx = 1\n", TIMER[:20], f"x\n{TIMER}"):
        text = text if text.endswith("\n") else f"{text}\n"
        assert allows(rules, whole(path, text) + "### END 1\n")
    assert not allows(rules, whole(path, TIMER) + "### END 1\n")
    assert not allows(rules, whole(path, "") + "### END 1\n")
    assert not allows(rules, whole(path, "x\n") * 2 + "### END 2\n")


def readable(line_rules: LineRules, root: str) -> dict[str, Node]:
    return read_grammar(f"root ::= {root}\n" + "\n".join(line_rules.definitions(3)))


@given(st.lists(lines.filter(can_be_quoted), min_size=1, max_size=3), lines)
def test_any_other_line_is_any_line_but_this_one(file_lines: list[str], written: str) -> None:
    line_rules = LineRules(file_lines)
    line = file_lines[0]
    any_line = readable(line_rules, "line")
    other = readable(line_rules, line_rules.any_but(line))
    assert not allows(other, f"{line}\n")
    for each in (written, f"{line}x", line[:-1], f"    {line}", f"{line[:1]}{written}"):
        if each != line and allows(any_line, f"{each}\n"):
            assert allows(other, f"{each}\n")
        if allows(other, f"{each}\n"):
            assert each.rstrip() not in BLOCK_MARKERS


@pytest.mark.parametrize("indented", ["    x", " x"])
def test_no_line_that_is_written_freely_reads_as_a_marker(indented: str) -> None:
    rules = readable(LineRules(["<p>", ">>> x", "==", indented]), "line")
    for marker in BLOCK_MARKERS:
        assert not allows(rules, f"{marker}\n")
        assert not allows(rules, f"{marker} \n")
        assert allows(rules, f"{marker[:1]}x\n")
        assert allows(rules, f"    {marker}\n")
    assert allows(rules, "========\n")
    assert allows(rules, ">>> y\n")
    assert not allows(rules, "<<<<<<  WHOLE\n")


@pytest.mark.parametrize("start", ["<", ">", "=", "#", "`"])
def test_a_new_line_begins_with_a_mark_only_where_the_files_own_do(start: str) -> None:
    assert not allows(readable(LineRules(["x"]), "line"), f"{start}y\n")
    assert allows(readable(LineRules([f"{start}x"]), "line"), f"{start}y\n")


def test_a_run_does_not_go_into_the_next_definition() -> None:
    path = WorkspacePath("a.py")
    text = "def f():\n    return 1\n\n@cache\ndef g():\n    return 2\n"
    rules = read_grammar(search_replace_grammar({path: text}))
    assert allows(rules, block(path, "def f():\n    return 1\n", "") + "### END 1\n")
    assert allows(rules, block(path, "@cache\ndef g():\n    return 2\n", "") + "### END 1\n")
    assert not allows(rules, block(path, "    return 1\n\n@cache\n", "") + "### END 1\n")


def test_a_run_that_is_unique_only_with_the_next_definition_goes_into_it() -> None:
    path = WorkspacePath("a.py")
    text = "def f():\n    return 1\ndef g():\n    return 1\n"
    rules = read_grammar(search_replace_grammar({path: text}))
    assert allows(rules, block(path, "    return 1\ndef g():\n", "    pass\n") + "### END 1\n")


def test_a_very_long_line_may_be_searched_for() -> None:
    path = WorkspacePath("a.md")
    rules = read_grammar(search_replace_grammar({path: "word " * 500 + "\n"}))
    assert allows(rules, block(path, "word " * 500 + "\n", "short\n") + "### END 1\n")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("a\n    b\n        c\n", "    "),
        ("a\n  b\n    c\n", "  "),
        ("a\n\tb\n\t\tc\n", "\t"),
        ("a\n    b\n\tc\n", None),
        ("/*\n * b\n */\n", None),
        ("a\nb\n", None),
    ],
)
def test_new_lines_are_indented_as_the_files_are(text: str, step: str | None) -> None:
    assert indentation_step(text.splitlines()) == step


@given(st.text(max_size=20))
def test_a_literal_says_its_text_in_one_line(text: str) -> None:
    quoted = literal(text)
    assert all(ord(character) >= 0x20 for character in quoted)
    assert read_grammar(f"root ::= {quoted}")["root"] == Literal(text)


def test_malformed_blocks_never_come_from_a_grammar() -> None:
    rules = read_grammar(search_replace_grammar(FILES))
    for seed in range(50):
        answer = write_randomly(rules, random.Random(seed), "<>= a")
        blocks = read_answer(new_parser(), answer)
        assert not any(isinstance(each, MalformedBlock) for each in blocks)
