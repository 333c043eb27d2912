"""Do our own methods carry events, results, errors and edits?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from pairwright import errors
from pairwright.protocol import cost_messages, messages
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import TextRange
from pairwright.workspace.paths import WorkspacePath
from tests.lsp.peers import RUN_RESULT, FakeSession, OnEvent, RawClient, connected

NOTICE = cost_messages.CostNotice(
    task_id="t1",
    task_usd=Decimal("0.01"),
    task_unpriced_calls=0,
    task_cap_usd=Decimal("0.5"),
    day_usd=Decimal("0.02"),
    day_unpriced_calls=0,
    day_cap_usd=Decimal(5),
)
STARTED = messages.TaskStarted(
    task_id="t1", revision=1, strategy="plan", strong="a", weak="b", shown_files=()
)
APPLIES = {"workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}}


@dataclass(frozen=True)
class Edit:
    """A document's edits, as the engine asks for them."""

    path: WorkspacePath
    version: int | None
    edits: tuple[TextEdit, ...]
    reason: None = None
    is_removed: bool = False


async def emit_some(on_event: OnEvent) -> messages.RunResult:
    await on_event(STARTED)
    await on_event(messages.PlanDelta(text="think"))
    await on_event(NOTICE)
    return RUN_RESULT


async def test_events_come_before_the_result_under_the_token() -> None:
    async with connected(FakeSession(script=emit_some)) as client:
        await client.initialize()
        params = {"instruction": "x", "partialResultToken": "tok"}
        client.ask(1, "pairwright/run", params)
        received = [await client.receive() for _ in range(4)]
    assert [message["params"]["token"] for message in received[:3]] == ["tok"] * 3
    values = [message["params"]["value"] for message in received[:3]]
    assert [value["kind"] for value in values] == ["taskStarted", "planDelta", "costUpdated"]
    assert values[2]["taskUsd"] == "0.01"
    assert received[3]["id"] == 1
    assert received[3]["result"]["receipt"]["costUsd"] == "0.01"


async def test_without_a_token_there_is_only_the_result() -> None:
    session = FakeSession(script=emit_some)
    async with connected(session) as client:
        await client.initialize()
        answer = await client.call("pairwright/run", {"instruction": "x", "budgetUsd": "0.25"})
    assert answer["result"]["state"] == "review"
    assert session.runs[0].budget_usd == Decimal("0.25")


async def test_the_other_methods_answer() -> None:
    async with connected() as client:
        await client.initialize()
        answers = {
            method: (await client.call(f"pairwright/{method}", params))["result"]
            for method, params in (
                ("accept", {"taskId": "t1"}),
                ("reject", {"taskId": "t1", "hunkIds": ["h2"]}),
                ("history", {"limit": 3}),
                ("undo", None),
                ("redo", {"entryId": "e9", "paths": ["a.py"], "hunkIds": ["h1"], "taskId": None}),
                ("cost", {"by": "model"}),
                ("status", None),
                ("models", {}),
            )
        }
    assert answers["accept"]["entryId"] == "e1"
    assert answers["accept"]["files"] == ["a.py"]
    assert answers["reject"]["rejected"] == ["h2"]
    assert answers["history"] == {"entries": [], "total": 3, "notice": ""}
    assert answers["redo"]["entryId"] == "e9"
    assert answers["undo"]["entryId"] == "e1"
    assert answers["cost"]["total"]["key"] == "model"
    assert answers["cost"]["total"]["costUsd"] == "0.000001"
    assert answers["status"]["clients"] == 1
    assert answers["models"]["reason"] == "only one"


async def test_a_task_goes_on_with_events_under_the_token() -> None:
    session = FakeSession(script=emit_some)
    async with connected(session) as client:
        await client.initialize()
        params = {"taskId": "t1", "budgetUsd": "0.75", "partialResultToken": "tok"}
        client.ask(1, "pairwright/continue", params)
        received = [await client.receive() for _ in range(4)]
    assert [message["params"]["token"] for message in received[:3]] == ["tok"] * 3
    assert received[3]["result"]["taskId"] == "t1"
    assert session.continued[0].budget_usd == Decimal("0.75")


async def test_estimates_and_budgets_are_answered() -> None:
    async with connected() as client:
        await client.initialize()
        made = (await client.call("pairwright/estimate", {"instruction": "x"}))["result"]
        answer = (await client.call("pairwright/budget", {"taskId": "t", "taskUsd": "0.1"}))[
            "result"
        ]
        refused = await client.call("pairwright/budget", {"taskUsd": 0.1})
    assert made["weak"] == {"usd": "0.01", "highUsd": "0.02", "tasks": 3, "isLeast": False}
    assert made["strong"] == {"usd": None, "highUsd": None, "tasks": 0, "isLeast": False}
    assert (answer["taskCapUsd"], answer["workspaceUsd"]) == ("0.1", "9")
    assert "never a float" in refused["error"]["message"]


async def test_plans_are_shown_changed_and_listed() -> None:
    async with connected() as client:
        await client.initialize()
        got = (await client.call("pairwright/plan/get", {}))["result"]
        edited = {"planId": "p1", "text": "# Mine\n", "baseVersion": 1}
        updated = (await client.call("pairwright/plan/update", edited))["result"]
        stale = await client.call("pairwright/plan/update", edited)
        unknown = await client.call("pairwright/plan/get", {"planId": "p9"})
        wrong = await client.call("pairwright/plan/update", {"planId": "p1"})
        listed = (await client.call("pairwright/plan/list", {"limit": 7}))["result"]
    assert (got["planId"], got["text"], got["isOutdated"]) == ("p1", "# Plan\n", False)
    assert (updated["text"], updated["version"]) == ("# Mine\n", 2)
    assert stale["error"]["code"] == -32801
    assert unknown["error"]["message"] == "there is no plan 'p9'"
    assert wrong["error"]["code"] == -32602
    assert listed["total"] == 7


