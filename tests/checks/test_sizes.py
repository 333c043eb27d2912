"""Is a change refused that takes away more than it speaks of?"""

import time

import pytest

from pairwright.checks.overlay import overlay_texts
from pairwright.checks.sizes import check_size
from pairwright.checks.verdict import Check, Outcome
from pairwright.editing.blocks import Block, SearchReplace, WholeFile, WholeSymbol
from pairwright.editing.matching import combine, place
from pairwright.editing.unified_diff import parse_unified_diff
from pairwright.settings import CheckSettings
from tests.checks.support import analysis_of, rewritten

LONG = "".join(f"line_{number} = {number}\n" for number in range(40))
PASSED = Check(Outcome.PASSED)
CODE = "def f():\n    one()\n    two()\n    three()\n    return 1\n"


def size_of(workspace: str, texts: dict[str, str | None], **settings: int) -> Check:
    analysis = analysis_of(workspace)
    change = rewritten(analysis, texts)
    overlay = overlay_texts(analysis.snapshot, change)
    return check_size(analysis.snapshot, change, overlay, CheckSettings(**settings))


def test_a_file_that_loses_most_of_its_lines_is_refused() -> None:
    check = size_of(f"#- a.py\n{LONG}", {"a.py": "x = 1\n"})
    assert check.outcome is Outcome.FAILED
    assert "a.py: the change deletes most of the file (39 of 40 lines)" in check.detail


def test_a_file_whose_lines_move_to_another_file_may_shrink() -> None:
    texts: dict[str, str | None] = {"a.py": "from b import *\n", "b.py": LONG}
    assert size_of(f"#- a.py\n{LONG}", texts).outcome is Outcome.PASSED


def test_lines_that_were_in_the_other_file_before_did_not_move_there() -> None:
    workspace = f"#- a.py\n{LONG}#- b.py\n{LONG}"
    check = size_of(workspace, {"a.py": "x = 1\n", "b.py": f"{LONG}y = 2\n"})
    assert check.outcome is Outcome.FAILED


def size_of_blocks(text: str, *blocks: Block) -> Check:
    """Judge what an answer of these blocks makes of `a.py`."""
    snapshot = analysis_of(f"#- a.py\n{text}").snapshot
    change = combine(snapshot.revision, [place(each, snapshot, None) for each in blocks])
    return check_size(snapshot, change, overlay_texts(snapshot, change), CheckSettings())


def numbered(first: int, end: int) -> str:
    return "".join(f"line_{number} = {number}\n" for number in range(first, end))


def test_lines_that_a_search_block_quotes_in_full_may_go() -> None:
    assert size_of_blocks(LONG, SearchReplace("a.py", numbered(5, 35), "")) == PASSED
    hunk = "".join(f"-{line}" for line in numbered(5, 35).splitlines(keepends=True))
    blocks = parse_unified_diff(f"--- a/a.py\n+++ b/a.py\n@@ -6,30 +5,0 @@\n{hunk}")
    assert size_of_blocks(LONG, *blocks) == PASSED


@pytest.mark.parametrize("count", [40, 20, 10])
def test_a_whole_file_that_leaves_most_of_the_old_one_out_is_refused(count: int) -> None:
    check = size_of_blocks(numbered(0, count), WholeFile("a.py", "line_0 = 0\n"))
    assert check.outcome is Outcome.FAILED
    assert f"({count - 1} of {count} lines) and does not show them" in check.detail
    assert "quote them as SEARCH" in check.detail


def test_a_whole_definition_that_leaves_most_of_the_file_out_is_refused() -> None:
    body = "".join(f"    {line}" for line in numbered(0, 12).splitlines(keepends=True))
    block = WholeSymbol("a.py", "f", "def f():\n    pass\n")
    assert size_of_blocks(f"def f():\n{body}", block).outcome is Outcome.FAILED


def test_a_whole_file_may_write_other_lines_in_the_place_of_the_old_ones() -> None:
    other = "".join(f"name_{number} = {number}\n" for number in range(20))
    assert size_of_blocks(LONG, WholeFile("a.py", other)) == PASSED


def test_a_few_lines_of_a_small_file_may_go_unseen() -> None:
    assert size_of_blocks(numbered(0, 7), WholeFile("a.py", "line_0 = 0\n")) == PASSED


def test_quoting_some_lines_shows_no_others() -> None:
    quoting = SearchReplace("a.py", numbered(0, 12), "")
    body = "".join(f"    {line}" for line in numbered(50, 90).splitlines(keepends=True))
    text = f"{numbered(0, 12)}def f():\n{body}"
    assert size_of_blocks(text, quoting) == PASSED
    emptied = WholeSymbol("a.py", "f", "def f():\n    pass\n")
    assert size_of_blocks(text, quoting, emptied).outcome is Outcome.FAILED


def test_a_file_may_be_deleted() -> None:
    assert size_of(f"#- a.py\n{LONG}", {"a.py": None}).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "line",
    [
        "    # ... rest of the function unchanged ...",
        "    # ... existing code ...",
        "    # …the rest stays",
        "    # rest of the code here",
        "    # Remaining code unchanged",
        "// ... existing code ...",
        "    /* ... same as before */",
        "<!-- ... rest of the page -->",
        "    ... (unchanged)",
    ],
)
def test_a_line_that_stands_for_the_code_it_deletes_is_refused(line: str) -> None:
    check = size_of(f"#- a.py\n{CODE}", {"a.py": f"def f():\n    zero()\n{line}\n"})
    assert check.outcome is Outcome.FAILED
    assert f"a.py:3: {line.strip()!r} stands in the place of 4 lines" in check.detail


@pytest.mark.parametrize(
    "line",
    [
        "    ...",
        "    # The rest is silence.",
        "    x[...] = rest",
        "    print('... existing code ...')",
        "    # Keep the rest",
        "    return rest",
    ],
)
def test_ordinary_lines_stand_for_nothing(line: str) -> None:
    check = size_of(f"#- a.py\n{CODE}", {"a.py": f"def f():\n{line}\n"})
    assert check == Check(Outcome.PASSED)


def test_a_line_of_many_blanks_costs_no_time() -> None:
    started = time.process_time()
    check = size_of(f"#- a.py\n{CODE}", {"a.py": f"def f():\n{' ' * 50_000}x\n"})
    assert check == Check(Outcome.PASSED)
    assert time.process_time() - started < 1


def test_such_a_line_that_deletes_nothing_may_stay() -> None:
    new = f"{CODE}    # ... existing code ...\n"
    assert size_of(f"#- a.py\n{CODE}", {"a.py": new}).outcome is Outcome.PASSED


def test_the_files_and_lines_of_one_change_are_bounded() -> None:
    check = size_of("#- a.py\n", {"b.py": "1\n", "c.py": "2\n"}, max_files=1)
    assert "touches 2 files; at most 1" in check.detail
    check = size_of("#- a.py\n", {"b.py": "x\n" * 11}, max_changed_lines=10)
    assert "adds and removes 11 lines" in check.detail
