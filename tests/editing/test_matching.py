import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.disclosure.policy import clean_for_model
from pairwright.editing.blocks import (
    Block,
    MalformedBlock,
    SearchReplace,
    WholeFile,
    WholeSymbol,
)
from pairwright.editing.change import FileEdit, FileEditKind
from pairwright.editing.matching import changed_text, place
from pairwright.errors import EditMismatch
from pairwright.text.ranges import line_contents
from pairwright.workspace.paths import WorkspacePath
from tests.editing.workspaces import snapshot_of

CODE = """\
class Timer:
    def tick(self):
        self.left -= 1

    def done(self):
        return self.left == 0
"""


def check_change(text: str, search: str, replacement: str, expected: str) -> FileEdit:
    """Place a search/replace block and compare the changed text; return the edit."""
    file_edit = place(SearchReplace("a.py", search, replacement), snapshot_of({"a.py": text}), None)
    assert changed_text(text, file_edit) == expected
    return file_edit


def check_whole(text: str, new_text: str, expected: str) -> FileEdit:
    file_edit = place(WholeFile("a.py", new_text), snapshot_of({"a.py": text}), None)
    assert changed_text(text, file_edit) == expected
    return file_edit


def check_refused(text: str, search: str, replacement: str, *reasons: str) -> None:
    with pytest.raises(EditMismatch) as refusal:
        place(SearchReplace("a.py", search, replacement), snapshot_of({"a.py": text}), None)
    assert refusal.value.path == "a.py"
    for reason in reasons:
        assert reason in refusal.value.reason


def test_an_exact_and_unique_block_is_placed() -> None:
    file_edit = check_change(
        CODE,
        "    def tick(self):\n        self.left -= 1\n",
        "    def tick(self):\n        self.left -= 2\n",
        CODE.replace("-= 1", "-= 2"),
    )
    assert file_edit.kind is FileEditKind.MODIFY
    assert file_edit.base_digest == snapshot_of({"a": CODE}).documents[WorkspacePath("a")].digest


def test_only_lines_that_change_are_edited() -> None:
    file_edit = check_change(CODE, CODE, CODE.replace("== 0", "<= 0"), CODE.replace("== 0", "<= 0"))
    (edit,) = file_edit.edits
    assert CODE[edit.range.start : edit.range.end] == "        return self.left == 0\n"


