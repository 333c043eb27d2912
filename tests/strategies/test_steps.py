"""Following a plan step by step: who sees what, what is taken back, and what may be written."""

from dataclasses import replace

import pytest

from pairwright.errors import Unavailable
from pairwright.llm.model import Tier
from pairwright.llm.scripted_provider import ScriptedReply
from pairwright.planning.plan import Expectation, ExpectationKind, Plan, Step
from pairwright.strategies.steps import goes_by_steps
from tests.strategies.stage import Performance, perform, task_of
from tests.strategies.test_ladder import receipts
from tests.strategies.test_published import STRONG, WEAK, calls
from tests.support.answers import edit

SHOP = "#- cart.py\ncart = 0\n#- tax.py\ntax = 0\n#- other.py\nother = 0\n"
FILES = ("cart.py", "tax.py", "other.py")
CART = Step("mend the cart", ("cart.py",))
TAX = Step("mend the tax", ("tax.py",))
BOTH = Plan("g", (CART, TAX))


def sets(name: str, value: int = 1, old: int = 0) -> str:
    return edit(f"{name}.py", f"{name} = {old}\n", f"{name} = {value}\n")


def both(text: str) -> list[str]:
    """The rule: one test of both, so that nothing is progress."""
    wrong = [f"{name}.py" for name in ("cart", "tax") if f"{name} = 1\n" not in text]
    return [" ".join(wrong)] if wrong else []


async def follow(
    plan: Plan, weak: list[ScriptedReply], strong: list[ScriptedReply] | None = None
) -> Performance:
    return await perform(
        "ladder", weak, strong or [], rule=both, plan=plan, workspace=SHOP, editable=FILES
    )


async def test_each_step_has_its_own_question_about_its_own_file() -> None:
    done = await follow(BOTH, [sets("cart"), sets("tax")])
    assert calls(done) == [WEAK] * 2
    assert len(done.gate.checked) == 1, "only the whole is judged"
    first, second = map(task_of, done.weak)
    assert "File cart.py:" in first
    assert "File tax.py (for reading only):" in first
    assert "other.py" not in first
    assert "Do step 1 of the plan now" in first
    assert "Do step 2 of the plan now" in second
    assert done.proposal is not None
    assert done.proposal.attempts == (1, 2)


async def test_a_step_may_not_write_another_ones_file() -> None:
    done = await follow(
        Plan("g", (CART, replace(TAX, after=(1,)))), [*[sets("tax")] * 2, sets("tax", 3)]
    )
    assert done.gate.checked == ["cart = 0\ntax = 3\nother = 0\n"]
    assert "only these are: cart.py" in done.weak[1].messages[-1].content


async def test_only_the_step_that_the_evidence_names_is_written_anew() -> None:
    done = await follow(BOTH, [sets("cart"), sets("tax", 5), sets("tax")])
    assert calls(done) == [WEAK] * 3
    again = task_of(done.weak[2])
    assert "Do step 2" in again
    assert "tax = 5" in again.partition("A first attempt was wrong")[2]
    assert "File tax.py:\n```python\ntax = 0\n" in again, "its lines are taken back"
    assert "File cart.py (for reading only):\n```python\ncart = 1\n" in again
    assert done.text("cart.py") == "cart = 1\n"
    assert done.text("tax.py") == "tax = 1\n"
    assert done.proposal is not None
    assert done.proposal.attempts == (1, 3)
    assert receipts(done) == [("plan", "sound", (1, 2, 3))]


async def test_a_step_that_could_not_be_written_is_written_next() -> None:
    def blames_the_cart(text: str) -> list[str]:
        return [] if "cart = 1\n" in text and "tax = 1\n" in text else ["cart.py"]

    misplaced = sets("tax", old=9)
    done = await perform(
        "ladder",
        [sets("cart"), misplaced, misplaced, sets("tax")],
        rule=blames_the_cart,
        plan=Plan("g", (CART, replace(TAX, after=(1,)))),
        workspace=SHOP,
        editable=FILES,
    )
    assert calls(done) == [WEAK, WEAK, "weak repair", WEAK]
    assert "Do step 2" in task_of(done.weak[3])
    assert "cart = 1" in task_of(done.weak[3])
    assert receipts(done) == [("plan", "sound", (1, 2, 3, 4))]


async def test_a_step_waits_for_what_it_comes_after_and_sees_it() -> None:
    plan = Plan("g", (TAX, Step("then the cart", ("cart.py",), after=(1,))))
    done = await follow(plan, [sets("tax"), sets("cart")])
    assert "tax = 1" in task_of(done.weak[1])
    assert "tax = 0" not in task_of(done.weak[1])


