"""Does an edit of one field change that field, and nothing else of the plan?"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.llm.model import Tier
from pairwright.planning.document import read_document, write_document
from pairwright.planning.plan import Plan, Step
from pairwright.planning.step_marks import with_field
from pairwright.text.edits import apply_edits

PLAN = "# Plan\n\nDo it.\n\n## 1. One\n\n## 2. Two\n\n- files: `a.py`\n- skip: no\n\nMore.\n"


def changed(text: str, place: int, name: str, value: str | None) -> str:
    edit = with_field(text, read_document(text), place, name, value)
    return text if edit is None else apply_edits(text, [edit])


@pytest.mark.parametrize(
    ("place", "name", "value", "expected"),
    [
        (0, "skip", "yes", PLAN.replace("## 1. One\n", "## 1. One\n\n- skip: yes\n")),
        (1, "skip", "yes", PLAN.replace("skip: no", "skip: yes")),
        (1, "skip", None, PLAN.replace("- skip: no\n", "")),
        (1, "by", "strong", PLAN.replace("- skip: no\n", "- skip: no\n- by: strong\n")),
        (1, "skip", "no", PLAN),
        (0, "skip", None, PLAN),
    ],
)
def test_one_field_is_changed(place: int, name: str, value: str | None, expected: str) -> None:
    assert changed(PLAN, place, name, value) == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_documents_line_ends_stay(line_end: str) -> None:
    text = PLAN.replace("\n", line_end)
    expected = PLAN.replace("skip: no", "skip: yes").replace("\n", line_end)
    assert changed(text, 1, "skip", "yes") == expected
    assert changed(text, 0, "by", "strong").count(line_end) == text.count(line_end) + 2


def test_a_document_without_a_last_line_end_gets_its_field_on_a_line_of_its_own() -> None:
    text = "# Plan\n\nDo it.\n\n## 1. One"
    assert changed(text, 0, "skip", "yes") == f"{text}\n\n- skip: yes\n"


_words = st.text(st.sampled_from("ab c-*#`\\:1.\n"), max_size=30).map(str.strip)
_steps = st.builds(
    Step,
    intent=st.sampled_from(["One", "Two 2.", "# x", "- by: me"]),
    files=st.sets(st.sampled_from(["a.py", "b c.py"])).map(lambda each: tuple(sorted(each))),
    tier=st.sampled_from(Tier),
    weight=st.sampled_from([1.0, 2.5]),
    is_skipped=st.booleans(),
    detail=_words,
)


@given(
    st.lists(_steps, min_size=1, max_size=4),
    st.integers(0, 3),
    st.sampled_from([("skip", "yes"), ("skip", None), ("by", "strong"), ("by", None)]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_plan_differs_in_that_field_only(
    steps: list[Step], place: int, mark: tuple[str, str | None], line_end: str
) -> None:
    place %= len(steps)
    text = write_document(Plan("Do it.", tuple(steps)))
    plan = read_document(text).plan
    assert plan is not None
    name, value = mark
    expected = list(plan.steps)
    expected[place] = (
        replace(expected[place], is_skipped=value == "yes")
        if name == "skip"
        else replace(expected[place], tier=Tier.STRONG if value else Tier.WEAK)
    )
    found = read_document(changed(text.replace("\n", line_end), place, name, value)).plan
    assert found == Plan("Do it.", tuple(expected))
