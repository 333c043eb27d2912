"""What do the models get to see?"""

import sys
from pathlib import Path

import pytest

from pairwright.errors import (
    InvalidRequest,
    PairwrightError,
    PathOutsideWorkspace,
    ProtectedPath,
    UnreadableFile,
)
from pairwright.llm.scripted_provider import ScriptedProvider
from pairwright.protocol import messages
from tests.engine.desks import open_desk
from tests.support.answers import edit
from tests.support.engines import price_of_role

FILES = {"a.py": "a = 1\nb = 2\n", "empty.py": ""}
EDIT_A = edit("a.py", "a = 1\n", "a = 2\n")
KEY = "sk-proj-" + "abcdefghijklmnop1234"


@pytest.mark.parametrize(
    ("params", "error", "reason"),
    [
        ({"first_line": 0, "last_line": 0}, InvalidRequest, "without a file"),
        ({"last_line": 0}, InvalidRequest, "without a file"),
        ({"file": "a.py", "first_line": 0}, InvalidRequest, "both"),
        ({"file": "a.py", "last_line": 0}, InvalidRequest, "both"),
        ({"file": "a.py", "first_line": 1, "last_line": 0}, InvalidRequest, "2:1 are not in"),
        ({"file": "a.py", "first_line": -1, "last_line": 0}, InvalidRequest, "0:1 are not in"),
        ({"file": "a.py", "first_line": 0, "last_line": 3}, InvalidRequest, "1:4 are not in"),
        ({"file": "empty.py", "first_line": 0, "last_line": 1}, InvalidRequest, "not in"),
        ({"file": "c.py"}, UnreadableFile, "no such file.*pairwrightignore"),
        ({"file": "../a.py"}, PathOutsideWorkspace, r"'\.\.'"),
        ({"file": "/a.py"}, PathOutsideWorkspace, "absolute"),
        ({"file": ""}, PathOutsideWorkspace, "empty"),
        ({"file": "picture.png"}, UnreadableFile, "binary"),
        ({"instruction": " \n"}, InvalidRequest, "instruction is empty"),
    ],
)
async def test_a_request_that_points_nowhere_is_refused(
    tmp_path: Path, params: dict[str, object], error: type[PairwrightError], reason: str
) -> None:
    async with open_desk(tmp_path, FILES | {"picture.png": b"\x89PNG\0\0"}) as desk:
        with pytest.raises(error, match=reason):
            await desk.run(**{"instruction": "Change it.", **params})  # type: ignore[arg-type]
        assert desk.prompts() == ""
        assert {task.state for task in desk.session.status().tasks} <= {"failed"}


async def test_the_lines_that_were_pointed_at_are_put_into_words(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        await desk.run("Rename it.", file="a.py", first_line=0, last_line=1)
        assert "lines 1 to 2 of a.py" in desk.prompts()


async def check_never_shown(directory: Path, path: str, text: str, secret: str) -> None:
    files = FILES | {path: text}
    async with open_desk(directory, files, [EDIT_A]) as desk:
        await desk.run(f"Change a.py and {path}, which {path} says.", file="a.py")
        assert "a = 1" in desk.prompts()
        assert secret not in desk.prompts()


async def test_a_file_whose_name_says_secret_is_never_shown(tmp_path: Path) -> None:
    await check_never_shown(tmp_path, ".env", "PASSWORD=hunter22\n", "hunter22")


async def test_a_file_that_holds_a_key_is_never_shown(tmp_path: Path) -> None:
    await check_never_shown(tmp_path, "config.py", f"token = '{KEY}'\nname = 'x1y2'\n", "x1y2")


async def test_an_ignored_file_is_never_shown(tmp_path: Path) -> None:
    files = FILES | {".gitignore": "local.py\n", "local.py": "secret = 'x1y2'\n"}
    async with open_desk(tmp_path, files, [EDIT_A]) as desk:
        await desk.run("Change a.py and local.py.", file="a.py")
        assert "x1y2" not in desk.prompts()


async def test_pointing_at_a_secret_says_why_it_stays_hidden(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES | {"prod.env": "X=1\n"}) as desk:
        with pytest.raises(InvalidRequest, match=r"'prod\.env' is not shown to models"):
            await desk.run("Change it.", file="prod.env")


async def test_a_protected_file_is_shown_and_not_changed(tmp_path: Path) -> None:
    files = FILES | {"setup.py": "import a\n\nstart = a.a\n"}
    replies = [edit("setup.py", "start = a.a\n", "start = 2\n")] * 2 + [EDIT_A]
    async with open_desk(tmp_path, files, replies) as desk:
        result = await desk.run("Change a.py as setup.py says.")
        assert "File setup.py (for reading only)" in desk.prompts()
        assert [hunk.path for hunk in desk.change_ready().hunks] == ["a.py"]
        assert result.is_sound


async def test_a_file_that_needs_a_yes_may_be_proposed_when_it_was_pointed_at(
    tmp_path: Path,
) -> None:
    reply = edit("Makefile", "\techo x\n", "\techo y\n")
    async with open_desk(tmp_path, {"Makefile": "all:\n\techo x\n"}, [reply]) as desk:
        result = await desk.run("Change it.", file="Makefile")
        (hunk,) = desk.change_ready().hunks
        assert (hunk.path, hunk.needs_approval) == ("Makefile", True)
        with pytest.raises(InvalidRequest, match=r"obey Makefile: nothing was written"):
            await desk.accept(result.task_id)
        assert desk.read("Makefile") == "all:\n\techo x\n"


async def test_pointing_only_at_a_file_that_is_never_changed_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {".vscode/settings.json": "{}\n"}) as desk:
        with pytest.raises(ProtectedPath, match="never changed by a model"):
            await desk.run("Change it.", file=".vscode/settings.json")


