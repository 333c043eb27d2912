"""What do assistants read by name? Answers that are fresh, say so, and show no secrets."""

from pathlib import Path

import pytest

from pairwright.settings import DisclosureSettings
from tests.mcp.assistants import ERAS, FILES, Assistant, assisted
from tests.support.fake_editor import FakeEditor


@pytest.mark.parametrize("era", ERAS)
async def test_symbols_are_found_by_name_path_with_lines_that_count_from_one(
    tmp_path: Path, era: str
) -> None:
    async with assisted(tmp_path, era=era) as bot:
        found = await bot.call("find_symbols", query="Stack.push")
        (first, *_) = found["symbols"]
        assert (first["path"], first["line"], first["name"]) == ("pkg/stack.py", 5, "Stack.push")
        text = await bot.text("find_symbols", query="Stack.push")
        assert "pkg/stack.py:5 method Stack.push" in text
        assert "all 2 files read, unsaved buffers included" in text


async def test_what_is_typed_and_not_saved_is_found_and_read(tmp_path: Path) -> None:
    """Keeps a part of T10: an answer never shows an older text than the editor has."""
    async with assisted(tmp_path) as bot:
        editor = bot.desk.editor()
        editor.open("use.py", str(FILES["use.py"]))
        for number in range(5):
            editor.type("use.py", f"def typed_{number}():\n    return {number}\n")
            found = await bot.call("find_symbols", query=f"typed_{number}")
            assert [each["name"] for each in found["symbols"]] == [f"typed_{number}"]
            read = await bot.call("read_symbols", names=[f"use.py:typed_{number}"])
            assert read["symbols"][0]["text"].strip().endswith(f"return {number}")


async def test_what_changed_on_the_disk_is_found_though_nobody_told(tmp_path: Path) -> None:
    """Keeps a part of T10: files that an answer names are compared with the disk."""
    async with assisted(tmp_path) as bot:
        for number in range(20):
            text = f"# {'x' * number}\nclass Stack:\n    def push(self, item, now={number}): ...\n"
            (bot.desk.root / "pkg/stack.py").write_text(text)
            read = await bot.call("read_symbols", names=["Stack.push"])
            assert f"now={number}" in read["symbols"][0]["text"]
            assert read["symbols"][0]["line"] == 3


