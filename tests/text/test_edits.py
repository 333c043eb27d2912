import pytest

from pairwright.text.edits import TextEdit, apply_edits
from pairwright.text.ranges import TextRange


def edit(start: int, end: int, new_text: str) -> TextEdit:
    return TextEdit(TextRange(start, end), new_text)


def test_edits_speak_of_the_text_as_it_was_in_any_order() -> None:
    assert apply_edits("abcdef", [edit(4, 5, "X"), edit(0, 1, "123")]) == "123bcdXf"


def test_an_insertion_may_touch_a_replacement() -> None:
    assert apply_edits("abc", [edit(1, 2, "B"), edit(1, 1, "<"), edit(2, 2, ">")]) == "a<B>c"


@pytest.mark.parametrize(
    "edits",
    [
        [edit(0, 2, "x"), edit(1, 3, "y")],
        [edit(1, 1, "x"), edit(1, 1, "y")],
        [edit(0, 3, "x"), edit(1, 1, "y")],
    ],
)
def test_overlapping_edits_are_refused(edits: list[TextEdit]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abc", edits)


def test_an_edit_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        apply_edits("abc", [edit(2, 4, "")])
