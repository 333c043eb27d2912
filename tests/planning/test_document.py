"""Plans as a person reads and edits them."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairwright.llm.model import Tier
from pairwright.planning.document import MAX_STEPS, read_document, write_document
from pairwright.planning.plan import Expectation, ExpectationKind, Plan, Step

TIMER = Plan(
    goal="Ticks of any length that stop at zero.",
    steps=(
        Step(
            "In Timer.tick take the seconds that pass",
            files=("app/timer.py",),
            symbols=("Timer.tick",),
            expectation=Expectation(ExpectationKind.TEST, "tests/test_timer.py::test_tick"),
            weight=2.0,
            detail="One by default.",
        ),
        Step("Say so in the README", files=("README.md",), tier=Tier.STRONG, after=(1,)),
    ),
)
TIMER_TEXT = """\
# Plan

Ticks of any length that stop at zero.

## 1. In Timer.tick take the seconds that pass

- files: `app/timer.py`
- symbols: `Timer.tick`
- expect: test `tests/test_timer.py::test_tick`
- weight: 2

One by default.

## 2. Say so in the README

- files: `README.md`
- by: strong
- after: 1
"""

_words = st.text(string.ascii_letters + " .,:;#-*`'\"\\/()äλ漢", min_size=1, max_size=40)
_line = _words.map(str.strip).filter(bool)
_prose = st.lists(_line, min_size=1, max_size=4).map("\n".join)
_name = st.text(string.ascii_letters + "_", min_size=1, max_size=8).map("a".__add__)
"""No device is called so."""
_path = st.lists(_name, min_size=1, max_size=3).map(lambda names: "/".join(names) + ".py")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    steps = []
    for number in range(draw(st.integers(1, 5))):
        earlier = (
            st.lists(st.integers(1, number), max_size=2, unique=True) if number else st.just([])
        )
        steps.append(
            Step(
                intent=draw(_line),
                files=tuple(draw(st.lists(_path, max_size=3, unique=True))),
                symbols=tuple(draw(st.lists(_name, max_size=3, unique=True))),
                expectation=draw(
                    st.none() | st.builds(Expectation, st.sampled_from(ExpectationKind), _line)
                ),
                tier=draw(st.sampled_from(Tier)),
                weight=float(draw(st.integers(1, 100))),
                after=tuple(draw(earlier)),
                is_skipped=draw(st.booleans()),
                detail=draw(st.just("") | _prose),
            )
        )
    return Plan(goal=draw(_prose), steps=tuple(steps))


def check_problem(text: str, line: int, message: str) -> None:
    document = read_document(text)
    assert document.plan is None
    assert (line, message) in [
        (problem.line, problem.message[: len(message)]) for problem in document.problems
    ]


def step_with(*lines: str) -> str:
    return "\n".join(["# Plan", "", "Do it.", "", "## 1. First", "", *lines]) + "\n"


def test_a_plan_is_written_as_markdown() -> None:
    assert write_document(TIMER) == TIMER_TEXT


def test_the_markdown_is_read_as_the_same_plan() -> None:
    document = read_document(TIMER_TEXT)
    assert document.plan == TIMER
    assert document.problems == ()
    assert document.step_lines == (4, 13)


@given(plans())
def test_every_plan_survives_its_document(plan: Plan) -> None:
    assert read_document(write_document(plan)).plan == plan


@given(st.text(string.ascii_letters + "#-*:.,`\\ \n1234", max_size=200))
def test_any_text_is_read_as_a_plan_or_as_problems(text: str) -> None:
    document = read_document(text)
    assert (document.plan is None) is bool(document.problems)
    if document.plan is not None:
        assert read_document(write_document(document.plan)).plan == document.plan


def test_windows_line_ends_make_no_difference() -> None:
    assert read_document(TIMER_TEXT.replace("\n", "\r\n")).plan == TIMER


def test_a_person_may_leave_out_quotes_and_fields() -> None:
    plan = read_document("# plan\nDo it.\n## 1) First\n* files: a.py, b/c.py\n").plan
    assert plan == Plan("Do it.", (Step("First", files=("a.py", "b/c.py")),))


def test_steps_that_were_moved_keep_what_they_wait_for() -> None:
    text = "# Plan\nDo it.\n## 7. Last\n- after: 3\n## 3. First\n"
    plan = read_document(text).plan
    assert plan is not None
    assert [(step.intent, step.after) for step in plan.steps] == [("Last", (2,)), ("First", ())]


def test_what_is_no_field_is_kept_as_detail() -> None:
    plan = read_document(step_with("Mind the gap.", "- note: and the door", "### Why")).plan
    assert plan is not None
    assert plan.steps[0].detail == "Mind the gap.\n- note: and the door\n### Why"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "the plan has no goal"),
        ("# Plan\n\nDo it.\n", 0, "the plan has no step"),
        ("# Plan\nDo it.\n## First\n", 2, "a step's heading is"),
        ("# Plan\nDo it.\n## 1. \n", 2, "the step says nothing"),
        ("# Plan\nDo it.\n## 1. a\n## 1. b\n", 3, "there are two steps 1"),
        (step_with("- fils: a.py"), 6, "a step has no 'fils'; it has files"),
        (step_with("- by: weak", "- by: strong"), 7, "the step has 'by' twice"),
        (step_with("- by: me"), 6, "'me' is no model of the pair"),
        (step_with("- weight: heavy"), 6, "a weight is a number above 0"),
        (step_with("- weight: nan"), 6, "a weight is a number above 0"),
        (step_with("- weight: 1e9"), 6, "a weight is a number above 0"),
        (step_with("- skip: maybe"), 6, "a step is skipped or not: 'yes' or 'no', not 'maybe'"),
        (step_with("- skip:"), 6, "a step is skipped or not"),
        (step_with("- after: 1"), 6, "a step cannot come after itself"),
        (step_with("- after: 2"), 6, "there is no step '2'"),
        (step_with("- after: soon"), 6, "there is no step 'soon'"),
        (step_with("- expect: luck `x`"), 6, "what is expected is one of"),
        (step_with("- expect: test"), 6, "what is expected is one of"),
        (step_with("- files: ../a.py"), 6, "'../a.py' is not a path in the workspace"),
        (step_with("- files: `.git/config`"), 6, "'.git/config' is never changed by a model"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, message: str) -> None:
    check_problem(text, line, message)


def test_steps_that_wait_in_a_circle_are_told() -> None:
    text = "# Plan\nDo it.\n## 1. a\n- after: 2\n## 2. b\n- after: 1\n"
    check_problem(text, 3, "these steps wait for one another in a circle")
    check_problem(text, 5, "these steps wait for one another in a circle")


def test_a_plan_of_too_many_steps_is_told() -> None:
    steps = "".join(f"## {number}. a\n" for number in range(1, MAX_STEPS + 2))
    check_problem(f"# Plan\nDo it.\n{steps}", MAX_STEPS + 2, f"a plan has at most {MAX_STEPS}")


def test_every_mistake_is_told_at_once_in_order() -> None:
    document = read_document(step_with("- by: me", "- weight: 0", "- after: 9"))
    assert [problem.line for problem in document.problems] == [6, 7, 8]


def test_a_number_with_too_many_digits_is_told() -> None:
    (first, *_) = read_document(f"# Plan\n\nGoal.\n\n## {'9' * 5000}. x\n").problems
    assert (first.line, "heading" in first.message) in {(0, False), (4, True)}


@pytest.mark.parametrize("text", ["`" * 20_000 + "a", "` `` " * 2_000, "`a``" * 5_000])
def test_many_quotes_take_no_time(text: str) -> None:
    read_document(f"# Plan\n\nGoal.\n\n## 1. Do it\n\n- symbols: {text}\n")


def test_one_problem_is_told_of_a_plan_that_is_far_too_long() -> None:
    steps = "".join(f"## {number}. Do it\n" for number in range(1, 50_000))
    document = read_document(f"# Plan\n\nGoal.\n\n{steps}")
    assert [problem.line for problem in document.problems] == [4 + MAX_STEPS]


def test_a_weight_comes_back_exactly() -> None:
    plan = Plan("Goal.", (Step("Do it", weight=1.23456789), Step("Then this", weight=3.0)))
    text = write_document(plan)
    assert "- weight: 3\n" in text
    assert read_document(text).plan == plan


@pytest.mark.parametrize(("said", "is_skipped"), [("yes", True), ("YES", True), ("no", False)])
def test_a_step_can_be_skipped(said: str, is_skipped: bool) -> None:
    plan = read_document(step_with(f"- skip: {said}")).plan
    assert plan == Plan("Do it.", (Step("First", is_skipped=is_skipped),))


def test_every_field_is_found_again_by_its_line() -> None:
    document = read_document(TIMER_TEXT)
    assert document.line_of(0, "files") == 6
    assert document.line_of(1, "after") == 17
    assert document.line_of(1, "expect") == 13, "the heading of a step that has none"
