"""Does a workspace string say what it seems to say?"""

import pytest

from tests.support.workspaces import ParsedWorkspace, parse_workspace


def test_each_heading_begins_a_file() -> None:
    parsed = parse_workspace("\n#- pkg/a.py\nx = 1\n\n#- b.txt\nhello\n")
    assert parsed == ParsedWorkspace({"pkg/a.py": "x = 1\n\n", "b.txt": "hello\n"})


def test_a_file_may_be_empty_and_may_lack_a_last_line_end() -> None:
    assert parse_workspace("#- a\n#- b\nend").files == {"a": "", "b": "end"}
    assert parse_workspace("#- a").files == {"a": ""}


def test_a_path_may_hold_spaces() -> None:
    assert parse_workspace("#- my file.py\nx\n").files == {"my file.py": "x\n"}


def test_line_ends_of_the_files_are_kept() -> None:
    assert parse_workspace("#- a\r\nx\r\ny\r\n").files == {"a": "x\r\ny\r\n"}


def test_an_indented_heading_is_text() -> None:
    assert parse_workspace("#- a\n  #- b\n").files == {"a": "  #- b\n"}


def test_the_cursor_is_an_offset_in_code_points() -> None:
    parsed = parse_workspace("#- a\n'😀é' <cursor>+ 1\n")
    assert parsed.files == {"a": "'😀é' + 1\n"}
    assert parsed.cursor == ("a", 5)


def test_the_selection_does_not_count_its_own_marks() -> None:
    parsed = parse_workspace("#- a\n#- b\n<sel>one<cursor> two</sel> three")
    assert parsed.files["b"] == "one two three"
    assert parsed.selection == ("b", 0, 7)
    assert parsed.cursor == ("b", 3)


def test_no_files_is_an_empty_workspace() -> None:
    assert parse_workspace("\n") == ParsedWorkspace({})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1\n#- a\n", "before the first"),
        ("x = 1\n", "before the first"),
        ("#- a\n#- a\n", "'a' comes twice"),
        ("#- a\n<cursor><cursor>", "<cursor> comes twice"),
        ("#- a\n<cursor>\n#- b\n<cursor>", "<cursor> comes twice"),
        ("#- a\n<sel>x", "pair"),
        ("#- a\nx</sel>", "pair"),
        ("#- a\n</sel>x<sel>", "pair"),
        ("#- a\n<sel>x\n#- b\n</sel>", "pair"),
    ],
)
def test_a_string_that_contradicts_itself_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_workspace(text)
