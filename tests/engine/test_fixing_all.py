"""Are like problems fixed at each place, each judged by itself, and what is left told?"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.checks.verdict import Problem
from pairwright.errors import InvalidRequest
from pairwright.protocol import messages
from pairwright.protocol.budget_messages import ContinueParams
from pairwright.protocol.editor_messages import DiagnosedProblem
from tests.engine.desks import open_desk
from tests.engine.intents import BAD, FILES, PLAN, WRONG, Texts, eye, rejections, run
from tests.support.answers import answer, edit


def answer_delete(line: str) -> str:
    return answer(f"### FILE app.py\n<<<<<<< SEARCH\n{line}=======\n>>>>>>> REPLACE\n")


async def test_like_problems_are_fixed_by_one_plan_and_a_weak_edit_each(tmp_path: Path) -> None:
    replies = [
        edit("app.py", "c = 3  # bad\n", "c = 3\n"),
        edit("app.py", "a = 1  # bad\n", "a = 1\n"),
    ]
    async with open_desk(tmp_path, {"app.py": BAD}, weak=replies, strong=[PLAN]) as desk:
        desk.session.attach_diagnosis(eye)
        result = await run(desk, "fix_all", problems=(WRONG,))
        await desk.accept(result.task_id)
        asked = [each.step for each in desk.events if isinstance(each, messages.StepStarted)]
        assert desk.read("app.py") == "a = 1\nb = 2\nc = 3\n"
    assert (result.state, result.is_sound) == ("review", True)
    assert result.message.endswith("the reported problem is gone at 2 of 2 places")
    assert asked == ["plan", "edit", "edit"]
    assert "app.py:3: eye: bad mark 'c' [M1]" in desk.prompts()


async def test_a_place_that_was_not_mended_is_left_out_and_told(tmp_path: Path) -> None:
    replies = [
        edit("app.py", "c = 3  # bad\n", "c = 4  # bad\n"),
        edit("app.py", "c = 3  # bad\n", "c = 3  # bad # bad\n"),
        edit("app.py", "a = 1  # bad\n", "a = 1\n"),
    ]
    async with open_desk(tmp_path, {"app.py": BAD}, weak=replies, strong=[PLAN]) as desk:
        desk.session.attach_diagnosis(eye)
        result = await run(desk, "fix_all", problems=(WRONG,))
        ready, refused = desk.change_ready(), rejections(desk)
        await desk.accept(result.task_id)
        assert desk.read("app.py") == "a = 1\nb = 2\nc = 3  # bad\n"
    assert ready.verdict.notes == (
        "1 of 2 places are left as they were: app.py:3 (the problem is still there: "
        "app.py:3: eye: bad mark 'c' [M1])",
    )
    assert len(refused) == 2


async def test_what_is_mended_before_the_money_ends_is_proposed_and_the_rest_can_follow(
    tmp_path: Path,
) -> None:
    lines = [f"{name} = 1  # bad\n" for name in "abcdef"]
    replies = [edit("app.py", line, line.replace("  # bad", "")) for line in reversed(lines)]
    files = {"app.py": "".join(lines)}
    async with open_desk(tmp_path, files, weak=replies, strong=[PLAN]) as desk:
        desk.session.attach_diagnosis(eye)
        result = await run(desk, "fix_all", problems=(WRONG,), budget_usd=Decimal("0.0145"))
        ready = desk.change_ready()
        desk.events.clear()
        more = ContinueParams(task_id=result.task_id, budget_usd=Decimal("0.05"))
        rest = await desk.session.continue_task(more, desk.hear)
        await desk.accept(rest.task_id)
        assert "bad" not in desk.read("app.py")
    left = int(ready.verdict.notes[0].split(" of 6 places are left as they were: app.py:")[0])
    assert 0 < left < 6
    assert len(ready.hunks) == 1
    assert (result.can_continue, rest.can_continue) == (True, False)
    assert rest.receipt.replayed_calls == 1 + 6 - left


async def test_another_problem_in_its_stead_is_no_mending(tmp_path: Path) -> None:
    async def picky(texts: Texts) -> tuple[Problem, ...]:
        worse = (Problem(path, 0, "worse", "M2", "eye") for path, t in texts.items() if "9" in t)  # type: ignore[operator]
        return (*await eye(texts), *worse)

    wrong = edit("app.py", "a = 1  # bad\n", "a = 9\n")
    async with open_desk(
        tmp_path, {"app.py": "a = 1  # bad\n"}, weak=[wrong, wrong], strong=[PLAN]
    ) as desk:
        desk.session.attach_diagnosis(picky)
        result = await run(desk, "fix_all", problems=(WRONG,))
    assert result.state == "failed"
    assert rejections(desk) == ["it brings another problem: app.py:1: eye: worse [M2]"] * 2


async def test_a_rule_is_the_same_however_a_tool_and_its_server_write_it(tmp_path: Path) -> None:
    async def checker(texts: Texts) -> tuple[Problem, ...]:
        return tuple(replace(each, rule="TS2322") for each in await eye(texts))

    problem = replace(WRONG, rule="2322", source="ts")
    files = {"app.py": "a = 1  # bad\nb = 2  # bad\n"}
    replies = [edit("app.py", f"{line}  # bad\n", f"{line}\n") for line in ("b = 2", "a = 1")]
    async with open_desk(tmp_path, files, weak=replies, strong=[PLAN]) as desk:
        desk.session.attach_diagnosis(checker)
        await run(desk, "fix_all", problems=(problem,))
        await desk.accept(desk.change_ready().task_id)
        assert desk.read("app.py") == "a = 1\nb = 2\n"


async def test_an_edit_that_does_not_parse_mends_nothing(tmp_path: Path) -> None:
    wrong = edit("app.py", "a = 1  # bad\n", "a = (\n")
    async with open_desk(
        tmp_path, {"app.py": "a = 1  # bad\n"}, weak=[wrong, wrong], strong=[PLAN]
    ) as desk:
        desk.session.attach_diagnosis(eye)
        assert (await run(desk, "fix_all", problems=(WRONG,))).state == "failed"
    assert "it brings another problem" in rejections(desk)[0]


async def test_a_place_that_nobody_could_look_at_again_is_not_called_mended(
    tmp_path: Path,
) -> None:
    async def tired(texts: Texts) -> tuple[Problem, ...] | None:
        is_changed = any("# bad" not in (text or "") for text in texts.values())
        return None if is_changed else await eye(texts)

    replies = [edit("app.py", "a = 1  # bad\n", "a = 1\n")] * 2
    files = {"app.py": "a = 1  # bad\n"}
    async with open_desk(tmp_path, files, weak=replies, strong=[PLAN]) as desk:
        desk.session.attach_diagnosis(tired)
        result = await run(desk, "fix_all", problems=(WRONG,))
    assert result.state == "failed"
    told = "the editor could not look again, so nobody can tell whether the problem is gone"
    assert rejections(desk) == [told] * 2


async def test_a_problem_that_nobody_sees_is_not_paid_for(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        with pytest.raises(InvalidRequest, match="nobody could say that it is mended"):
            await run(desk, "fix_all", problems=(WRONG,))
        assert desk.prompts() == ""


async def test_the_linter_that_reported_it_says_whether_it_is_mended(tmp_path: Path) -> None:
    files = {"app.py": "import os\nimport sys\nx = 1\n", "ruff.toml": ""}
    problem = DiagnosedProblem(path="app.py", line=0, message="`os` unused", rule="F401")
    replies = [answer_delete("import sys\n"), answer_delete("import os\n")]
    async with open_desk(tmp_path, files, weak=replies, strong=[PLAN]) as desk:
        result = await run(desk, "fix_all", problems=(problem,))
        await desk.accept(result.task_id)
        assert desk.read("app.py") == "x = 1\n"
