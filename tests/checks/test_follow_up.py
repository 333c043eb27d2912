"""What is to be done next because of a change?"""

from pairwright.checks.dependents import Affected
from pairwright.checks.follow_up import MAX_STEPS, advice_on, follow_ups
from pairwright.planning.plan import Step
from pairwright.workspace.paths import WorkspacePath

SIGNATURE = "calls `load(path)`, whose signature changed"


def place(
    path: str = "use.py", symbol: str = "use", line: int = 3, reason: str = SIGNATURE
) -> Affected:
    return Affected(WorkspacePath(path), symbol, line, reason)


def intents(*affected: Affected) -> list[str]:
    return [step.intent for step in follow_ups(affected, ())]


def test_a_place_becomes_a_step_that_says_what_to_do_and_why() -> None:
    intent = f"adapt `use` in use.py: it {SIGNATURE}"
    assert follow_ups([place()], ()) == (Step(intent, files=("use.py",), symbols=("use",)),)


def test_a_place_outside_of_definitions_is_named_by_its_line() -> None:
    (step,) = follow_ups([place(symbol="", reason="imports `load`, which is removed")], ())
    assert step.intent == "adapt line 4 of use.py: it imports `load`, which is removed"
    assert step.symbols == ()


def test_each_file_has_one_step_whatever_the_order() -> None:
    other = place("b.py", "run")
    several = (place(line=9, symbol="C.m"), other, place(line=3), place(line=5))
    steps = follow_ups(several, ())
    assert [step.files for step in steps] == [("b.py",), ("use.py",)]
    assert steps[1].symbols == ("use", "C.m")
    assert steps[1].intent == f"adapt use.py: `use` {SIGNATURE}; `C.m` {SIGNATURE}"


def test_what_the_change_touches_and_what_is_not_certain_is_no_step() -> None:
    unsure = Affected(WorkspacePath("c.py"), "run", 1, f"perhaps {SIGNATURE}", is_certain=False)
    assert follow_ups([place(), unsure], {WorkspacePath("use.py")}) == ()


def test_a_file_that_no_change_may_touch_is_no_step() -> None:
    assert intents(place(".git/hooks/run.py")) == []


def test_files_and_places_are_bounded() -> None:
    many = [place(f"f{number:02}.py") for number in range(MAX_STEPS + 5)]
    assert len(intents(*many)) == MAX_STEPS
    (intent,) = intents(*(place(symbol=f"s{number}", line=number) for number in range(9)))
    assert intent.endswith(f"`s3` {SIGNATURE}; and 5 more of this kind")


def test_a_reason_is_one_line_of_bounded_length() -> None:
    (intent,) = intents(place(reason="calls `f(a,\n  b)`" + "x" * 900))
    assert "calls `f(a, b)`" in intent
    assert len(intent) < 250


def test_advice_names_certain_places_in_files_that_may_be_edited() -> None:
    assert advice_on([place(), place("b.py")], {"use.py"}).splitlines() == [
        "These places may need a change too:",
        f"use.py:4: `use` {SIGNATURE}",
    ]
    assert advice_on([place()], {"b.py"}) == ""
    assert len(advice_on([place(line=n) for n in range(9)], {"use.py"}).splitlines()) == 4
