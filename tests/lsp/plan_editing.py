"""What do the tests of plans' documents share? Plans, and an editor that opens them."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pairwright.protocol import plan_messages
from tests.lsp.reviewing_editor import PlainEditor
from tests.support.answers import edit

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
PLAN = (
    "# Plan\n\nCount from two.\n\n"
    "## 1. Set a to 2\n\n- files: `a.py`\n\n"
    "## 2. Set b to 2\n\n- files: `b.py`\n"
)
MISSING = PLAN.replace("`b.py`", "`gone.py`")
CIRCLE = PLAN.replace("`a.py`\n", "`a.py`\n- after: 2\n").replace(
    "`b.py`\n", "`b.py`\n- after: 1\n"
)
SET_A = edit("a.py", "a = 1\n", "a = 2\n")
SET_B = edit("b.py", "b = 1\n", "b = 2\n")


async def keep(editor: PlainEditor, text: str = PLAN) -> plan_messages.PlanView:
    return await editor.desk.session.plans.update(plan_messages.PlanUpdateParams(text=text))


async def get(editor: PlainEditor, plan_id: str | None = None) -> plan_messages.PlanView:
    return await editor.desk.session.plans.get(plan_messages.PlanGetParams(plan_id=plan_id))


async def count(editor: PlainEditor) -> int:
    return (await editor.desk.session.plans.listed(plan_messages.PlansParams())).total


async def shown(editor: PlainEditor, text: str = PLAN) -> tuple[str, plan_messages.PlanView]:
    """Keep a plan, and open it as the editor is told to; returns its URI."""
    view = await keep(editor, text)
    result = (await editor.execute("showPlan", {"planId": view.plan_id}))["result"]
    editor.open(result["uri"], text)
    await diagnosed(editor)
    return result["uri"], view


async def diagnosed(editor: PlainEditor) -> list[tuple[int, str, int]]:
    """Return the next diagnostics, as line, message and severity."""
    params = await editor.until_method("textDocument/publishDiagnostics")
    return [
        (each["range"]["start"]["line"], each["message"], each["severity"])
        for each in params["diagnostics"]
    ]


def file_of(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


async def until_kept(editor: PlainEditor, plan_id: str, text: str) -> None:
    async with asyncio.timeout(5):
        while (await get(editor, plan_id)).text != text:  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(0.01)


async def actions(editor: PlainEditor, uri: str, line: int, **context: Any) -> list[Any]:
    place = {"line": line, "character": 0}
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": [], **context},
    }
    found: list[Any] = await editor.result("textDocument/codeAction", params)
    return found