def test_an_empty_replacement_removes_the_lines() -> None:
    check_change("a\nb\nc\n", "b\n", "", "a\nc\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("answer_end", ["\n", "\r\n"])
def test_new_lines_get_the_line_ends_of_the_file(end: str, answer_end: str) -> None:
    check_change(
        f"a{end}b{end}c{end}",
        f"b{answer_end}",
        f"x{answer_end}{answer_end}y{answer_end}",
        f"a{end}x{end}{end}y{end}c{end}",
    )


def test_in_a_file_of_mixed_line_ends_new_lines_end_as_those_they_replace() -> None:
    check_change("a\r\nb\nc\r\n", "c\n", "d\ne\n", "a\r\nb\nd\r\ne\r\n")
    check_change("a\r\nb\nc\r\n", "b\n", "d\ne\n", "a\r\nd\ne\nc\r\n")


@pytest.mark.parametrize(
    ("text", "search", "replacement", "expected"),
    [
        ("a\nb", "b\n", "c\n", "a\nc"),
        ("a\nb", "b\n", "b\nc\n", "a\nb\nc"),
        ("a\r\nb", "b\n", "b\nc\n", "a\r\nb\r\nc"),
        ("a\nb", "a\n", "x\n", "x\nb"),
        ("a", "a\n", "a\nb\n", "a\nb"),
        ("a\nb", "a\nb\n", "a\n", "a\n"),
        ("a\nb", "b\n", "b\n\n", "a\nb\n\n"),
    ],
)
def test_a_last_line_without_line_end_stays_so(
    text: str, search: str, replacement: str, expected: str
) -> None:
    check_change(text, search, replacement, expected)


def test_trailing_blanks_and_typographic_punctuation_are_evened_out() -> None:
    check_change(
        "say(“hi” – ‘you’…)  \nnext\n",
        "say(\"hi\" - 'you'...)\nnext\n",
        "say(\"hi\" - 'you'...)\nlast\n",
        "say(“hi” – ‘you’…)  \nlast\n",
    )


def test_invisible_characters_alone_are_no_quote_of_blank_lines() -> None:
    check_refused("a\n\nb\n", "\u200b\n", "c\n", "not in the file")
    check_refused("a\n\nb\n", "\ufeff\n\u00ad\n", "c\n", "not in the file")


def test_a_composed_letter_equals_a_decomposed_one() -> None:
    check_change("caf\u0065\u0301\nx\n", "caf\u00e9\nx\n", "caf\u00e9\ny\n", "cafe\u0301\ny\n")


def test_an_exact_place_wins_over_one_that_is_only_alike() -> None:
    check_change("a \na\n", "a\n", "b\n", "a \nb\n")


def test_a_common_indentation_shift_moves_the_new_lines_too() -> None:
    check_change(
        CODE,
        "def done(self):\n    return self.left == 0\n",
        "def done(self):\n    if self.gone:\n\n        return True\n    return self.left == 0\n",
        CODE.replace(
            "        return",
            "        if self.gone:\n\n            return True\n        return",
        ),
    )


def test_a_quote_that_is_indented_too_far_is_shifted_back() -> None:
    check_change(
        "def f():\n\treturn 1\n",
        "\t\tdef f():\n\t\t\treturn 1\n",
        "\t\tdef f():\n\t\t\treturn 2\n",
        "def f():\n\treturn 2\n",
    )


def test_new_lines_that_cannot_be_shifted_back_are_refused() -> None:
    check_refused(
        "def f():\n    return 1\n",
        "    def f():\n        return 1\n",
        "def f():\n        return 2\n",
        "indented less",
        "line 1",
    )


def test_an_uneven_indentation_shift_is_refused() -> None:
    check_refused("if a:\n    b()\n", "  if a:\n    b()\n", "  if a:\n    c()\n", "not in the file")


def test_places_are_listed_when_there_are_several() -> None:
    check_refused(
        "a\nb\na\nb\na\n", "a\n", "x\n", "occur at line 1, line 3, line 5: include more lines"
    )
    check_refused("a\n" * 20, "a\n", "x\n", "line 8, and 12 more")
    check_refused("a\n" * 2000, "a\n", "x\n", "and at least 992 more")


def test_places_that_are_only_alike_must_be_unique_as_well() -> None:
    check_refused("f(“a”)\nf(”a“)\n", 'f("a")\n', "g()\n", "occur at line 1, line 2")
    check_refused("if a:\n    b\n    b\n", "  b\n", "c\n", "occur at line 2, line 3")


def test_what_is_not_there_is_explained_by_the_nearest_lines() -> None:
    check_refused(
        CODE,
        "    def tick(self, seconds):\n        self.left -= seconds\n",
        "    def tick(self, seconds, more):\n        pass\n",
        "2:     def tick(self):\n3:         self.left -= 1\n",
    )
    check_refused(
        CODE,
        "    def done(self):\n        return self.left < 1\n",
        "    pass\n",
        "5:     def done(self):\n6:         return self.left == 0\n",
    )


def test_what_is_like_nothing_in_the_file_is_said_to_be() -> None:
    check_refused(CODE, "import numpy\n", "import scipy\n", "nothing in it is like them")
    check_refused("", "import numpy\n", "import scipy\n", "nothing in it is like them")


def test_an_edit_that_was_made_already_is_recognised() -> None:
    check_refused("a\nnew\nc\n", "a\nold\nc\n", "a\nnew\nc\n", "already applied", "line 1")
    check_refused("a\nb\nc\n", "a\n", "a\nb\n", "already applied", "line 1")
    check_refused("a\nb\nc\n", "b\n", "a\nb\n", "already applied", "line 2")


def test_a_block_that_changes_nothing_is_refused() -> None:
    check_refused(CODE, CODE, CODE, "no change")
    check_refused("a\n", "a\r\n", "a\n", "no change")
    check_refused("f(“a”)\n", 'f("a")\n', "f(“a”)\n", "nothing would change")
    with pytest.raises(EditMismatch, match="nothing would change"):
        check_whole("a\r\nb", "a\nb\n", "")


def test_an_empty_search_in_a_file_with_text_is_refused() -> None:
    check_refused("a\n", "", "b\n", "SEARCH part is empty")
    check_refused("a\n", "\n \n", "b\n", "SEARCH part is empty")


@pytest.mark.parametrize("text", ["", "\n", " \n\n"])
def test_an_empty_search_fills_a_file_without_text(text: str) -> None:
    check_change(text, "", "a\nb\n", "a\nb\n")


@pytest.mark.parametrize(
    "block", [SearchReplace("new/b.py", "", "x = 1\r\n"), WholeFile("new/b.py", "x = 1\n")]
)
def test_a_new_file_is_created(block: Block) -> None:
    file_edit = place(block, snapshot_of({"a.py": "a\n"}), None)
    assert (file_edit.kind, file_edit.base_digest) == (FileEditKind.CREATE, None)
    assert changed_text("", file_edit) == "x = 1\n"


def test_a_new_file_may_be_empty() -> None:
    file_edit = place(WholeFile("pkg/__init__.py", ""), snapshot_of({}), None)
    assert changed_text("", file_edit) == ""


def check_block_refused(block: Block, reason: str, *editable: str) -> None:
    snapshot = snapshot_of({"pkg/a.py": "a\n", "b.py": "b\n"}, {"logo.png": "it is binary"})
    with pytest.raises(EditMismatch) as refusal:
        place(block, snapshot, {WorkspacePath(path) for path in editable} if editable else None)
    assert reason in refusal.value.reason


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (SearchReplace("c.py", "c\n", "d\n"), "does not exist; to create it, leave"),
        (SearchReplace("a.py", "a\n", "d\n"), "does not exist; did you mean pkg/a.py?"),
        (WholeFile("pkg", "x\n"), "is a folder"),
        (WholeFile("b.py/c.py", "x\n"), "'b.py' is a file"),
        (WholeFile("logo.png", "x\n"), "it is binary"),
        (WholeFile("b.py", "\n"), "would empty the file"),
        (WholeFile("../x.py", "x\n"), "../x.py"),
        (WholeFile("/etc/passwd", "x\n"), "/etc/passwd"),
        (WholeFile("pkg/../../x.py", "x\n"), ".."),
        (WholeFile(".git/config", "x\n"), ".git/config"),
        (SearchReplace(".vscode/settings.json", "", "x\n"), "settings.json"),
        (MalformedBlock("", "no path"), "no path"),
        (MalformedBlock("b.py", "two dividers"), "two dividers"),
    ],
)
def test_a_block_that_names_no_file_it_may_change_is_refused(block: Block, reason: str) -> None:
    check_block_refused(block, reason)