async def test_an_instruction_that_means_no_file_is_told_what_to_do(tmp_path: Path) -> None:
    async with open_desk(tmp_path, {"notes.env": "X=1\n"}) as desk:
        with pytest.raises(InvalidRequest, match="name one in the instruction or by --file"):
            await desk.run("Make it better.")


@pytest.mark.parametrize(("context_tokens", "hidden_output_tokens"), [(1000, 0), (20_000, 19_000)])
async def test_a_file_that_is_too_long_is_named_as_such(
    tmp_path: Path, context_tokens: int, hidden_output_tokens: int
) -> None:
    small = ScriptedProvider(
        "scripted/weak",
        [],
        price=price_of_role("weak"),
        context_tokens=context_tokens,
        hidden_output_tokens=hidden_output_tokens,
    )
    async with open_desk(tmp_path, {"long.py": "x = 1\n" * 1000}, small) as desk:
        with pytest.raises(InvalidRequest, match=r"'long\.py' is too long for these models"):
            await desk.run("Change it.", file="long.py")


TEST_FILES = FILES | {
    "test_a.py": "import unittest\nimport a\n\n\nclass TestA(unittest.TestCase):\n"
    "    def test_a(self):\n        self.assertEqual(a.a, 2)\n\n"
    "    def test_other(self):\n        unrelated = 'x1y2'\n"
}
UNITTEST = (sys.executable, "-S", "-m", "unittest", "-q", "test_a")


async def test_a_failing_test_is_evidence_and_not_a_file_to_edit(tmp_path: Path) -> None:
    async with open_desk(tmp_path, TEST_FILES, [EDIT_A], tests=UNITTEST) as desk:
        result = await desk.run("Make the tests pass.")
        assert result.is_sound
        assert "File test_a.py" not in desk.prompts()
        assert "x1y2" not in desk.prompts()
        assert "self.assertEqual(a.a, 2)" in desk.prompts()


async def test_a_test_that_was_pointed_at_is_shown_and_may_be_changed(tmp_path: Path) -> None:
    replies = [edit("test_a.py", "        self.assertEqual(a.a, 2)\n", "        pass\n")]
    async with open_desk(tmp_path, TEST_FILES, replies, tests=UNITTEST) as desk:
        result = await desk.run("Loosen this test.", file="test_a.py")
        assert "File test_a.py:" in desk.prompts()
        assert [hunk.path for hunk in desk.change_ready().hunks] == ["test_a.py"]
        assert result.is_sound


async def test_unsaved_text_is_what_the_models_see(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [edit("a.py", "a = 7\n", "a = 8\n")]) as desk:
        desk.editor().open("a.py", "a = 7\n")
        await desk.run()
        assert "a = 7" in desk.prompts()
        assert "b = 2" not in desk.prompts()


async def test_shown_files_are_told_with_their_reason(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        await desk.run("Change it.", file="a.py")
        (started,) = (e for e in desk.events if isinstance(e, messages.TaskStarted))
        assert started.shown_files[0] == "a.py (the file that was pointed at)"


@pytest.mark.parametrize(
    ("instruction", "hidden"),
    [
        pytest.param(f"Use the key {KEY} in a.py.", KEY, id="a key in the instruction"),
        pytest.param("Change a.py.\U000e0041\u202e", "\U000e0041", id="invisible characters"),
    ],
)
async def test_the_instruction_is_cleaned_too(
    tmp_path: Path, instruction: str, hidden: str
) -> None:
    async with open_desk(tmp_path, FILES, [EDIT_A]) as desk:
        await desk.run(instruction)
        assert "a = 1" in desk.prompts()
        assert hidden not in desk.prompts()


async def test_what_the_tests_print_is_cleaned_too(tmp_path: Path) -> None:
    files = FILES | {"check.py": f"from a import a\nassert a == 2, '\\u202e {KEY}'\n"}
    tests = (sys.executable, "-S", "check.py")
    async with open_desk(tmp_path, files, [EDIT_A], tests=tests) as desk:
        await desk.run("Make check.py pass by changing a.py.", file="a.py")
        assert "AssertionError" in desk.prompts()
        assert KEY not in desk.prompts()
        assert "\u202e" not in desk.prompts()


async def test_a_plan_is_cleaned_before_the_weak_model_reads_it(tmp_path: Path) -> None:
    plan = f"Goal: use \u200b{KEY}.\n1. a.py: write it.\n"
    async with open_desk(tmp_path, FILES, [EDIT_A], [plan]) as desk:
        await desk.run(strategy="plan")
        assert "1. a.py: write it." in desk.prompts()
        assert KEY not in desk.prompts()
        assert "\u200b" not in desk.prompts()
