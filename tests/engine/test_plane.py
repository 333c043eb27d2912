"""Does the plane say what strategies cost here, and what became of their work, without guessing?"""

from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.engine.spending.plane import LEAST_TASKS
from pairwright.llm.scripted_provider import Reply
from pairwright.protocol.plane_messages import StrategyPoint
from pairwright.settings import FeedbackSettings, Settings
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit
from tests.support.engines import (
    USAGE,
    EvenProvider,
    ScriptedModels,
    opened_engine,
    scripted_model,
    write_files,
)

FILES = {"a.py": "x = 1\ny = 1\n"}
TASK_USD = Decimal("0.0012")
"""One call of the weak model: 1,000 tokens at $1 and 100 at $2 a million."""


def change(line: str, value: int) -> Reply:
    return Reply(edit("a.py", f"{line} = 1\n", f"{line} = {value}\n"), usage=USAGE)


def point_of(desk: Desk, strategy: str = "weak") -> StrategyPoint:
    (point,) = (each for each in desk.session.plane().points if each.strategy == strategy)
    return point


async def test_what_was_kept_discarded_and_left_open_is_counted_apart(tmp_path: Path) -> None:
    answers = [change("x", 2), change("y", 2), change("y", 3)]
    async with open_desk(tmp_path, FILES, answers) as desk:
        kept = await desk.run()
        await desk.accept(kept.task_id)
        await desk.reject((await desk.run()).task_id)
        await desk.run()
        point = point_of(desk)
        assert desk.session.plane().least_tasks == LEAST_TASKS
    assert point == StrategyPoint(
        strategy="weak",
        tasks=3,
        kept=1,
        partly=0,
        discarded=1,
        sound=3,
        mean_usd=TASK_USD,
        unpriced_tasks=0,
    )


async def test_what_was_taken_back_counts_against_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [change("x", 2)]) as desk:
        await desk.accept((await desk.run()).task_id)
        await desk.undo()
        assert (point_of(desk).kept, point_of(desk).discarded) == (0, 1)


async def test_a_task_of_unknown_cost_is_left_out_of_the_mean_and_counted(tmp_path: Path) -> None:
    unpriced = EvenProvider("scripted/weak", [change("x", 2)], accepts_grammar=True)
    async with open_desk(tmp_path, FILES, unpriced, allow_unpriced=True) as desk:
        await desk.run()
        point = point_of(desk)
    assert (point.tasks, point.mean_usd, point.unpriced_tasks) == (1, None, 1)


async def test_the_strategy_with_the_most_tasks_comes_first(tmp_path: Path) -> None:
    weak, strong = [change("x", 2), change("y", 2)], [change("x", 3)]
    async with open_desk(tmp_path, FILES, weak, strong) as desk:
        await desk.run(strategy="strong")
        await desk.run()
        await desk.run()
        points = desk.session.plane().points
    assert [(each.strategy, each.tasks) for each in points] == [("weak", 2), ("strong", 1)]


@pytest.mark.parametrize("keep", [True, False])
async def test_nothing_is_known_before_the_first_task_and_it_is_said_where_nothing_ever_will_be(
    tmp_path: Path, keep: bool
) -> None:
    write_files(tmp_path / "workspace", FILES)
    settings = Settings(feedback=FeedbackSettings(keep=keep))
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak"))
    async with opened_engine(tmp_path, models, settings) as engine:
        told = engine.open_session("person").plane()
    assert told.points == ()
    assert ("feedback.keep" in told.notice) is not keep
