"""Who lets a model be asked whose price nobody knows? The person, where they stand."""

import stat
from pathlib import Path

import pytest

from pairwright.engine.spending.unpriced import ALWAYS, MOST_MODELS, NO, ONCE, UnpricedModels
from pairwright.errors import BudgetExceeded, InvalidRequest, UserError
from pairwright.llm.scripted_provider import Reply
from pairwright.protocol.budget_messages import BudgetParams, ContinueParams
from pairwright.protocol.messages import TaskStarted
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import USAGE, EvenProvider

FILES = {"a.py": "a = 1\n"}
SOUND = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
BROKEN = Reply(edit("a.py", "a = 1\n", "a = (\n"), usage=USAGE)


class Person:
    """Somebody at an editor, who gives these answers."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def ask(self, question: str, answers: tuple[str, ...]) -> str | None:
        self.asked.append(question)
        assert answers == (ONCE, ALWAYS, NO)
        return self.answers.pop(0)


def mystery(*replies: Reply) -> EvenProvider:
    return EvenProvider("scripted/weak", replies, price=None, accepts_grammar=True)


def files_in(directory: Path, folder: str) -> list[Path]:
    return [path for path in directory.rglob("*") if path.parent.name == folder]


async def refused(desk: Desk) -> str:
    with pytest.raises(BudgetExceeded, match="nobody knows the price") as caught:
        await desk.run()
    assert caught.value.unpriced_model == "scripted/weak"
    return str(caught.value)


async def test_a_yes_in_the_editor_is_for_the_task_and_asked_for_once(tmp_path: Path) -> None:
    person = Person(ONCE, NO)
    weak = mystery(BROKEN, SOUND)
    async with open_desk(tmp_path, FILES, weak) as desk:
        desk.session.attach_person(person.ask)
        result = await desk.run()
        assert (result.is_sound, result.receipt.unpriced_calls, len(weak.requests)) == (True, 2, 2)
        assert person.asked == [
            "nobody knows the price of 'scripted/weak', so no cap can hold. Ask it all the same?"
        ]
        assert [entry.attempt for entry in desk.engine._state.ledger.entries()] == [1, 1]
        await refused(desk)
        assert len(person.asked) == 2


async def test_a_yes_for_good_outlives_the_daemon_and_lies_outside_of_the_workspace(
    tmp_path: Path,
) -> None:
    person = Person(ALWAYS)
    async with open_desk(tmp_path, FILES, mystery(SOUND)) as desk:
        desk.session.attach_person(person.ask)
        assert (await desk.run()).is_sound
    (kept,) = files_in(tmp_path, "unpriced")
    assert (tmp_path / "workspace") not in kept.parents
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    async with open_desk(tmp_path, FILES, mystery(SOUND)) as desk:
        assert desk.session.budget(BudgetParams()).unpriced_models == ("scripted/weak",)
        assert (await desk.run()).is_sound
        forbid = BudgetParams(unpriced_model="scripted/weak", is_allowed=False)
        assert desk.session.budget(forbid).unpriced_models == ()
        await refused(desk)
    assert len(person.asked) == 1


@pytest.mark.parametrize("answer", [NO, None, "Sure"])
async def test_any_other_answer_is_no(tmp_path: Path, answer: str | None) -> None:
    person, weak = Person(answer), mystery(SOUND)
    async with open_desk(tmp_path, FILES, weak) as desk:
        desk.session.attach_person(person.ask)
        said = await refused(desk)
        assert "`--allow-unpriced` for this task" in said
        assert "`pairwright budget --allow scripted/weak` from now on" in said
        assert weak.requests == []


async def test_nobody_is_asked_of_a_model_with_a_price_or_after_the_settings_said_yes(
    tmp_path: Path,
) -> None:
    person = Person()
    async with open_desk(tmp_path, FILES, [SOUND]) as desk:
        desk.session.attach_person(person.ask)
        assert (await desk.run()).is_sound
    async with open_desk(tmp_path, FILES, mystery(SOUND), allow_unpriced=True) as desk:
        desk.session.attach_person(person.ask)
        assert (await desk.run()).is_sound
    assert person.asked == []


async def test_a_yes_may_come_with_the_task_and_stays_with_it(tmp_path: Path) -> None:
    strong = EvenProvider("scripted/strong", [], price=None)
    async with open_desk(tmp_path, FILES, mystery(SOUND), strong) as desk:
        assert (await desk.run(allow_unpriced=True)).is_sound
        assert desk.session.budget(BudgetParams()).unpriced_models == ()
        await refused(desk)


async def test_a_refused_task_goes_on_after_a_yes_and_pays_for_nothing_twice(
    tmp_path: Path,
) -> None:
    plan = Reply("Goal: change it\n1. a.py: make a 2", usage=USAGE)
    weak = mystery(SOUND)
    async with open_desk(tmp_path, FILES, weak, [plan]) as desk:
        with pytest.raises(BudgetExceeded):
            await desk.run(strategy="plan")
        (begun,) = [event.task_id for event in desk.events if isinstance(event, TaskStarted)]
        again = ContinueParams(task_id=begun, allow_unpriced=True)
        result = await desk.session.continue_task(again, desk.hear)
        assert (result.task_id, result.is_sound) == (begun, True)
        assert (result.receipt.replayed_calls, len(weak.requests)) == (1, 1)
        assert [entry.tier.value for entry in desk.engine._state.ledger.entries()] == [
            "strong",
            "weak",
        ]


async def test_a_yes_to_one_model_is_none_to_another(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, mystery(SOUND)) as desk:
        desk.session.budget(BudgetParams(unpriced_model="scripted/strong", is_allowed=True))
        await refused(desk)


@pytest.mark.parametrize(
    "params",
    [
        BudgetParams(unpriced_model="a/b"),
        BudgetParams(is_allowed=True),
        BudgetParams(unpriced_model=" ", is_allowed=True),
        BudgetParams(unpriced_model="a/\x1b[31m", is_allowed=True),
        BudgetParams(unpriced_model="a" * 201, is_allowed=True),
    ],
)
async def test_what_makes_no_sense_allows_nothing(tmp_path: Path, params: BudgetParams) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(InvalidRequest):
            desk.session.budget(params)
        assert desk.session.budget(BudgetParams()).unpriced_models == ()


def test_a_damaged_list_allows_nothing_and_a_full_one_takes_no_more(tmp_path: Path) -> None:
    models = UnpricedModels(tmp_path)
    for number in range(MOST_MODELS):
        models.change(f"a/{number}", is_allowed=True)
    with pytest.raises(InvalidRequest, match="100 models are allowed already"):
        models.change("a/more", is_allowed=True)
    (kept,) = (tmp_path / "unpriced").iterdir()
    for damaged in ("{", '"a/1"', '["a/1", 2]', "[" * 100_000):
        kept.write_text(damaged)
        assert UnpricedModels(tmp_path).names == ()


def test_a_yes_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "unpriced").write_text("a file where a folder should be")
    with pytest.raises(UserError, match="the yes cannot be kept"):
        UnpricedModels(tmp_path).change("a/b", is_allowed=True)
