"""Are blocks placed as a naive reading of the rules would place them? On random files."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pairwright.editing.blocks import SearchReplace
from pairwright.editing.matching import changed_text, combine, place
from pairwright.errors import EditMismatch
from pairwright.text.diff import diff_texts
from pairwright.text.edits import apply_edits, edits_between
from pairwright.text.ranges import split_lines
from pairwright.workspace.paths import WorkspacePath
from tests.editing.workspaces import snapshot_of

WP = WorkspacePath("a.py")
PLAIN = ["a", "b = 'x'", "    c", "    d - 1", "", "}"]
FANCY = {"a": "a  ", "b = 'x'": "b = ‘x’", "    c": "    c\t", "    d - 1": "    d – 1\u00a0"}
ends = st.sampled_from(["\n", "\r\n"])
plain_lines = st.lists(st.sampled_from(PLAIN), min_size=1, max_size=14)
any_texts = st.text(st.sampled_from("ab \t\n\r\x0c\u2028é“"), max_size=40)


def lines_to_text(lines: Sequence[str], end: str = "\n") -> str:
    return "".join(line + end for line in lines)


def starts_of(part: Sequence[str], lines: Sequence[str]) -> list[int]:
    return [
        start
        for start in range(len(lines) - len(part) + 1)
        if list(lines[start : start + len(part)]) == list(part)
    ]


def bare(line: str) -> str:
    for fancy, plain in (("‘", "'"), ("’", "'"), ("–", "-"), ("\u00a0", " ")):
        line = line.replace(fancy, plain)
    return line.strip()


@given(any_texts, any_texts)
def test_the_edits_of_a_diff_make_the_new_text(old: str, new: str) -> None:
    assert apply_edits(old, edits_between(old, new)) == new


@given(st.lists(st.integers(0, 30), unique=True, max_size=20), st.data(), ends)
def test_blocks_made_of_a_diff_make_the_new_text_in_any_order(
    numbers: list[int], data: st.DataObject, end: str
) -> None:
    old = [f"line {number}" for number in numbers]
    kept = [line for line in old if data.draw(st.booleans())]
    new = list(kept)
    for number in range(data.draw(st.integers(0, 4))):
        new.insert(data.draw(st.integers(0, len(new))), f"new {number}")
    old_text, new_text = lines_to_text(old, end), lines_to_text(new, end)
    blocks = []
    for hunk in diff_texts(old_text, new_text):
        first = max(hunk.old_start - 1, 0) if not hunk.old_lines else hunk.old_start
        last = max(hunk.old_end, first + 1)
        head, tail = old[first : hunk.old_start], old[hunk.old_end : last]
        lines = [line.removesuffix(end) for line in hunk.new_lines]
        search = lines_to_text(old[first:last])
        blocks.append(SearchReplace(WP, search, lines_to_text([*head, *lines, *tail])))
    assume(blocks and all(block.search for block in blocks))
    snapshot = snapshot_of({WP: old_text})
    edits = [place(block, snapshot, None) for block in data.draw(st.permutations(blocks))]
    (file_edit,) = combine(7, edits).files
    assert changed_text(old_text, file_edit) == new_text


@given(plain_lines, st.data(), ends)
def test_a_block_cut_from_a_file_applies_where_it_was_cut_or_is_refused_as_ambiguous(
    lines: list[str], data: st.DataObject, end: str
) -> None:
    start = data.draw(st.integers(0, len(lines) - 1))
    stop = data.draw(st.integers(start + 1, len(lines)))
    part = lines[start:stop]
    assume("".join(part).strip())
    text = lines_to_text(lines, end)
    block = SearchReplace(WP, lines_to_text(part), "the new line\n")
    if starts_of(part, lines) != [start]:
        with pytest.raises(EditMismatch, match="include more lines"):
            place(block, snapshot_of({WP: text}), None)
        return
    changed = changed_text(text, place(block, snapshot_of({WP: text}), None))
    assert changed == lines_to_text([*lines[:start], "the new line", *lines[stop:]], end)


@given(plain_lines, st.data(), ends)
def test_lines_that_a_block_does_not_change_keep_every_character(
    lines: list[str], data: st.DataObject, end: str
) -> None:
    fancy = [FANCY.get(line, line) if data.draw(st.booleans()) else line for line in lines]
    start = data.draw(st.integers(0, len(lines) - 1))
    stop = data.draw(st.integers(start + 1, len(lines)))
    changed = data.draw(st.integers(start, stop - 1))
    part = lines[start:stop]
    assume("".join(part).strip())
    new = [*part[: changed - start], "the new line", *part[changed - start + 1 :]]
    text = lines_to_text(fancy, end)
    block = SearchReplace(WP, lines_to_text(part), lines_to_text(new))
    try:
        file_edit = place(block, snapshot_of({WP: text}), None)
    except EditMismatch:
        assert len(starts_of(list(map(bare, part)), list(map(bare, lines)))) > 1
        return
    now = split_lines(changed_text(text, file_edit))
    before = split_lines(text)
    (number,) = [number for number, line in enumerate(now) if line == "the new line" + end]
    assert now[:number] + now[number + 1 :] == before[:number] + before[number + 1 :]


@given(plain_lines, plain_lines, st.integers(0, 20), st.sampled_from(["", "C", "C.f"]), ends)
def test_lines_that_are_nowhere_are_never_replaced_whatever_the_hints(
    lines: list[str], part: list[str], near_line: int, within: str, end: str
) -> None:
    fancy = [FANCY.get(line, line) for line in lines]
    assume("".join(part).strip())
    assume(not starts_of(list(map(bare, part)), list(map(bare, fancy))))
    block = SearchReplace(WP, lines_to_text(part), "x\n", near_line, within)
    with pytest.raises(EditMismatch):
        place(block, snapshot_of({WP: lines_to_text(fancy, end)}), None)


@given(plain_lines, st.integers(1, 12), st.data())
def test_a_shifted_block_is_shifted_back_and_nothing_else_moves(
    lines: list[str], width: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(lines) - 1))
    part = lines[start : data.draw(st.integers(start + 1, len(lines)))]
    assume("".join(part).strip())
    shift = " " * width
    shifted = [shift + line if line else line for line in part]
    new = [*shifted, shift + "the new line"]
    text = lines_to_text(lines)
    block = SearchReplace(WP, lines_to_text(shifted), lines_to_text(new))
    try:
        file_edit = place(block, snapshot_of({WP: text}), None)
    except EditMismatch:
        assert len(starts_of(list(map(bare, part)), list(map(bare, lines)))) > 1
        return
    now = list(split_lines(changed_text(text, file_edit)))
    (number,) = [number for number, line in enumerate(now) if line.strip() == "the new line"]
    assert "".join([*now[:number], *now[number + 1 :]]) == text
