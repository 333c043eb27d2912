"""Plans as a client asks about them: made, kept, changed, followed."""

import asyncio
import json
import stat
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.errors import (
    BudgetExceeded,
    InvalidRequest,
    ModelError,
    StaleChange,
    UnknownPlan,
    UnknownStrategy,
    UserError,
)
from pairwright.llm.scripted_provider import Hang, Reply
from pairwright.protocol import messages, plan_messages
from pairwright.protocol.cost_messages import CostParams
from pairwright.protocol.plan_messages import PlanReady
from pairwright.strategies.base import Emit, Proposal, StrategyContext
from pairwright.strategies.registry import STRATEGIES
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import USAGE
from tests.support.waiting import eventually

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
THOUGHT = "Goal: count from two.\n1. a.py: set a to 2.\n   expect: value a == 2\n"
MADE = Reply(THOUGHT, usage=USAGE)
EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")
TEXT = "# Plan\n\nCount from two.\n\n## 1. Set a to 2\n\n- files: `a.py`\n"
BROKEN = "# Plan\n\nCount.\n\n## 1. Set a\n\n- by: me\n"


class Following:
    """A strategy that asks nobody and keeps what it was told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.contexts: list[StrategyContext] = []

    async def run(self, ctx: StrategyContext, emit: Emit) -> Proposal | None:
        self.contexts.append(ctx)
        return None


@pytest.fixture
def ladder(monkeypatch: pytest.MonkeyPatch) -> Following:
    strategy = Following("ladder")
    monkeypatch.setitem(STRATEGIES, "ladder", strategy)
    return strategy


async def plan(desk: Desk, **params: object) -> messages.RunResult:
    return await desk.run("Count from two.", strategy=None, plan_first=True, **params)


async def get(desk: Desk, plan_id: str | None = None) -> plan_messages.PlanView:
    return await desk.session.plans.get(plan_messages.PlanGetParams(plan_id=plan_id))


async def update(desk: Desk, text: str, **params: object) -> plan_messages.PlanView:
    given = plan_messages.PlanUpdateParams(text=text, **params)  # type: ignore[arg-type]
    return await desk.session.plans.update(given)


async def listed(desk: Desk, limit: int = 20) -> plan_messages.PlansResult:
    return await desk.session.plans.listed(plan_messages.PlansParams(limit=limit))


async def follow(desk: Desk, instruction: str = "", **params: object) -> messages.RunResult:
    return await desk.run(instruction, **{"strategy": None, **params})


async def test_a_plan_is_made_kept_and_nothing_is_edited(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=[MADE]) as desk:
        result = await plan(desk, file="a.py")
        assert (result.state, result.is_sound) == ("planned", True)
        view = await get(desk, result.plan_id)
        assert view.text.startswith("# Plan\n\ncount from two.\n\n## 1. a.py: set a to 2.")
        assert (view.version, view.origin, view.file) == (1, "strong model", "a.py")
        assert view.instruction == "Count from two."
        assert view.task_id == result.task_id
        assert view.cost_usd == result.receipt.cost_usd == Decimal("0.012")
        (step,) = view.steps
        assert step.files == ("a.py",)
        assert step.expectation == plan_messages.PlanExpectation(kind="value", text="a == 2")
        assert view.text.split("\n")[step.line or 0].startswith("## 1.")
        assert view.problems == ()
        assert desk.read("a.py") == "a = 1\n"
        assert desk.task_state() == "done"


async def test_a_client_hears_the_plan_as_it_is_written_and_its_id_at_the_end(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, strong=[MADE]) as desk:
        result = await plan(desk)
    heard = "".join(e.text for e in desk.events if isinstance(e, messages.PlanDelta))
    assert heard == THOUGHT
    (ready,) = (event for event in desk.events if isinstance(event, PlanReady))
    assert ready.plan_id == result.plan_id
    (started,) = (e for e in desk.events if isinstance(e, messages.TaskStarted))
    assert (started.strategy, started.task_id) == ("planning", result.task_id)


async def test_a_plan_costs_what_the_ledger_says_and_is_planned_on_the_same_files(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, strong=[MADE]) as desk:
        await plan(desk, file="a.py")
        (row,) = desk.session.costs(CostParams(by="strategy")).rows
        assert (row.key, row.cost_usd) == ("planning", Decimal("0.012"))
    assert "a = 1" in desk.prompts()
    assert "SEARCH" not in desk.prompts(), "the planner holds no edit tool"


async def test_a_plan_without_a_step_gets_one_that_says_the_goal(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=[Reply("Count from two.", usage=USAGE)]) as desk:
        await plan(desk)
        view = await get(desk)
    assert [step.intent for step in view.steps] == ["Count from two."]
    assert view.problems == ()


async def test_a_step_names_only_files_that_may_be_edited(tmp_path: Path) -> None:
    thought = "Goal: g.\n1. a.py: mend it as tests/test_a.py wants.\n"
    files = {**FILES, "tests/test_a.py": "from a import a\n"}
    async with open_desk(tmp_path, files, strong=[Reply(thought, usage=USAGE)]) as desk:
        await plan(desk, file="a.py")
        (step,) = (await get(desk)).steps
    assert step.files == ("a.py",)


async def test_planning_is_no_strategy_that_can_be_chosen(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(UnknownStrategy):
            await desk.run("Count.", strategy="planning")


async def test_a_model_that_does_not_plan_leaves_no_plan(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=[ModelError("no")]) as desk:
        with pytest.raises(ModelError, match="no"):
            await plan(desk)
        assert (await listed(desk)).total == 0
        assert desk.task_state() == "failed"


async def test_a_plan_that_does_not_fit_the_budget_is_not_asked_for(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=[MADE]) as desk:
        with pytest.raises(BudgetExceeded):
            await plan(desk, budget_usd=Decimal("0.001"))
        assert desk.prompts() == ""


async def test_a_plan_that_is_cancelled_is_not_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=[Hang("Goal: ")]) as desk:
        planning = asyncio.create_task(plan(desk))
        await eventually(lambda: any(isinstance(e, messages.PlanDelta) for e in desk.events))
        planning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await planning
        assert desk.task_state() == "cancelled"
        assert (await listed(desk)).total == 0


async def test_plans_survive_the_daemon_in_files_of_the_user_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=[MADE]) as desk:
        made = await get(desk, (await plan(desk, file="a.py")).plan_id)
    (kept,) = (tmp_path / "state" / "plans").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    async with open_desk(tmp_path, FILES) as desk:
        assert await get(desk, made.plan_id) == made


async def test_every_text_is_kept_as_it_was_written_also_one_that_is_no_plan(
    tmp_path: Path,
) -> None:
    typed = TEXT.replace("\n", "\r\n") + "\t\udc80half\x00\n"
    async with open_desk(tmp_path, FILES) as desk:
        made = await update(desk, TEXT)
        broken = await update(desk, BROKEN, plan_id=made.plan_id, base_version=1)
        assert [(p.line, p.severity) for p in broken.problems] == [(6, "error")]
        assert (broken.text, broken.version) == (BROKEN, 2)
        assert (broken.goal, broken.is_outdated) == ("Count from two.", True)
        assert (await update(desk, typed, plan_id=made.plan_id, base_version=2)).text == typed
    async with open_desk(tmp_path, FILES) as desk:
        assert (await get(desk)).text == typed


async def test_a_text_of_an_older_version_is_refused(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        made = await update(desk, TEXT)
        await update(desk, BROKEN, plan_id=made.plan_id, base_version=1)
        with pytest.raises(StaleChange, match=r"is version 2 by now, .* made of version 1"):
            await update(desk, TEXT + "More.\n", plan_id=made.plan_id, base_version=1)
        again = await update(desk, BROKEN, plan_id=made.plan_id, base_version=1)
        assert (again.text, again.version) == (BROKEN, 2), "who sends what is there changes nothing"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"base_version": 1}, "a new plan has no version"),
        ({"plan_id": "x"}, "say which version"),
        ({"text": "x" * 200_001}, "200,001 characters, and at most 200,000"),
    ],
)
async def test_an_update_that_makes_no_sense_is_refused(
    tmp_path: Path, params: dict[str, object], message: str
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(InvalidRequest, match=message):
            await update(desk, **{"text": TEXT, **params})  # type: ignore[arg-type]
        assert (await listed(desk)).total == 0


async def test_an_unknown_plan_is_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(UnknownPlan, match="no plan in this workspace yet"):
            await get(desk)
        made = await update(desk, TEXT)
        assert (await get(desk, made.plan_id[:5].upper())).plan_id == made.plan_id
        for unknown in ("", "zz", "../x"):
            with pytest.raises(UnknownPlan, match="there is no plan"):
                await get(desk, unknown)
        with pytest.raises(UnknownPlan):
            await follow(desk, plan_id="zz")


async def test_an_id_that_several_plans_begin_with_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "plans"
    async with open_desk(tmp_path, FILES) as desk:
        made = await update(desk, TEXT)
    kept = json.loads((folder / f"{made.plan_id}.txt").read_text())
    for name in ("abc1", "abc2"):
        (folder / f"{name}.txt").write_text(json.dumps({**kept, "planId": name}))
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(UnknownPlan, match="2 plans begin with 'abc'"):
            await get(desk, "abc")


async def test_the_list_has_the_latest_first(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, strong=[MADE]) as desk:
        await plan(desk)
        written = await update(desk, BROKEN, instruction="Mend it.")
        result = await listed(desk)
        assert [each.title for each in result.plans] == ["Mend it.", "Count from two."]
        assert [each.error_count for each in result.plans] == [1, 0]
        assert [each.origin for each in result.plans] == ["person", "strong model"]
        assert [each.cost_usd for each in result.plans] == [None, Decimal("0.012")]
        assert len((await listed(desk, limit=1)).plans) == 1
        await update(desk, TEXT, plan_id=written.plan_id, base_version=1)
        assert [each.step_count for each in (await listed(desk)).plans] == [1, 1]
        for limit in (0, -1, 101):
            with pytest.raises(InvalidRequest, match="a limit is"):
                await listed(desk, limit=limit)


@pytest.mark.parametrize("damage", ["", "{", "[]", "[" * 100_000, '{"planId": "x"}', "null"])
async def test_a_damaged_plan_is_left_out_and_told(tmp_path: Path, damage: str) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        await update(desk, TEXT)
    broken = tmp_path / "state" / "plans" / "dead.txt"
    broken.write_text(damage)
    async with open_desk(tmp_path, FILES) as desk:
        result = await listed(desk)
        assert (result.total, len(result.plans)) == (1, 1)
        assert result.notices == ("the plan 'dead' is damaged and left out: its file is kept",)
    assert broken.read_text() == damage


async def test_a_plan_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        (tmp_path / "state" / "plans").write_text("")
        with pytest.raises(UserError, match="the plan cannot be kept"):
            await update(desk, TEXT)


async def test_a_kept_plan_is_followed_by_the_configured_strategy(
    tmp_path: Path, ladder: Following
) -> None:
    async with open_desk(tmp_path, FILES, strong=[MADE]) as desk:
        made = await plan(desk, file="a.py")
        await follow(desk, plan_id=made.plan_id)
    (ctx,) = ladder.contexts
    assert ctx.plan is not None
    assert ctx.plan.goal == "count from two."
    assert ctx.instruction == "Count from two.\n(This is about the file a.py.)"


async def test_a_plan_that_is_sent_needs_no_instruction_and_shows_its_files(
    tmp_path: Path, ladder: Following
) -> None:
    sent = TEXT + "\n## 2. Configure\n\n- files: `setup.cfg`, `tests/test_a.py`\n"
    more = {"setup.cfg": "[x]\n", "tests/test_a.py": "def test_a(): pass\n", "c.py": "c = 1\n"}
    async with open_desk(tmp_path, {**FILES, **more}) as desk:
        await follow(desk, plan=sent)
    (ctx,) = ladder.contexts
    assert ctx.instruction == "Count from two."
    editable = {file.path for file in ctx.context if file.is_editable}
    assert editable >= {"a.py", "setup.cfg", "tests/test_a.py"}
    assert {f.reason for f in ctx.context if f.path == "setup.cfg"} == {"named in the plan"}


async def test_a_skipped_step_is_not_followed(tmp_path: Path, ladder: Following) -> None:
    sent = TEXT + "- skip: yes\n## 2. Set b\n- files: b.py\n- by: strong\n- after: 1\n"
    async with open_desk(tmp_path, FILES) as desk:
        await follow(desk, plan=sent)
    (ctx,) = ladder.contexts
    assert ctx.plan is not None
    assert [(s.intent, s.after, s.tier) for s in ctx.plan.steps] == [("Set b", (), "strong")]


async def test_where_the_configured_strategy_follows_no_plan_another_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = Following("plan")
    monkeypatch.setitem(STRATEGIES, "plan", following)
    async with open_desk(tmp_path, FILES, strategy="weak") as desk:
        await follow(desk, plan=TEXT)
    assert len(following.contexts) == 1


async def test_a_plan_with_errors_is_not_followed_and_they_are_listed(
    tmp_path: Path, ladder: Following
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        made = await update(desk, BROKEN + "- weight: 0\n")
        with pytest.raises(InvalidRequest) as refused:
            await follow(desk, plan_id=made.plan_id)
        assert str(refused.value).split("\n") == [
            f"the plan {made.plan_id!r} cannot be followed:",
            "  line 7: 'me' is no model of the pair: it is 'weak' or 'strong'",
            "  line 8: a weight is a number above 0, at most 100",
        ]
        with pytest.raises(InvalidRequest, match=r"line 7: there is no file 'c\.py'"):
            await follow(desk, plan=TEXT.replace("a.py", "c.py"))
    assert ladder.contexts == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"plan": TEXT, "plan_id": "x"}, "there are two plans"),
        ({"plan": TEXT, "plan_first": True}, "there is a plan already"),
        ({"plan_id": "x", "plan_first": True}, "there is a plan already"),
        ({"plan": TEXT, "strategy": "weak"}, "does not do a given plan"),
        ({"plan": "x" * 200_001}, "the plan is longer than 200,000"),
        ({"plan": ""}, "the plan has no goal"),
        ({"plan_first": True}, "the instruction is empty"),
        ({}, "the instruction is empty"),
    ],
)
async def test_a_request_that_contradicts_itself_is_refused(
    tmp_path: Path, params: dict[str, object], message: str
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(InvalidRequest, match=message):
            await follow(desk, **params)
        assert desk.prompts() == ""


async def test_a_plan_of_an_assistant_is_carried_out_without_asking_the_strong_model(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES, weak=[Reply(EDIT_A, usage=USAGE)]) as desk:
        result = await follow(desk, plan=TEXT)
        assert result.state == "review"
        assert [role.tier for role in result.receipt.roles] == ["weak"]
        await desk.accept(result.task_id)
        assert desk.read("a.py") == "a = 2\n"