async def test_the_running_cost_is_told_to_the_client() -> None:
    session = FakeSession()
    async with connected(session) as client:
        await client.initialize()
        await client.call("pairwright/status")
        assert session.tell_cost is not None
        session.tell_cost(NOTICE)
        message = await client.receive()
    assert message["method"] == "pairwright/cost"
    assert message["params"]["dayCapUsd"] == "5"


@pytest.mark.parametrize(
    ("error", "code", "details"),
    [
        (errors.UnknownStrategy("no strategy 'x'"), -32803, {"exitCode": 2}),
        (errors.NoModel("no model"), -32803, {"exitCode": 2}),
        (errors.RateLimited("slow down"), -32803, {"exitCode": 1}),
        (errors.StaleChange("moved on"), -32801, None),
        (
            errors.BudgetExceeded(
                "too dear", cap_usd=Decimal("0.5"), spent_usd=Decimal("0.4"), needed_usd=Decimal(1)
            ),
            -32803,
            {"exitCode": 1, "capUsd": "0.5", "spentUsd": "0.4", "neededUsd": "1"},
        ),
        (
            errors.BudgetExceeded(
                "too dear", cap_usd=Decimal(0), spent_usd=Decimal("1E-7"), needed_usd=None
            ),
            -32803,
            {"exitCode": 1, "capUsd": "0", "spentUsd": "0.0000001"},
        ),
    ],
)
async def test_our_errors_are_shown_as_written(
    error: Exception, code: int, details: dict[str, Any] | None
) -> None:
    async with connected(FakeSession(error=error)) as client:
        await client.initialize()
        answer = (await client.call("pairwright/run", {"instruction": "x"}))["error"]
    assert answer["code"] == code
    assert answer["message"] == str(error)
    assert answer.get("data") == details


async def test_a_bug_shows_a_number_and_the_log_has_the_rest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connected(FakeSession(error=KeyError("/secret/path"))) as client:
        await client.initialize()
        answer = (await client.call("pairwright/run", {"instruction": "x"}))["error"]
    assert answer["code"] == -32603
    assert "secret" not in str(answer)
    incident = answer["message"].split("incident ")[1][:8]
    assert incident in caplog.text
    assert "KeyError: '/secret/path'" in caplog.text


async def accept_in_editor(
    session: FakeSession, answer: Any, *, capabilities: dict[str, Any] = APPLIES, version: int = 3
) -> Any:
    """Accept a change of an open document; returns what the editor was asked."""
    edit = TextEdit(TextRange(2, 3), "new")
    session.edits = (Edit(WorkspacePath("a.py"), version, (edit,)),)
    async with connected(session) as client:
        await client.initialize(**capabilities)
        open_document(client)
        client.ask(1, "pairwright/accept", {"taskId": "t1"})
        asked = await client.receive()
        if "method" in asked:
            client.send({"jsonrpc": "2.0", "id": asked["id"], **answer})
            assert (await client.receive())["id"] == 1
        return asked


def open_document(client: RawClient) -> None:
    document = {"uri": "file:///workspace/a.py", "languageId": "py", "version": 3, "text": "𝒳\nb"}
    client.notify("textDocument/didOpen", {"textDocument": document})


async def test_an_open_document_is_changed_by_its_editor_with_version_and_encoding() -> None:
    session = FakeSession()
    asked = await accept_in_editor(session, {"result": {"applied": True}})
    assert asked["method"] == "workspace/applyEdit"
    (part,) = asked["params"]["edit"]["documentChanges"]
    assert part["textDocument"] == {"uri": "file:///workspace/a.py", "version": 3}
    assert part["edits"] == [
        {
            "range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 1}},
            "newText": "new",
        }
    ]
    assert session.applied == [None]


async def test_an_editor_without_versions_gets_plain_changes() -> None:
    capabilities = {"workspace": {"applyEdit": True}}
    asked = await accept_in_editor(
        FakeSession(), {"result": {"applied": True}}, capabilities=capabilities
    )
    assert list(asked["params"]["edit"]["changes"]) == ["file:///workspace/a.py"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"result": {"applied": False, "failureReason": "read-only"}}, "read-only"),
        ({"result": {"applied": False}}, "no reason"),
        ({"result": "odd"}, "refused"),
        ({"error": {"code": -32601, "message": "unknown method"}}, "unknown method"),
    ],
)
async def test_an_editor_that_refuses_is_quoted(answer: dict[str, Any], reason: str) -> None:
    session = FakeSession()
    await accept_in_editor(session, answer)
    (applied,) = session.applied
    assert applied is not None
    assert reason in applied


async def test_edits_for_another_version_are_not_sent() -> None:
    session = FakeSession()
    asked = await accept_in_editor(session, {}, version=2)
    assert asked["id"] == 1
    assert session.applied == ["'a.py' was edited meanwhile"]


async def test_an_editor_that_cannot_apply_is_not_asked() -> None:
    session = FakeSession()
    asked = await accept_in_editor(session, {}, capabilities={})
    assert asked["id"] == 1
    assert session.applied == []
