"""Does an editor's opinion count, and only what is new of it?"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from pairwright.checks.gate import Gate
from pairwright.checks.verdict import Outcome, Problem, Verdict
from pairwright.settings import CheckSettings
from pairwright.workspace.paths import WorkspacePath
from tests.checks.support import analysis_of, rewritten, write_files
from tests.support.outlines import outlined_here

WORKSPACE = "#- a.py\nbad\nx = 1\n"
Texts = Mapping[WorkspacePath, str | None]


class Editor:
    """Underlines every line that says `bad`; says nothing at all when it is tired."""

    def __init__(self, answers: int = 99) -> None:
        self._answers = answers
        self.asked: list[dict[str, str | None]] = []

    async def __call__(self, texts: Texts) -> tuple[Problem, ...] | None:
        self.asked.append(dict(texts))
        if len(self.asked) > self._answers:
            return None
        return tuple(
            Problem(path, number, "is bad", "B1", "pyls")
            for path, text in texts.items()
            for number, line in enumerate((text or "").splitlines())
            if line.startswith("bad")
        )


async def judged(tmp_path: Path, editor: Editor, texts: dict[str, str | None]) -> Verdict:
    analysis = analysis_of(WORKSPACE)
    write_files(analysis, tmp_path / "ws")
    async with Gate.opened(
        analysis, tmp_path / "ws", CheckSettings(), outline=outlined_here, editor=editor
    ) as gate:
        return await gate.check(rewritten(analysis, texts))


async def test_what_the_editor_sees_only_after_the_change_fails(tmp_path: Path) -> None:
    editor = Editor()
    verdict = await judged(tmp_path, editor, {"a.py": "y = 1\nbad\nbad, too\n"})
    assert verdict.evidence == "the change brings new problems:\na.py:3: pyls: is bad [B1]"
    assert editor.asked == [{"a.py": "y = 1\nbad\nbad, too\n"}, {"a.py": "bad\nx = 1\n"}]


async def test_what_it_saw_before_is_not_new(tmp_path: Path) -> None:
    verdict = await judged(tmp_path, Editor(), {"a.py": "# moved\nbad\n"})
    assert (verdict.problems.outcome, verdict.problems.detail) == (Outcome.PASSED, "the editor")


async def test_an_editor_that_sees_nothing_is_asked_once(tmp_path: Path) -> None:
    editor = Editor()
    verdict = await judged(tmp_path, editor, {"a.py": "x = 2\n", "b.py": "y = 1\n"})
    assert "0 new problems" in verdict.badge
    assert len(editor.asked) == 1


@pytest.mark.parametrize("answers", [0, 1])
async def test_an_editor_that_cannot_say_is_done_without(tmp_path: Path, answers: int) -> None:
    verdict = await judged(tmp_path, Editor(answers), {"a.py": "bad\nbad\n"})
    assert verdict.problems.outcome is Outcome.NOT_RUN
    assert verdict.is_sound


async def test_a_file_that_goes_away_is_said_to_be_gone(tmp_path: Path) -> None:
    editor = Editor()
    await judged(tmp_path, editor, {"a.py": None})
    assert editor.asked == [{"a.py": None}]


async def test_a_cancelled_check_stops_asking(tmp_path: Path) -> None:
    class Slow(Editor):
        async def __call__(self, texts: Texts) -> tuple[Problem, ...] | None:
            started.set()
            await asyncio.Event().wait()
            return None

    started = asyncio.Event()
    checking = asyncio.ensure_future(judged(tmp_path, Slow(), {"a.py": "x = 2\n"}))
    await started.wait()
    checking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await checking
