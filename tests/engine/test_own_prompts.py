"""Which prompts did the person replace, and do models hear them?"""

import os
from pathlib import Path

import pytest

from pairwright.engine.models.own_prompts import MOST_BYTES, FoundPrompts, OwnPrompts
from tests.engine.desks import open_desk
from tests.support.answers import edit

FILES = {"a.py": "a = 1\n", "b.go": "package b\n"}
EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")
MISFIT = edit("a.py", "a = 7\n", "a = 2\n")


def found_in(directory: Path, files: dict[str, str | bytes]) -> FoundPrompts:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return OwnPrompts(directory).read()


def test_texts_are_found_by_our_names_and_by_language(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "repair.md": "No:\n$reasons\n",
        "plan/system.python.md": "Plan it.",
        "README.txt": "mine",
    }
    found = found_in(tmp_path, files)
    assert found.texts == {"repair": "No:\n$reasons", "plan/system.python": "Plan it."}
    assert found.problems == ()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("repair.md", "No.", "`$reasons` is missing"),
        ("repiar.md", "No: $reasons", "no prompt of that name"),
        ("repair.pyhton.md", "No: $reasons", "no language is called 'pyhton'"),
        ("route.md", b"\xff\xfe", "not UTF-8"),
        ("route.md", "x" * (MOST_BYTES + 1), "more than 64 KB"),
        ("route.md", "", "empty"),
    ],
)
def test_what_cannot_be_used_is_told_and_left_out(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    found = found_in(tmp_path, {name: content, "plan/system.md": "Plan it."})
    assert found.texts == {"plan/system": "Plan it."}
    (problem,) = found.problems
    assert reason in problem
    assert "ours is" in problem


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "route.md")
    (tmp_path / "repair.md").mkdir()
    (tmp_path / "dry_run.md").symlink_to(tmp_path / "nowhere")
    found = OwnPrompts(tmp_path).read()
    assert found.texts == {}
    assert ["no regular file" in problem for problem in found.problems] == [True, True]


def test_what_is_for_this_workspace_counts_more(tmp_path: Path) -> None:
    everywhere, here = tmp_path / "everywhere", tmp_path / "here"
    found_in(everywhere, {"route.md": "One.", "route.go.md": "Go.", "dry_run.md": "Two."})
    found_in(here, {"route.md": "Mine.", "route.python.md": "Snake.", "nothing.md": "x"})
    found = OwnPrompts(everywhere, here).read()
    assert found.texts == {"route": "Mine.", "route.python": "Snake.", "dry_run": "Two."}
    assert len(found.problems) == 1


async def test_models_hear_what_is_for_this_workspace(tmp_path: Path) -> None:
    found_in(tmp_path / "prompts", {"repair.md": "EVERYWHERE\n$reasons"})
    found_in(tmp_path / "state" / "prompts", {"repair.md": "HERE\n$reasons"})
    async with open_desk(tmp_path, FILES, [MISFIT, EDIT_A]) as desk:
        await desk.run(strategy="ladder", file="a.py")
        assert "HERE\n" in desk.prompts()
        assert "EVERYWHERE\n" not in desk.prompts()


def test_a_directory_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    assert OwnPrompts(tmp_path / "none").read() == FoundPrompts({}, ())
    assert OwnPrompts().read() == FoundPrompts({}, ())


def test_a_text_is_read_anew_only_when_it_changed(tmp_path: Path) -> None:
    (tmp_path / "route.md").write_text("One.")
    own = OwnPrompts(tmp_path)
    first = own.read()
    assert own.read() is first
    (tmp_path / "route.md").write_text("Another.")
    assert own.read().texts == {"route": "Another."}
    (tmp_path / "route.md").unlink()
    assert own.read().texts == {}


async def test_models_hear_the_persons_own_words_for_the_language(tmp_path: Path) -> None:
    found_in(
        tmp_path / "prompts",
        {"repair.python.md": "MINE\n$reasons", "repair.go.md": "GO\n$reasons"},
    )
    async with open_desk(tmp_path, FILES, [MISFIT, EDIT_A]) as desk:
        await desk.run(strategy="ladder", file="a.py")
        assert "MINE\n" in desk.prompts()
        assert "GO\n" not in desk.prompts()


async def test_a_prompt_of_the_workspace_is_heard_by_nobody(tmp_path: Path) -> None:
    files = {**FILES, "prompts/repair.md": "THEIRS $reasons", ".pairwright/prompts/repair.md": "X"}
    async with open_desk(tmp_path, files, [MISFIT, EDIT_A]) as desk:
        await desk.run(strategy="ladder", file="a.py")
        assert "That answer cannot be used:" in desk.prompts()
        assert "THEIRS" not in desk.prompts()


async def test_a_prompt_that_is_not_used_is_told_beside_refused_settings(tmp_path: Path) -> None:
    found_in(tmp_path / "prompts", {"repair.md": "No."})
    async with open_desk(tmp_path, FILES, [MISFIT, EDIT_A]) as desk:
        (problem,) = desk.session.status().settings_problems
        assert "'repair' is not used" in problem
        await desk.run(strategy="ladder", file="a.py")
        assert "That answer cannot be used:" in desk.prompts()