async def test_what_a_later_step_wrote_stays_when_an_earlier_one_is_taken_back() -> None:
    two = "#- cart.py\ncart = 0\n# -\n# -\ntax = 0\n"
    steps = (
        Step("the cart", ("cart.py",), expectation=Expectation(ExpectationKind.TEST, "t_cart")),
        Step("the tax", ("cart.py",), tier=Tier.STRONG),
    )

    def wrong(text: str) -> list[str]:
        return [] if "cart = 1\n" in text and "tax = 1\n" in text else ["t_cart"]

    done = await perform(
        "ladder",
        [edit("cart.py", "cart = 0\n", "cart = 4\n"), edit("cart.py", "cart = 0\n", "cart = 1\n")],
        [edit("cart.py", "tax = 0\n", "tax = 1\n")],
        rule=wrong,
        plan=Plan("g", steps),
        workspace=two,
        editable=("cart.py",),
    )
    assert calls(done) == [WEAK, STRONG, WEAK]
    assert done.text("cart.py") == "cart = 1\n# -\n# -\ntax = 1\n"


async def test_the_tier_of_a_step_decides_who_writes_it() -> None:
    plan = Plan("g", (CART, Step("mend the tax", ("tax.py",), tier=Tier.STRONG)))
    done = await follow(plan, [sets("cart")], [sets("tax")])
    assert sorted(calls(done)) == [STRONG, WEAK]


async def test_weights_become_caps_of_what_a_step_may_write() -> None:
    light = Step("light", ("cart.py",), weight=1)
    heavy = Plan("g", (light, Step("heavy", ("tax.py",), weight=9, after=(1,))))
    long = "".join(f"# line {number} of a file that is not short\n" for number in range(200))
    done = await perform(
        "ladder",
        [sets("cart"), sets("tax")],
        rule=both,
        plan=heavy,
        workspace=f"#- cart.py\ncart = 0\n{long}#- tax.py\ntax = 0\n{long}",
        editable=("cart.py", "tax.py"),
    )
    light_cap, heavy_cap = (request.max_output_tokens for request in done.weak)
    assert light_cap < heavy_cap / 2


async def test_an_outage_of_one_step_keeps_what_the_others_wrote() -> None:
    done = await follow(BOTH, [sets("cart"), Unavailable("it is down")], [])
    assert receipts(done)[0] == ("plan", "outage", (1, 2))
    assert done.proposal is not None
    assert done.text("cart.py") == "cart = 1\n"


async def test_steps_that_wait_in_a_circle_are_written_in_their_order() -> None:
    plan = Plan("g", (Step("a", ("cart.py",), after=(2,)), Step("b", ("tax.py",), after=(1,))))
    done = await follow(plan, [sets("cart"), sets("tax")])
    assert calls(done) == [WEAK] * 2
    assert done.proposal is not None


async def test_a_file_that_only_a_given_plan_names_is_opened() -> None:
    done = await perform(
        "ladder",
        [sets("cart"), sets("tax")],
        rule=lambda text: [] if "cart = 1" in text else ["cart"],
        plan=BOTH,
        workspace=SHOP,
        editable=("cart.py",),
    )
    assert done.text("tax.py") == "tax = 1\n"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), False),
        ((CART,), False),
        ((CART, CART), False),
        ((CART, TAX), True),
        ((CART, Step("anything")), False),
        ((Step("a"), Step("b")), False),
        ((Step("a"), Step("b", tier=Tier.STRONG)), True),
        ((Step("a", symbols=("f",)), Step("b", symbols=("g",))), True),
    ],
)
def test_steps_that_differ_in_place_or_tier_are_written_one_by_one(
    steps: tuple[Step, ...], expected: bool
) -> None:
    assert goes_by_steps(Plan("g", steps)) is expected


async def test_the_plan_strategy_follows_steps_in_three_of_its_tries_then_as_a_whole() -> None:
    bought = "Goal: both.\n1. cart.py: mend it well.\n2. tax.py: mend it well.\n"
    wrong = [sets("cart", 3), sets("tax", 3), *(sets("tax", n) for n in range(4, 20))]
    done = await perform("plan", wrong, [bought], rule=both, workspace=SHOP, editable=FILES)
    asked = ["Do step" in task_of(request) for request in done.weak]
    assert asked == [*[True] * 4, *[False] * 7]