async def test_pages_follow_each_other_without_gap_or_overlap(tmp_path: Path) -> None:
    files = {"a.py": "".join(f"def thing_{number:03}(): ...\n" for number in range(25))}
    async with assisted(tmp_path, files) as bot:
        names: list[str] = []
        cursor = ""
        for _ in range(4):
            page = await bot.call("find_symbols", query="thing_", limit=10, cursor=cursor)
            names += [each["name"] for each in page["symbols"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
        assert sorted(names) == [f"thing_{number:03}" for number in range(25)]
        assert len(names) == 25
        assert "cursor" in await bot.failure("find_symbols", query="other", cursor="abc")


async def test_a_cursor_is_good_for_its_own_question_only(tmp_path: Path) -> None:
    files = {"a.py": "".join(f"def thing_{number}(): ...\n" for number in range(5))}
    async with assisted(tmp_path, files) as bot:
        page = await bot.call("find_symbols", query="thing_", limit=2)
        message = await bot.failure("find_symbols", query="thing", cursor=page["next_cursor"])
        assert "same question" in message


async def test_several_names_are_read_at_once_each_with_its_own_answer(tmp_path: Path) -> None:
    async with assisted(tmp_path) as bot:
        read = await bot.call("read_symbols", names=["fill", "Stack.pu", "push"])
        fill, unknown, ambiguous = read["symbols"]
        assert fill["text"] == "def fill():\n    Stack().push(1)"
        assert "pkg/stack.py:Stack.push" in unknown["note"]
        assert "2 definitions" in ambiguous["note"]
        assert [place.split()[0] for place in ambiguous["related"]] == [
            "pkg/stack.py:5",
            "pkg/stack.py:11",
        ]


async def test_a_body_keeps_the_indentation_of_its_first_line(tmp_path: Path) -> None:
    async with assisted(tmp_path) as bot:
        read = await bot.call("read_symbols", names=["Queue.push"])
        (queue,) = read["symbols"]
        assert queue["text"] == "    def push(self, item):\n        self.items = [item]"
        assert (queue["line"], queue["end_line"]) == (11, 12)


async def test_views_tell_who_calls_whom_is_called_and_what_tests(tmp_path: Path) -> None:
    files = {
        **FILES,
        "tests/test_use.py": "from use import fill\n\n\ndef test_fill():\n    fill()\n",
    }
    async with assisted(tmp_path, files) as bot:
        callers = await bot.call("read_symbols", names=["Stack.push"], view="callers")
        assert any("use.py" in each for each in callers["symbols"][0]["related"])
        callees = await bot.call("read_symbols", names=["fill"], view="callees")
        assert any("Stack.push" in each for each in callees["symbols"][0]["related"])
        tests = await bot.call("read_symbols", names=["fill"], view="tests")
        assert any("test_fill" in each for each in tests["symbols"][0]["related"])
        signature = await bot.call("read_symbols", names=["Stack.push"], view="signature")
        assert signature["symbols"][0]["text"] == "def push(self, item)\nAdd an item."


async def test_a_long_definition_comes_in_parts_that_make_it_whole(tmp_path: Path) -> None:
    lines = "".join(f"    x = {number:06}\n" for number in range(4_000))
    async with assisted(tmp_path, {"a.py": f"def long():\n{lines}"}) as bot:
        parts, cursor = [], ""
        for _ in range(10):
            read = await bot.call("read_symbols", names=["long"], cursor=cursor)
            parts.append(read["symbols"][0]["text"])
            cursor = read["next_cursor"]
            if not cursor:
                break
        assert len(parts) > 1
        assert "".join(parts) == f"def long():\n{lines}".rstrip("\n")


async def test_no_answer_is_longer_than_a_host_takes(tmp_path: Path) -> None:
    files = {f"f{n}.py": f"def thing_{n}({'argument, ' * 100}z): ...\n" for n in range(120)}
    async with assisted(tmp_path, files) as bot:
        for tool, arguments in (
            ("find_symbols", {"query": "thing_", "limit": 100}),
            ("read_symbols", {"names": [f"thing_{n}" for n in range(20)]}),
            ("map_workspace", {"max_tokens": 5000}),
            ("workspace_status", {}),
        ):
            assert len(await bot.text(tool, **arguments)) <= 24_000


async def test_withheld_files_are_not_shown_and_the_rule_is_said(tmp_path: Path) -> None:
    """Keeps a part of T16."""
    files = {"private/plan.py": "def hush():\n    return 'told to nobody'\n", "a.py": "x = 1\n"}
    never = DisclosureSettings(never=("private/",))
    async with assisted(tmp_path, files, disclosure=never) as bot:
        found = await bot.result("find_symbols", query="hush")
        assert found.structured_content is not None
        assert found.structured_content["symbols"] == []
        assert found.structured_content["withheld"] == ["private/plan.py"]
        assert "disclosure.never" in await bot.text("find_symbols", query="hush")
        for view in ("body", "signature", "callers"):
            read = await bot.result("read_symbols", names=["hush"], view=view)
            assert "told to nobody" not in read.model_dump_json()
            assert "def hush" not in read.model_dump_json()
            assert "withheld" in read.model_dump_json()
        mapped = await bot.result("map_workspace")
        assert "hush" not in mapped.model_dump_json()


async def test_what_looks_like_a_key_goes_out_in_no_answer(tmp_path: Path) -> None:
    """Keeps a part of T16."""
    key = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5q" * 2
    async with assisted(tmp_path) as bot:
        result = await bot.result("propose_change", edits=_diff("1", "2"), why=f"use {key}")
        assert key not in result.model_dump_json()
        status = await bot.result("workspace_status")
        assert key not in status.model_dump_json()


async def test_the_map_can_be_focused_and_names_what_is_unknown(tmp_path: Path) -> None:
    async with assisted(tmp_path) as bot:
        mapped = await bot.call("map_workspace", focus=["use.py"], max_tokens=500)
        assert "class Stack" in mapped["map"]
        assert "neither a file" in await bot.failure("map_workspace", focus=["nothing.py"])


async def test_the_status_says_who_edits_what_and_where_they_type(tmp_path: Path) -> None:
    async with assisted(tmp_path) as bot:
        editor = FakeEditor(bot.desk.engine.open_session("vim"))
        text = str(FILES["pkg/stack.py"])
        editor.open("pkg/stack.py", text)
        status = await bot.call("workspace_status")
        assert status["open_files"] == ["pkg/stack.py (vim)"]
        editor.type("pkg/stack.py", text.replace("[*self.items, item]", "[*self.items, item, 1]"))
        await bot.call("find_symbols", query="push")
        status = await bot.call("workspace_status")
        assert status["open_files"] == ["pkg/stack.py (vim, vim typing in Stack.push)"]
        assert status["budget_left_usd"] == "5"
        assert status["scopes"] == []


async def test_the_status_names_files_that_do_not_parse(tmp_path: Path) -> None:
    async with assisted(tmp_path, {"a.py": "def broken(:\n"}) as bot:
        assert (await bot.call("workspace_status"))["problems"] == ["a.py:1 does not parse"]


@pytest.mark.parametrize("era", ERAS)
async def test_every_answer_says_what_to_do_next(tmp_path: Path, era: str) -> None:
    async with assisted(tmp_path, era=era) as bot:
        await _check_next(bot, "find_symbols", query="push")
        await _check_next(bot, "read_symbols", names=["fill"])
        await _check_next(bot, "map_workspace")
        await _check_next(bot, "workspace_status")


async def _check_next(bot: Assistant, tool: str, **arguments: object) -> None:
    assert "next: " in await bot.text(tool, **arguments)


def _diff(old: str, new: str) -> str:
    path = "use.py"
    line = "    Stack().push({})\n"
    return f"--- a/{path}\n+++ b/{path}\n@@ -5 +5 @@\n-{line.format(old)}+{line.format(new)}"
