"""Is the editor that is attached asked about a change, whoever ordered it?"""

from collections.abc import Mapping
from pathlib import Path

from pairwright.checks.verdict import Problem
from pairwright.protocol import messages
from pairwright.workspace.paths import WorkspacePath
from tests.engine.desks import Desk, open_desk
from tests.support.answers import edit

FILES = {"a.py": "x = 1\n"}
Texts = Mapping[WorkspacePath, str | None]


class Eye:
    """An editor that underlines every 2."""

    def __init__(self) -> None:
        self.seen: list[str | None] = []

    async def __call__(self, texts: Texts) -> tuple[Problem, ...]:
        self.seen += texts.values()
        return tuple(
            Problem(path, 0, "two is wrong", tool="pyls")
            for path, text in texts.items()
            if "2" in (text or "")
        )


def reply(number: int) -> str:
    return edit("a.py", "x = 1\n", f"x = {number}\n")


def problems_said(desk: Desk) -> list[str]:
    return [
        check.detail
        for event in desk.events
        if isinstance(event, messages.Checked)
        for check in event.verdict.checks
        if check.name == "problems"
    ]


async def test_an_attached_editor_is_asked_when_another_client_runs_a_task(tmp_path: Path) -> None:
    eye = Eye()
    async with open_desk(tmp_path, FILES, weak=[reply(2), reply(3)]) as desk:
        desk.engine.open_session("editor").attach_diagnosis(eye)
        result = await desk.run()
    assert result.is_sound
    assert eye.seen == ["x = 2\n", "x = 1\n", "x = 3\n"]
    assert problems_said(desk) == [
        "the change brings new problems:\na.py:1: pyls: two is wrong",
        "the editor",
    ]


async def test_the_editor_that_runs_the_task_is_asked_before_others(tmp_path: Path) -> None:
    mine, other = Eye(), Eye()
    async with open_desk(tmp_path, FILES, weak=[reply(3)]) as desk:
        desk.session.attach_diagnosis(mine)
        desk.engine.open_session("editor").attach_diagnosis(other)
        await desk.run()
    assert (mine.seen, other.seen) == (["x = 3\n"], [])


async def test_an_editor_that_left_is_not_asked(tmp_path: Path) -> None:
    eye = Eye()
    async with open_desk(tmp_path, FILES, weak=[reply(3)]) as desk:
        session = desk.engine.open_session("editor")
        session.attach_diagnosis(eye)
        await session.close()
        await desk.run()
    assert eye.seen == []
    assert problems_said(desk) == ["the project is configured for no known linter"]
