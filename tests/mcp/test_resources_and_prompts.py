"""What can be read and picked beside the tools? What is there, and nothing outside of it."""

from pathlib import Path

import pytest
from mcp import MCPError

from pairwright.settings import DisclosureSettings
from tests.mcp.assistants import ERAS, FILES, assisted

DIFF = "--- a/use.py\n+++ b/use.py\n@@ -5 +5 @@\n-    Stack().push(1)\n+    Stack().push(2)\n"


@pytest.mark.parametrize("era", ERAS)
async def test_the_map_the_summary_the_cost_and_templates_are_listed(
    tmp_path: Path, era: str
) -> None:
    async with assisted(tmp_path, era=era) as bot:
        resources = (await bot.client.list_resources()).resources
        assert [each.uri for each in resources] == [
            "pairwright://map",
            "pairwright://summary",
            "pairwright://cost",
        ]
        templates = (await bot.client.list_resource_templates()).resource_templates
        assert [each.uri_template for each in templates] == [
            "pairwright://plan/{plan_id}",
            "pairwright://change/{change_id}.diff",
        ]


async def test_they_say_what_is_there(tmp_path: Path) -> None:
    async with assisted(tmp_path) as bot:
        assert "class Stack" in await _read(bot.client, "pairwright://map")
        assert "today: 0 of 5 USD" in await _read(bot.client, "pairwright://cost")
        proposed = await bot.call("propose_change", edits=DIFF, why="Two.")
        uri = f"pairwright://change/{proposed['change_id']}.diff"
        assert "+    Stack().push(2)" in await _read(bot.client, uri)
        await bot.desk.accept(proposed["change_id"])
        assert "+    Stack().push(2)" in await _read(bot.client, uri)


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    "uri",
    [
        "pairwright://plan/none",
        "pairwright://plan/..%2F..%2Fetc%2Fpasswd",
        "pairwright://plan//etc/passwd",
        "pairwright://change/none.diff",
        "pairwright://change/../../x.diff",
        "pairwright://nothing",
        "file:///etc/passwd",
        "pairwright://map/../../etc/passwd",
    ],
)
async def test_what_is_not_there_is_an_error(tmp_path: Path, era: str, uri: str) -> None:
    async with assisted(tmp_path, era=era) as bot:
        with pytest.raises(MCPError) as failure:
            await bot.client.read_resource(uri)
        assert failure.value.error.code == -32602
        assert "root:" not in failure.value.error.message


async def test_withheld_files_are_in_no_resource(tmp_path: Path) -> None:
    never = DisclosureSettings(never=("pkg/",))
    async with assisted(tmp_path, disclosure=never) as bot:
        text = await _read(bot.client, "pairwright://map")
        assert "fill" in text
        assert "Stack" not in text


@pytest.mark.parametrize("era", ERAS)
async def test_four_prompts_can_be_picked(tmp_path: Path, era: str) -> None:
    async with assisted(tmp_path, FILES, era=era) as bot:
        prompts = (await bot.client.list_prompts()).prompts
        assert [each.name for each in prompts] == [
            "fix-problems",
            "plan-then-edit",
            "review-change",
            "what-did-it-cost",
        ]
        assert all(each.description for each in prompts)
        made = await bot.client.get_prompt("plan-then-edit", {"task": "Rename Stack."})
        assert "Rename Stack." in made.model_dump_json()
        assert "implement_plan" in made.model_dump_json()
        review = await bot.client.get_prompt("review-change", {"change_id": "c1"})
        assert "pairwright://change/c1.diff" in review.model_dump_json()


async def _read(client: object, uri: str) -> str:
    result = await client.read_resource(uri)  # type: ignore[attr-defined]
    (content,) = result.contents
    return str(content.text)
