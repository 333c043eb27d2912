"""What does an assistant read of the repository's summary? What is kept of it, and its age."""

from pathlib import Path

import pytest
from mcp import MCPError

from pairwright.llm.scripted_provider import Reply
from pairwright.settings import DisclosureSettings
from tests.mcp.assistants import ERAS, Assistant, assisted
from tests.support.answers import edit
from tests.support.engines import USAGE

FILES = {"a.py": "a = 1\n", "README.md": "# A shop\n"}
EDIT = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
SUMMARY = "It is a shop of one file."


async def read(bot: Assistant) -> str:
    (content,) = (await bot.client.read_resource("pairwright://summary")).contents
    return str(content.text)  # type: ignore[union-attr]


async def sum_up(bot: Assistant) -> None:
    """Let the person run a task for which the strong model writes the summary."""
    result = await bot.desk.run(strategy="repo_summary")
    assert result.state == "review"


@pytest.mark.parametrize("era", ERAS)
async def test_without_one_it_says_so_and_asks_no_model(tmp_path: Path, era: str) -> None:
    async with assisted(tmp_path, FILES, strong=[SUMMARY], era=era) as bot:
        assert (await read(bot)).startswith("[no summary yet")
        assert bot.desk.prompts() == ""
        assert "total: 0 USD, 0 calls" in await _cost(bot)


@pytest.mark.parametrize("era", ERAS)
async def test_what_a_task_left_behind_is_served_and_not_paid_again(
    tmp_path: Path, era: str
) -> None:
    async with assisted(tmp_path, FILES, weak=[EDIT], strong=[SUMMARY], era=era) as bot:
        await sum_up(bot)
        before = bot.desk.prompts(), await _cost(bot)
        for _ in range(3):
            assert (await read(bot)).startswith(f"{SUMMARY}\n\n[of the folders and the README as")
        assert (bot.desk.prompts(), await _cost(bot)) == before


async def test_it_says_when_the_readme_was_another_and_when_it_is_the_same_again(
    tmp_path: Path,
) -> None:
    async with assisted(tmp_path, FILES, weak=[EDIT], strong=[SUMMARY]) as bot:
        await sum_up(bot)
        editor = bot.desk.editor()
        editor.open("README.md", "# A bank\n")
        outdated = await read(bot)
        assert outdated.startswith("[outdated:")
        assert outdated.endswith(SUMMARY)
        editor.type("README.md", FILES["README.md"])
        assert (await read(bot)).startswith(SUMMARY)


async def test_of_two_the_one_that_was_made_of_the_present_text_is_served(tmp_path: Path) -> None:
    replies = [SUMMARY, "It is a bank."]
    async with assisted(tmp_path, FILES, weak=[EDIT] * 2, strong=replies) as bot:
        await sum_up(bot)
        editor = bot.desk.editor()
        editor.open("README.md", "# A bank\n")
        await sum_up(bot)
        assert (await read(bot)).startswith("It is a bank.")
        editor.type("README.md", FILES["README.md"])
        assert (await read(bot)).startswith(SUMMARY)


async def test_one_of_a_readme_that_is_withheld_by_now_is_not_shown(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES, weak=[EDIT], strong=[SUMMARY]) as bot:
        await sum_up(bot)
    never = DisclosureSettings(never=("README.md",))
    async with assisted(tmp_path, FILES, disclosure=never) as bot:
        text = await read(bot)
        assert "withheld" in text
        assert SUMMARY not in text


async def test_what_cannot_be_read_is_an_error_and_no_bug(tmp_path: Path) -> None:
    async with assisted(tmp_path, FILES) as bot:
        (tmp_path / "state" / "notes").write_text("no folder")
        with pytest.raises(MCPError, match="cannot read what is kept"):
            await read(bot)


async def test_what_looks_like_a_key_in_it_goes_out_to_nobody(tmp_path: Path) -> None:
    """Keeps a part of T16."""
    key = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5q" * 2
    async with assisted(tmp_path, FILES, weak=[EDIT], strong=[f"Its key is {key}."]) as bot:
        await sum_up(bot)
        text = await read(bot)
        assert "Its key is" in text
        assert key not in text


async def _cost(bot: Assistant) -> str:
    (content,) = (await bot.client.read_resource("pairwright://cost")).contents
    return str(content.text)  # type: ignore[union-attr]
