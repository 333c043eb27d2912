"""Can a client lend a model, is it asked through the exit and the wallet, and does it end well?"""

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pairwright.errors import InvalidRequest, ModelError, NoModel
from pairwright.protocol.codec import decode
from pairwright.protocol.lending_messages import LendParams
from pairwright.protocol.messages import ModelsParams, RunParams
from pairwright.settings import PriceSettings
from tests.lsp.lending_editor import ANSWER, LENT, MODEL, LendingEditor, lending
from tests.support.waiting import eventually, within

PRICES = {
    "editor/acme/*": PriceSettings(
        input_usd_per_million=Decimal(1), output_usd_per_million=Decimal(2)
    )
}


async def run_once(editor: LendingEditor, **counts: int) -> Any:
    """Have a task done; the model answers well, in three pieces."""
    await editor.lend()
    editor.begin()
    question = await editor.question()
    third = len(ANSWER) // 3
    for piece in (ANSWER[:third], ANSWER[third : 2 * third], ANSWER[2 * third :]):
        editor.say(question, piece)
    editor.answer(question, **counts)
    return await editor.ended()


async def test_a_lent_model_writes_a_change_and_its_tokens_are_on_the_ledger(
    tmp_path: Path,
) -> None:
    async with lending(tmp_path, prices=PRICES) as editor:
        answer = await run_once(editor, inputTokens=1_000_000, outputTokens=10)
        entries = editor.entries()
    assert answer["result"]["state"] == "review"
    assert entries == [(1, 1_000_000, 10, Decimal("1.00002"), 0)]
    (role,) = answer["result"]["receipt"]["roles"]
    assert role["isEstimated"]
    (asked,) = editor.asked
    assert asked["model"] == MODEL
    assert {each["role"] for each in asked["messages"]} <= {"system", "user", "assistant"}


async def test_what_an_editor_does_not_count_is_estimated(tmp_path: Path) -> None:
    async with lending(tmp_path, prices=PRICES) as editor:
        await run_once(editor)
        ((calls, read, written, _, unpriced),) = editor.entries()
    assert (calls, unpriced) == (1, 0)
    assert read > 100
    assert written > 10


async def test_without_a_price_it_is_refused_under_a_cap(tmp_path: Path) -> None:
    async with lending(tmp_path) as editor:
        await editor.lend()
        editor.begin()
        answer = await editor.ended()
        assert editor.asked == []
        assert editor.entries() == []
    assert "nobody knows the price" in answer["error"]["message"]


async def test_without_a_price_it_is_asked_where_the_person_said_yes(tmp_path: Path) -> None:
    async with lending(tmp_path, allow_unpriced=True) as editor:
        answer = await run_once(editor, inputTokens=7, outputTokens=3)
        entries = editor.entries()
    assert answer["result"]["state"] == "review"
    assert answer["result"]["receipt"]["unpricedCalls"] == 1
    assert entries == [(1, 7, 3, Decimal(0), 1)]


async def test_where_nothing_may_leave_it_is_not_asked(tmp_path: Path) -> None:
    async with lending(tmp_path, prices=PRICES, local_only=True) as editor:
        await editor.lend()
        editor.begin()
        answer = await editor.ended()
        assert editor.asked == []
    assert "local_only" in answer["error"]["message"]


async def test_what_left_is_on_record_with_who_asked(tmp_path: Path) -> None:
    async with lending(tmp_path, prices=PRICES) as editor:
        await run_once(editor)
        told = (await editor.client.call("pairwright/disclosed", {}))["result"]
    (host,) = told["hosts"]
    assert (host["host"], host["isLocal"]) == ("acme, asked by the editor", False)
    assert told["calls"][0]["model"] == MODEL


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ("notPermitted", "does not let Pairwright ask"),
        ("blocked", "blocks"),
        ("notFound", "has no"),
        ("tooLong", "longer than"),
        ("refused", "declined"),
        ("failed", "could not ask"),
    ],
)
async def test_each_failure_is_one_sentence_and_no_change(
    tmp_path: Path, failure: str, said: str
) -> None:
    async with lending(tmp_path, prices=PRICES, attempts=1) as editor:
        await editor.lend()
        editor.begin()
        question = await editor.question()
        editor.say(question, "half an ans")
        editor.answer(question, failure=failure)
        answer = await editor.ended()
    assert said in answer["error"]["message"]


async def test_what_may_pass_is_tried_again(tmp_path: Path) -> None:
    async with lending(tmp_path, prices=PRICES) as editor:
        await editor.lend()
        editor.begin()
        editor.answer(await editor.question(), failure="failed")
        question = await editor.question()
        editor.say(question, ANSWER)
        editor.answer(question)
        answer = await editor.ended()
        ((calls, *_),) = editor.entries()
    assert answer["result"]["state"] == "review"
    assert calls == 2


@pytest.mark.parametrize("result", [{"failure": "no such"}, {"more": 1}, {"inputTokens": "many"}])
async def test_an_end_that_makes_no_sense_is_a_failure(
    tmp_path: Path, result: dict[str, Any]
) -> None:
    async with lending(tmp_path, prices=PRICES, attempts=1) as editor:
        await editor.lend()
        editor.begin()
        editor.answer(await editor.question(), **result)
        answer = await editor.ended()
    assert "could not ask" in answer["error"]["message"]


