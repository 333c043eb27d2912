"""In which words are models asked?"""

from importlib import resources
from pathlib import Path

import pytest

from pairwright.strategies.wording import PURPOSES, Wording, default_text, why_unusable


def test_every_prompt_file_has_a_purpose_of_one_line() -> None:
    directory = Path(str(resources.files("pairwright.strategies"))) / "prompts"
    files = {path.relative_to(directory).as_posix() for path in directory.rglob("*.md")}
    assert {f"{name}.md" for name in PURPOSES} == files
    assert all(purpose and "\n" not in purpose for purpose in PURPOSES.values())


@pytest.mark.parametrize("name", PURPOSES)
def test_every_prompt_of_ours_is_usable(name: str) -> None:
    assert why_unusable(name, default_text(name)) is None


def test_a_text_for_the_language_comes_before_one_for_all_and_ours_comes_last() -> None:
    own = {"repair": "for all: $reasons", "repair.python": "for Python: $reasons"}
    assert Wording(own, "python").filled("repair", reasons="R") == "for Python: R"
    assert Wording(own, "go").filled("repair", reasons="R") == "for all: R"
    assert Wording(own).text("repair") == "for all: $reasons"
    assert Wording(own, "go").text("route") == default_text("route")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("nonsense", "text", "no prompt of that name"),
        ("../settings", "text", "no prompt of that name"),
        ("route", " \n", "empty"),
        ("repair", "Again, please.", "`$reasons` is missing"),
        ("notes/draft", "A draft: $texts", "`$text` is missing"),
        ("notes/draft", "A draft: $text of $who", "`$who`"),
        ("repair", "$reasons cost 5 $ each", "begins no placeholder"),
    ],
)
def test_a_text_that_cannot_stand_in_is_refused(name: str, text: str, reason: str) -> None:
    assert reason in (why_unusable(name, text) or "")


@pytest.mark.parametrize(
    ("name", "text"),
    [("repair", "${reasons} cost $$5"), ("route", "It costs 5 $. $text"), ("notes/goal", "$text")],
)
def test_a_text_with_our_placeholders_can_stand_in(name: str, text: str) -> None:
    assert why_unusable(name, text) is None
