"""Is a problem called mended when those who reported it say so, and only then?"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pairwright.checks.gate import Gate
from pairwright.checks.mending import Mending, Reports
from pairwright.checks.verdict import Check, Outcome, Problem, Verdict
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.settings import CheckSettings
from pairwright.workspace.paths import WorkspacePath
from tests.checks.support import analysis_of, rewritten, write_files
from tests.support.outlines import outlined_here

A, B = WorkspacePath("a.py"), WorkspacePath("b.py")
CODE = "one\nbad x\ntwo\nbad x\nthree\n"
FIRST = Problem("a.py", 1, "x is bad", "B1", "Linter")
Texts = Mapping[WorkspacePath, str | None]


def seen_in(path: WorkspacePath, text: str) -> Iterable[Problem]:
    """What a linter says that knows one rule: a line that begins with `bad` is wrong."""
    return (
        Problem(path, number, f"{line.partition(' ')[2]} is bad", "B1", "linter")
        for number, line in enumerate(text.splitlines())
        if line.startswith("bad ")
    )


class Linter:
    """Reports as above; looks only so often."""

    def __init__(self, workspace: str, looks: int = 99) -> None:
        self.snapshot = analysis_of(workspace).snapshot
        self._looks = looks
        self.asked = 0

    async def __call__(self, texts: Texts, files: Any) -> Reports:
        self.asked += 1
        if self.asked > self._looks:
            return Reports({})
        known = {path: each.text for path, each in self.snapshot.documents.items()}
        laid = {**known, **texts}
        found = [problem for path in files for problem in seen_in(path, laid[path] or "")]
        return Reports({"linter": tuple(found)})


async def judged(
    new: str | None,
    *problems: Problem,
    old: str = CODE,
    looks: int = 99,
    renamed_to: WorkspacePath | None = None,
) -> Check:
    linter = Linter(f"#- a.py\n{old}", looks)
    mending = Mending(problems or (FIRST,), linter.snapshot, linter)
    texts: dict[WorkspacePath, str | None] = {A: new}
    renamed: dict[WorkspacePath, WorkspacePath] = {}
    if renamed_to is not None:
        texts, renamed = {A: None, renamed_to: new}, {renamed_to: A}
    check = await mending.judge(texts, renamed)
    assert check is not None
    return check


async def test_what_is_reported_no_more_is_gone_and_it_is_said_who_says_so() -> None:
    check = await judged("one\ngood x\ntwo\nbad x\nthree\n")
    assert check == Check(Outcome.PASSED, "gone, says linter")


@pytest.mark.parametrize(
    "new",
    [
        "one\nbad x\ntwo\nbad x\nthree\nfour\n",  # something else was done
        "# above\n# above\none\nbad x\ntwo\nbad x\nthree\n",  # its line moved
        "one\nbad x\ntwo\ngood x\nthree\n",  # the other of its kind was mended
        "one\ntwo\nbad x\nthree\nbad x\n",  # it was taken elsewhere in the file
        "one\nbad x # or not\nbad x\ntwo\ngood\nthree\n",  # it stands twice where it stood once
    ],
)
async def test_what_is_reported_where_its_lines_are_now_is_still_there(new: str) -> None:
    check = await judged(new)
    assert check.outcome is Outcome.FAILED
    assert "the reported problem is still there:\na.py:" in check.detail


async def test_the_place_that_is_told_is_the_new_one() -> None:
    check = await judged(f"# above\n{CODE}")
    assert check.detail.endswith("a.py:3: linter: x is bad [B1]")


async def test_of_two_in_one_changed_place_each_that_was_asked_about_must_go() -> None:
    old = "bad x\nbad x\n"
    problems = [Problem("a.py", line, "x is bad", "B1") for line in (0, 1)]
    assert (await judged("good\nbad x, y\n", *problems, old=old)).outcome is Outcome.PASSED
    assert (await judged("bad x\n", *problems, old=old)).outcome is Outcome.FAILED


async def test_numbers_in_a_message_move_with_the_text() -> None:
    old, new = "bad 101 > 100\n", "bad 102 > 100\n"
    asked = Problem("a.py", 0, "101 > 100 is bad", "B1")
    assert (await judged(new, asked, old=old)).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "worded",
    [
        Problem("a.py", 1, "X is bad.", "b1"),
        Problem("a.py", 1, "x is bad [B1]\n  more of it"),
        Problem("a.py", 1, "in other words", "B1"),
        Problem("a.py", 0, "x is bad", ""),
    ],
)
async def test_an_editors_wording_of_a_tools_problem_is_understood(worded: Problem) -> None:
    assert (await judged("one\ngood\ntwo\nbad x\n", worded)).outcome is Outcome.PASSED
    assert (await judged("one\nbad x\ntwo\ngood\n", worded)).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "unknown",
    [
        Problem("a.py", 1, "in other words"),
        Problem("a.py", 1, "x is bad", "C7"),
        Problem("a.py", 2, "in other words", "B1"),
        Problem("gone.py", 1, "x is bad", "B1"),
    ],
)
async def test_what_nobody_reports_is_unknown_and_not_gone(unknown: Problem) -> None:
    check = await judged("all new\n", unknown)
    assert check.outcome is Outcome.NOT_RUN
    assert check.detail == (
        f"nobody can tell whether the problem is gone:\n{unknown.in_words} "
        "(nobody who can be asked reports it)"
    )


async def test_who_cannot_look_again_has_not_said_that_it_is_gone() -> None:
    check = await judged("good\n", looks=1)
    assert check.outcome is Outcome.NOT_RUN
    assert "(linter could not look again)" in check.detail


async def test_one_that_is_left_counts_more_than_one_that_nobody_can_tell() -> None:
    check = await judged(CODE + "more\n", FIRST, Problem("a.py", 0, "who knows"))
    assert check.outcome is Outcome.FAILED


async def test_a_problem_goes_with_its_file_and_along_when_it_is_renamed() -> None:
    assert (await judged(None)) == Check(Outcome.PASSED, "gone with its file")
    assert (await judged(f"{CODE}#\n", renamed_to=B)).detail.endswith(
        "b.py:2: linter: x is bad [B1]"
    )
    assert (await judged("good\n", renamed_to=B)).outcome is Outcome.PASSED


async def test_a_task_about_no_problem_asks_nobody() -> None:
    linter = Linter(f"#- a.py\n{CODE}")
    assert await Mending((), linter.snapshot, linter).judge({A: ""}, {}) is None
    assert linter.asked == 0


async def test_what_was_before_is_asked_once_for_all_attempts() -> None:
    linter = Linter(f"#- a.py\n{CODE}")
    mending = Mending((FIRST,), linter.snapshot, linter)
    for text in ("x\n", "y\n", "z\n"):
        await mending.judge({A: text}, {})
    assert linter.asked == 4


RUFF = "#- ruff.toml\nlint.select = ['F']\n"
UNUSED = Problem("a.py", 0, "`os` imported but unused", "F401", "Ruff")


async def by_gate(
    tmp_path: Path,
    workspace: str,
    texts: dict[str, str | None],
    *mends: Problem,
    editor: Any = None,
    change: SourceChange | None = None,
    **settings: Any,
) -> Verdict:
    analysis = analysis_of(workspace)
    write_files(analysis, tmp_path / "ws")
    checks = CheckSettings(**settings)
    async with Gate.opened(
        analysis, tmp_path / "ws", checks, outline=outlined_here, editor=editor, mends=mends
    ) as gate:
        return await gate.check(change or rewritten(analysis, texts))


async def test_the_gate_asks_the_projects_own_linter(tmp_path: Path) -> None:
    workspace = f"{RUFF}#- a.py\nimport os\nx = 1\n"
    verdict = await by_gate(tmp_path, workspace, {"a.py": "x = 1\n"}, UNUSED)
    assert verdict.mended == Check(Outcome.PASSED, "gone, says ruff")
    assert verdict.is_sound
    assert "0 new problems mended ✓" in verdict.badge


async def test_a_fix_that_leaves_the_problem_is_not_sound_and_the_model_is_told(
    tmp_path: Path,
) -> None:
    workspace = f"{RUFF}#- a.py\nimport os\nx = 1\n"
    verdict = await by_gate(tmp_path, workspace, {"a.py": "\nimport os\nx = 2\n"}, UNUSED)
    assert not verdict.is_sound
    assert verdict.evidence == (
        "the reported problem is still there:\na.py:2: ruff: `os` imported but unused [F401]"
    )
    assert "mended ✗" in verdict.badge


async def test_a_problem_that_is_mended_from_another_file_is_looked_for_in_its_own(
    tmp_path: Path,
) -> None:
    workspace = f"{RUFF}#- a.py\nimport os\nx = 1\n#- b.py\ny = 1\n"
    verdict = await by_gate(tmp_path, workspace, {"b.py": "y = 2\n"}, UNUSED)
    assert verdict.mended is not None
    assert verdict.mended.outcome is Outcome.FAILED


async def test_an_editor_is_asked_about_a_file_that_the_change_leaves_alone(
    tmp_path: Path,
) -> None:
    async def editor(texts: Texts) -> tuple[Problem, ...]:
        asked.append(dict(texts))
        is_defined = "y" in (texts.get(B) or "")
        return () if is_defined else (Problem("a.py", 0, "y is not there", tool="pyls"),)

    asked: list[dict[WorkspacePath, str | None]] = []
    problem = Problem("a.py", 0, "y is not there", tool="pyls")
    verdict = await by_gate(
        tmp_path, "#- a.py\nimport b\n#- b.py\nx = 1\n", {"b.py": "y = 1\n"}, problem, editor=editor
    )
    assert verdict.mended == Check(Outcome.PASSED, "gone, says the editor")
    assert asked[-1] == {"a.py": "import b\n", "b.py": "y = 1\n"}


async def test_without_anybody_to_ask_it_is_said_that_nobody_can_tell(tmp_path: Path) -> None:
    verdict = await by_gate(tmp_path, "#- a.py\nimport os\n", {"a.py": "x = 1\n"}, UNUSED)
    assert verdict.mended is not None
    assert verdict.mended.outcome is Outcome.NOT_RUN
    assert verdict.is_sound
    assert "mended ?" in verdict.badge


async def test_a_tool_that_fails_on_the_changed_text_has_not_said_that_it_is_gone(
    tmp_path: Path,
) -> None:
    script = (
        "import json, sys\n"
        "text = open('a.py').read()\n"
        "if 'crash' in text: sys.exit(7)\n"
        "found = [{'filename': 'a.py', 'location': {'row': 1}, 'message': 'm', 'code': 'X'}]\n"
        "print(json.dumps(found if 'bad' in text else []))\n"
    )
    tool = tmp_path / "ws" / ".venv" / "bin" / "ruff"
    tool.parent.mkdir(parents=True)
    tool.write_text(f"#!{sys.executable} -I\n{script}")
    tool.chmod(0o755)
    problem = Problem("a.py", 0, "m", "X")
    outcomes = []
    for text in ("fine\n", "bad = 2\n", "crash\n"):
        verdict = await by_gate(
            tmp_path, f"{RUFF}#- a.py\nbad = 1\n", {"a.py": text}, problem, linters=("ruff",)
        )
        assert verdict.mended is not None
        outcomes.append(verdict.mended.outcome)
    assert outcomes == [Outcome.PASSED, Outcome.FAILED, Outcome.NOT_RUN]


async def test_what_cannot_be_applied_is_not_asked_about(tmp_path: Path) -> None:
    change = SourceChange(1, (FileEdit(A, FileEditKind.DELETE, "other"),))
    verdict = await by_gate(tmp_path, f"#- a.py\n{CODE}", {}, FIRST, change=change)
    assert verdict.mended is None