async def test_pieces_that_make_no_sense_are_dropped(tmp_path: Path) -> None:
    async with lending(tmp_path, prices=PRICES) as editor:
        await editor.lend()
        editor.begin()
        question = await editor.question()
        token = question["params"]["partialResultToken"]
        for params in (
            None,
            {"token": token},
            {"token": token, "value": {"text": 5}},
            {"token": "ask-99", "value": {"text": "x"}},
            {"token": [token], "value": {"text": "x"}},
        ):
            editor.client.notify("$/progress", params)
        editor.say(question, ANSWER)
        editor.answer(question)
        answer = await editor.ended()
    assert answer["result"]["state"] == "review"


async def test_a_cancelled_task_has_the_editor_stop(tmp_path: Path) -> None:
    async with lending(tmp_path, prices=PRICES) as editor:
        await editor.lend()
        editor.begin()
        question = await editor.question()
        editor.say(question, "half an ans")
        editor.client.notify("$/cancelRequest", {"id": 9})
        answer = await editor.ended()
        while not editor.cancelled:
            await editor.until(lambda each: each.get("method") == "$/cancelRequest")
        editor.client.send(
            {"jsonrpc": "2.0", "id": question["id"], "error": {"code": -32800, "message": "gone"}}
        )
        status = await editor.client.call("pairwright/status")
        ((calls, *_),) = editor.entries()
    assert answer["error"]["code"] == -32800
    assert editor.cancelled == [question["id"]]
    assert status["result"]["clients"] == 1
    assert calls == 1


async def test_an_answer_without_end_is_ended_here(tmp_path: Path) -> None:
    async with lending(tmp_path, prices=PRICES) as editor:
        await editor.lend()
        editor.begin()
        question = await editor.question()
        editor.say(question, "x" * 8 * question["params"]["maxOutputTokens"])
        await editor.until(lambda each: each.get("method") == "$/cancelRequest")
    assert editor.cancelled == [question["id"]]


async def test_another_clients_task_ends_cleanly_when_the_editor_goes_away(
    tmp_path: Path,
) -> None:
    async with lending(tmp_path, prices=PRICES, attempts=1) as editor:
        await editor.lend()
        terminal = editor.engine.open_session("terminal")
        async with within():
            outcome = await ask_elsewhere(editor, terminal)
        assert "left while it asked" in outcome or "lends" in outcome
        ((calls, *_),) = editor.entries()
        assert calls == 1
        await eventually(lambda: terminal.status().client_names == ("terminal",))
        with pytest.raises(NoModel):
            await terminal.models(ModelsParams(weak=MODEL))


async def ask_elsewhere(editor: LendingEditor, terminal: Any) -> str:
    """Run a task of another client while the editor hangs up in mid-answer; return its error."""

    async def hear(_: Any) -> None:
        pass

    params = RunParams(instruction="multiply", file="app.py", strategy="weak", weak=MODEL)
    running = asyncio.ensure_future(terminal.run_task(params, hear))
    editor.say(await editor.question(), "half an ans")
    editor.client.writer.close()
    with pytest.raises(ModelError) as raised:
        await running
    return str(raised.value)


async def test_it_is_lent_until_its_client_leaves_and_is_chosen_only_by_name(
    tmp_path: Path,
) -> None:
    wanted = ModelsParams(weak=MODEL)
    async with lending(tmp_path) as editor:
        terminal = editor.engine.open_session("terminal")
        with pytest.raises(NoModel, match="no editor that is connected lends"):
            await terminal.models(wanted)
        await editor.lend()
        pair = await terminal.models(wanted)
        assert (pair.weak.name, pair.strong.name, pair.weak.is_local) == (MODEL, MODEL, False)
        other = await editor.client.call("pairwright/lend", {"models": []})
        assert other["result"] == {"lent": []}
        with pytest.raises(NoModel):
            await terminal.models(wanted)


@pytest.mark.parametrize(
    "model",
    [
        {"name": "acme/big", "contextTokens": 1},
        {"name": "editor/acme", "contextTokens": 1},
        {"name": "editor//big", "contextTokens": 1},
        {"name": "editor/acme/", "contextTokens": 1},
        {"name": "editor/acme/b\nig", "contextTokens": 1},
        {"name": "editor/acme/" + "b" * 101, "contextTokens": 1},
        {"name": MODEL, "contextTokens": 0},
        {"name": MODEL, "contextTokens": 10**9},
    ],
)
async def test_what_is_no_model_is_refused_and_changes_nothing(
    tmp_path: Path, model: dict[str, Any]
) -> None:
    async with lending(tmp_path) as editor:
        await editor.lend()
        answer = await editor.client.call("pairwright/lend", {"models": [model]})
        assert answer["error"]["code"] in (-32602, -32803)
        again = await editor.client.call("pairwright/lend", LENT)
        assert again["result"] == {"lent": [MODEL]}


@pytest.mark.parametrize("params", [{}, {"models": [{"name": MODEL}]}, {"models": [MODEL]}])
def test_params_that_are_none_are_refused(params: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        decode(LendParams, params)