def test_files_outside_the_plan_are_refused_and_so_are_new_ones() -> None:
    check_block_refused(WholeFile("b.py", "x\n"), "only these are: pkg/a.py", "pkg/a.py")
    check_block_refused(WholeFile("new.py", "x\n"), "only these are: pkg/a.py", "pkg/a.py")
    many = [f"m{number:02}.py" for number in range(20)]
    check_block_refused(WholeFile("b.py", "x\n"), "m09.py, …", *many)
    with pytest.raises(EditMismatch, match=r"\(none\)"):
        place(WholeFile("b.py", "x\n"), snapshot_of({}), frozenset())


def test_a_planned_file_may_be_named_in_another_spelling() -> None:
    snapshot = snapshot_of({"pkg/a.py": "a\n"})
    file_edit = place(WholeFile("./pkg//a.py", "b\n"), snapshot, {WorkspacePath("pkg/a.py")})
    assert file_edit.path == "pkg/a.py"


def test_a_whole_file_becomes_small_edits_and_keeps_line_ends() -> None:
    text = "".join(f"{number}\r\n" for number in range(50)) + "end"
    new_text = text.replace("\r\n", "\n").replace("7\n", "seven\n", 1) + "\n"
    file_edit = check_whole(text, new_text, text.replace("7\r\n", "seven\r\n", 1))
    assert [len(edit.range) for edit in file_edit.edits] == [3]


lines = st.lists(st.sampled_from(["a", "b", "", "    c", "é “x”"]), max_size=8)


@given(lines, lines, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_whole_file_says_what_the_model_wrote(
    old: list[str], new: list[str], end: str, is_open: bool
) -> None:
    text = "".join(line + end for line in old)
    text = text.removesuffix(end) if is_open else text
    block = WholeFile("a.py", "".join(line + "\n" for line in new))
    try:
        file_edit = place(block, snapshot_of({"a.py": text}), None)
    except EditMismatch:
        assert line_contents(text) == tuple(new) or not "".join(new).strip()
        return
    changed = changed_text(text, file_edit)
    assert line_contents(changed) == tuple(new)
    if text.endswith(end):
        assert changed.count("\n") == changed.count(end)


@given(lines, st.data())
def test_a_search_replace_block_does_what_it_says_or_is_refused(
    old: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    new = data.draw(lines)
    text = "".join(line + "\n" for line in old)
    search, replacement = ("".join(f"{line}\n" for line in part) for part in (old[start:end], new))
    block = SearchReplace("a.py", search, replacement)
    try:
        file_edit = place(block, snapshot_of({"a.py": text}), None)
    except EditMismatch:
        return
    expected = new if not text.strip() else [*old[:start], *new, *old[end:]]
    assert line_contents(changed_text(text, file_edit)) == tuple(expected)


def test_explaining_a_mismatch_in_a_big_file_takes_bounded_time() -> None:
    text = "".join(f"value_{number} = compute({number % 7}, 'x')\n" for number in range(50_000))
    search = "".join(f"value_{number} = computed({number}, 'y')\n" for number in range(200))
    began = time.perf_counter()
    check_refused(text, search, "x\n", "nearest lines")
    assert time.perf_counter() - began < 5


def test_characters_that_no_model_is_shown_stay_in_lines_that_it_copies() -> None:
    """T22: of a file, and of a definition, that is written whole."""
    hidden = "def f():\n    name = '\u200fשם\u200b'\n    return 1\n"
    copied = clean_for_model(hidden)
    assert copied != hidden
    new, wanted = copied.replace("1", "2"), hidden.replace("1", "2")
    check_whole(hidden, new, wanted)
    check_whole(hidden, wanted, wanted)
    file_edit = place(WholeSymbol("a.py", "f", new), snapshot_of({"a.py": hidden}), None)
    assert changed_text(hidden, file_edit) == wanted
    with pytest.raises(EditMismatch, match="nothing would change"):
        place(WholeFile("a.py", copied), snapshot_of({"a.py": hidden}), None)


def test_lines_are_found_as_models_are_shown_them() -> None:
    """T22: what is invisible in a line that is quoted, and stays, stays."""
    hidden = "name = '\u200fשם\u202c'\nsize = 1\n"
    shown = clean_for_model(hidden)
    check_change(hidden, shown, shown.replace("1", "2"), hidden.replace("1", "2"))
