"""T9, over the wire: what an editor says of `workspace/applyEdit` is not taken for granted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from pairwright.errors import StaleChange
from pairwright.protocol import messages
from tests.engine.desks import Desk, open_desk
from tests.lsp.peers import RawClient, connected
from tests.support.answers import answer, block
from tests.support.waiting import within

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n", "c.py": "c = 1\n"}
CHANGE = answer(*(block(path, text, text.replace("1", "2")) for path, text in FILES.items()))
APPLIES = {"workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}}
"""Says nothing of `failureHandling`: it stops at the first failure, and undoes nothing."""
REMOVES = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "delete"]},
    }
}
REMOVAL = "### DELETE b.py\n### END 1\n"


@asynccontextmanager
async def asked_editor(
    directory: Path,
) -> AsyncIterator[tuple[Desk, RawClient, Any, "asyncio.Task[messages.AcceptResult]"]]:
    """Give an editor with a.py and b.py open that was just asked to apply a kept change."""
    async with open_desk(directory, FILES, [CHANGE]) as desk:
        session = desk.engine.open_session("editor")
        async with connected(session, root=desk.root) as client:
            await client.initialize(**APPLIES)
            for path in ("a.py", "b.py"):
                document = {"uri": uri(desk, path), "languageId": "py", "version": 1}
                text = {"text": FILES[path]}
                client.notify("textDocument/didOpen", {"textDocument": {**document, **text}})
            await client.call("pairwright/status")
            result = await desk.run("Change a.py, b.py and c.py.")
            accepting = asyncio.ensure_future(desk.accept(result.task_id))
            asked = await receive_edit(client)
            yield desk, client, asked, accepting


def uri(desk: Desk, path: str) -> str:
    return (desk.root / path).as_uri()


async def receive_edit(client: RawClient) -> Any:
    while (message := await client.receive())["method"] != "workspace/applyEdit":
        pass
    return message


def tell(desk: Desk, client: RawClient, path: str, text: str, *, version: int = 2) -> None:
    document = {"uri": uri(desk, path), "version": version}
    changes = {"contentChanges": [{"text": text}]}
    client.notify("textDocument/didChange", {"textDocument": document, **changes})


def reply(client: RawClient, asked: Any, **result: Any) -> None:
    client.send({"jsonrpc": "2.0", "id": asked["id"], "result": result})


async def refusal_of(accepting: "asyncio.Task[messages.AcceptResult]") -> str:
    with pytest.raises(StaleChange) as caught:
        async with within():
            await accepting
    return str(caught.value)


def check_nothing_written(desk: Desk) -> None:
    assert {path: desk.read(path) for path in FILES} == FILES
    assert desk.task_state() == "review"


async def test_open_documents_are_changed_by_the_editor_and_closed_ones_on_disk(
    tmp_path: Path,
) -> None:
    async with asked_editor(tmp_path) as (desk, client, asked, accepting):
        changed = asked["params"]["edit"]["documentChanges"]
        assert [part["textDocument"]["uri"] for part in changed] == [
            uri(desk, "a.py"),
            uri(desk, "b.py"),
        ]
        for path in ("a.py", "b.py"):
            tell(desk, client, path, FILES[path].replace("1", "2"))
        reply(client, asked, applied=True)
        async with within():
            assert (await accepting).files == ("a.py", "b.py", "c.py")
        assert [desk.read(path) for path in FILES] == ["a = 1\n", "b = 1\n", "c = 2\n"]


async def test_an_editor_that_dies_while_it_is_asked_leaves_everything_as_it_was(
    tmp_path: Path,
) -> None:
    async with asked_editor(tmp_path) as (desk, client, _, accepting):
        client.writer.close()
        assert "did not apply the change" in await refusal_of(accepting)
        check_nothing_written(desk)


async def test_an_editor_that_stopped_at_its_second_edit_takes_the_first_back(
    tmp_path: Path,
) -> None:
    async with asked_editor(tmp_path) as (desk, client, asked, accepting):
        reply(client, asked, applied=False, failureReason="read-only", failedChange=1)
        # It tells of the first only after it has answered.
        tell(desk, client, "a.py", "a = 2\n")
        back = await receive_edit(client)
        (part,) = back["params"]["edit"]["documentChanges"]
        assert part["textDocument"] == {"uri": uri(desk, "a.py"), "version": 2}
        tell(desk, client, "a.py", "a = 1\n", version=3)
        reply(client, back, applied=True)
        said = await refusal_of(accepting)
        assert said == (
            "the editor did not apply the change (see to it there, and decide again): "
            "read-only (at b.py)"
        )
        check_nothing_written(desk)


async def test_an_editor_that_lies_is_found_out(tmp_path: Path) -> None:
    async with asked_editor(tmp_path) as (desk, client, asked, accepting):
        tell(desk, client, "a.py", "a = 'something else'\n")
        tell(desk, client, "b.py", "b = 2\n")
        reply(client, asked, applied=True)
        back = await receive_edit(client)
        (part,) = back["params"]["edit"]["documentChanges"]
        assert part["textDocument"]["uri"] == uri(desk, "b.py")
        tell(desk, client, "b.py", "b = 1\n", version=3)
        reply(client, back, applied=True)
        assert "a.py holds another text: look at it there" in await refusal_of(accepting)
        check_nothing_written(desk)


@asynccontextmanager
async def removing_editor(
    directory: Path, capabilities: dict[str, Any]
) -> AsyncIterator[tuple[Desk, RawClient, "asyncio.Task[messages.AcceptResult]"]]:
    """Give an editor with b.py open, of which it was just decided that it goes away."""
    async with open_desk(directory, FILES, [REMOVAL]) as desk:
        session = desk.engine.open_session("editor")
        async with connected(session, root=desk.root) as client:
            await client.initialize(**capabilities)
            document = {"uri": uri(desk, "b.py"), "languageId": "py", "version": 4}
            opened = {"textDocument": {**document, "text": FILES["b.py"]}}
            client.notify("textDocument/didOpen", opened)
            await client.call("pairwright/status")
            result = await desk.run("Remove b.py.")
            yield desk, client, asyncio.ensure_future(desk.accept(result.task_id))


async def test_an_open_file_is_removed_by_its_editor_at_the_version_that_it_showed(
    tmp_path: Path,
) -> None:
    async with removing_editor(tmp_path, REMOVES) as (desk, client, accepting):
        asked = await receive_edit(client)
        document = {"uri": uri(desk, "b.py")}
        assert asked["params"]["edit"]["documentChanges"] == [
            {"textDocument": {**document, "version": 4}, "edits": []},
            {"kind": "delete", **document},
        ]
        (desk.root / "b.py").unlink()
        client.notify("textDocument/didClose", {"textDocument": document})
        reply(client, asked, applied=True)
        async with within():
            assert (await accepting).files == ("b.py",)
        assert not (desk.root / "b.py").exists()


async def test_an_editor_that_removes_no_files_is_not_asked_to(tmp_path: Path) -> None:
    async with removing_editor(tmp_path, APPLIES) as (desk, _, accepting):
        assert "it removes no files for us: close 'b.py' there first" in await refusal_of(accepting)
        check_nothing_written(desk)
