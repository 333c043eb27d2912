"""What does an assistant get that sends nonsense? A sentence to act on, and nothing is done."""

from pathlib import Path
from typing import Any

import pytest

from pairwright.mcp.tooling import tool
from tests.mcp.assistants import ERAS, assisted

DEEP: Any = "x"
for _ in range(200):
    DEEP = [DEEP]

HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("find_symbols", {}),
    ("find_symbols", {"query": ""}),
    ("find_symbols", {"query": "   "}),
    ("find_symbols", {"query": "x" * 501}),
    ("find_symbols", {"query": None}),
    ("find_symbols", {"query": ["x"]}),
    ("find_symbols", {"query": DEEP}),
    ("find_symbols", {"query": "x", "limit": 0}),
    ("find_symbols", {"query": "x", "limit": -1}),
    ("find_symbols", {"query": "x", "limit": 10**12}),
    ("find_symbols", {"query": "x", "limit": "many"}),
    ("find_symbols", {"query": "x", "path": "/etc/passwd"}),
    ("find_symbols", {"query": "x", "cursor": "%00../"}),
    ("find_symbols", {"query": "x", "cursor": "ÿ"}),
    ("read_symbols", {}),
    ("read_symbols", {"names": []}),
    ("read_symbols", {"names": [""]}),
    ("read_symbols", {"names": ["x"] * 21}),
    ("read_symbols", {"names": "x"}),
    ("read_symbols", {"names": [1, {}]}),
    ("read_symbols", {"names": ["x"], "view": "everything"}),
    ("map_workspace", {"focus": ["../../etc/passwd"]}),
    ("map_workspace", {"focus": ["/etc/passwd"]}),
    ("map_workspace", {"max_tokens": 1}),
    ("map_workspace", {"max_tokens": 10**9}),
    ("map_workspace", {"focus": ["a"] * 21}),
    ("workspace_status", {"verbose": True}),
    ("plan_change", {"instruction": ""}),
    ("plan_change", {"instruction": " \n"}),
    ("plan_change", {"instruction": "x" * 20_001}),
    ("plan_change", {"instruction": "x", "scope": "/etc/passwd"}),
    ("plan_change", {"instruction": "x", "scope": "../x.py"}),
    ("plan_change", {"instruction": "x", "scope": "a.py:nothing"}),
    ("plan_change", {"instruction": "x", "scope": ":"}),
    ("plan_change", {"instruction": "x", "strategy": "none of these"}),
    ("plan_change", {"instruction": "x", "test_command": ["rm", "-rf", "/"]}),
    ("implement_plan", {}),
    ("implement_plan", {"plan_id": "x", "plan": "# Plan"}),
    ("implement_plan", {"plan_id": "../../x"}),
    ("implement_plan", {"plan": "no plan at all"}),
    ("implement_plan", {"plan": "x" * 20_001}),
    ("implement_plan", {"plan": "# Plan\n\nx\n\n## 1. x\n\n- files: `.git/config`\n"}),
    ("implement_plan", {"plan": "# Plan\n\nx\n\n## 1. x\n\n- files: `../x`\n"}),
    ("implement_plan", {"plan": "x", "review": "yes"}),
    ("implement_plan", {"plan": "x", "budget_usd": "1e999999"}),
    ("implement_plan", {"plan": "x", "budget_usd": True}),
    ("implement_plan", {"plan": "x", "approve": True}),
    ("propose_change", {}),
    ("propose_change", {"edits": "", "why": "x"}),
    ("propose_change", {"edits": "x", "why": ""}),
    ("propose_change", {"edits": "x", "why": "x", "approved_paths": ["Makefile"]}),
    (
        "propose_change",
        {"edits": "### FILE /etc/passwd\n<<<<<<< WHOLE\nx\n>>>>>>> WHOLE\n", "why": "x"},
    ),
    (
        "propose_change",
        {"edits": "### FILE .git/hooks/a\n<<<<<<< WHOLE\nx\n>>>>>>> WHOLE\n", "why": "x"},
    ),
    ("propose_change", {"edits": "x", "why": "x", "revision": -1}),
    (
        "propose_change",
        {"edits": "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a\n+b\n", "why": "x", "revision": 10**9},
    ),
    ("change_status", {}),
    ("change_status", {"change_id": ""}),
    ("change_status", {"change_id": "../../x"}),
    ("change_status", {"change_id": "0" * 32, "wait_s": 5}),
    ("change_status", {"change_id": "0" * 32, "cancel": True}),
    ("change_status", {"change_id": "0" * 32, "undo": True}),
    ("change_status", {"change_id": "0" * 32, "cancel": True, "undo": True}),
    ("change_status", {"change_id": "0" * 32, "wait_s": 10**9}),
    ("change_status", {"change_id": "0" * 32, "wait_s": "NaN"}),
    ("change_status", {"change_id": "\x00\x1b[2J"}),
    ("no_such_tool", {}),
]


@pytest.mark.parametrize("era", ERAS)
async def test_each_is_a_failure_with_words_and_changes_nothing(tmp_path: Path, era: str) -> None:
    """Keeps a part of T20."""
    async with assisted(tmp_path, {"a.py": "a = 1\n"}, era=era) as bot:
        bot.grant("spend", "write")
        for name, arguments in HOSTILE:
            message = await bot.failure(name, **arguments)
            assert message.strip(), (name, arguments)
            assert len(message) < 3_000, (name, arguments)
            for leak in ("Traceback", "incident", "pydantic", str(tmp_path), "site-packages"):
                assert leak not in message, (name, arguments, message)
        assert bot.desk.prompts() == ""
        assert bot.desk.session.changes.waiting().changes == ()
        assert [path.name for path in bot.desk.root.iterdir()] == ["a.py"]
        assert bot.desk.read("a.py") == "a = 1\n"


@pytest.mark.parametrize("era", ERAS)
async def test_a_bug_is_told_by_a_number_and_not_by_its_text(
    tmp_path: Path, era: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Keeps a part of T16: what an unknown exception says goes to the log alone."""
    async with assisted(tmp_path, era=era) as bot:
        queries = bot.desk.session.queries

        async def broken(*_: object) -> None:
            raise RuntimeError("the key is hunter2")

        queries.workspace_symbols = broken  # type: ignore[method-assign, assignment]
        message = await bot.failure("find_symbols", query="x")
        assert "hunter2" not in message
        incident = message.partition("incident ")[2].partition(":")[0]
        assert f"incident {incident}" in caplog.text


async def test_a_name_in_a_failure_cannot_carry_a_secret_out(tmp_path: Path) -> None:
    key = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5q" * 2
    async with assisted(tmp_path) as bot:
        assert key not in await bot.failure("map_workspace", focus=[key])


def test_a_tool_is_named_after_its_function() -> None:
    async def some_tool(name: str) -> str:
        return name

    made = tool(None, some_tool, title="T", description="D")  # type: ignore[arg-type]
    assert made.name == "some_tool"
    assert made.parameters == {
        "type": "object",
        "properties": {"name": {"type": "string"}},
        "required": ["name"],
        "additionalProperties": False,
    }
