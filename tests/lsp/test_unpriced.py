"""Is the person at an editor asked about a model whose price nobody knows?"""

from pathlib import Path
from typing import Any

import pytest

from pairwright.engine.spending.unpriced import ALWAYS, NO, ONCE
from tests.lsp.lending_editor import ANSWER, LENT, MODEL, LendingEditor, lending


async def begun(editor: LendingEditor) -> Any:
    """Have a task begun whose model has no price; return what the person is asked."""
    await editor.client.initialize(window={"showMessage": {}})
    await editor.client.call("pairwright/lend", LENT)
    editor.begin()
    return await editor.until(lambda each: each.get("method") == "window/showMessageRequest")


@pytest.mark.parametrize("answer", [ONCE, ALWAYS])
async def test_after_a_yes_the_task_goes_on(tmp_path: Path, answer: str) -> None:
    async with lending(tmp_path) as editor:
        message = await begun(editor)
        assert f"nobody knows the price of '{MODEL}'" in message["params"]["message"]
        assert [each["title"] for each in message["params"]["actions"]] == [ONCE, ALWAYS, NO]
        assert editor.entries() == []
        editor.answer(message, title=answer)
        question = await editor.question()
        editor.say(question, ANSWER)
        editor.answer(question, inputTokens=7, outputTokens=3)
        ended = await editor.ended()
        assert ended["result"]["receipt"]["unpricedCalls"] == 1
        budget = await editor.client.call("pairwright/budget", {})
        assert budget["result"]["unpricedModels"] == ([MODEL] if answer == ALWAYS else [])


async def test_after_a_no_the_model_is_not_asked(tmp_path: Path) -> None:
    async with lending(tmp_path) as editor:
        editor.answer(await begun(editor), title=NO)
        ended = await editor.ended()
        assert ended["error"]["data"]["unpricedModel"] == MODEL
        assert (editor.asked, editor.entries()) == ([], [])
