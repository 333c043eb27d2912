"""Are an editor's other questions about code met, and only those that are on?"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pairwright.lsp.code.switches import FEATURES
from pairwright.settings import FeatureSettings, Settings
from tests.lsp.peers import ALL_FEATURES, DEFAULTS, connected
from tests.lsp.test_navigation import Peer, at
from tests.support.engines import ScriptedModels, opened_engine, scripted_model, write_files
from tests.support.waiting import within

STACK = '''"""Stacks."""

import os
import sys


class Stack:
    """Holds things.

    ![x](http://example.com/x.png) and ``` are shown as written.
    """

    def push(self, item):
        if item:
            self.items.append(item)
        return self


class Deep(Stack):
    def replenish(self):
        self.push(1)
        return self.push(2)


def use(unknown):
    Stack().push(0)
    unknown.replenish()
'''
SCRIPT = """export class Shape {
  area(): number {
    return this.side() * 2;
  }

  side(): number {
    return 1;
  }
}
"""
FILES: Mapping[str, str | bytes] = {
    "stack.py": STACK,
    "shape.ts": SCRIPT,
    "notes.md": "# A\n\ntext\n\n## B\n\nmore\n",
    "data.yaml": "a:\n  b: 1\n  c: 2\n",
    "empty.py": "",
    "plain.txt": "some words\n  and more\n",
    "picture.png": b"\x89PNG\0\0",
}
MARKDOWN: dict[str, Any] = {"textDocument": {"hover": {"contentFormat": ["markdown"]}}}
PUSH = at(12, 9)
FILL_CALL = at(26, 13)


@asynccontextmanager
async def asking(
    directory: Path,
    *,
    features: Any = ALL_FEATURES,
    switches: FeatureSettings = DEFAULTS,
    within_s: float = 15,
    **capabilities: Any,
) -> AsyncIterator[Peer]:
    """Give a client of an engine that has read everything."""
    root = directory / "workspace"
    write_files(root, FILES)
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak"))
    async with within(within_s), opened_engine(directory, models, Settings()) as engine:
        session = engine.open_session("editor")
        await session.queries.complete(lambda _: None)
        async with connected(session, root=root, switches=switches) as client:
            await client.initialize(features=features, **capabilities)
            yield Peer(client, root)


async def test_what_is_pointed_at_is_told_with_signature_doc_and_place(tmp_path: Path) -> None:
    async with asking(tmp_path) as peer:
        hover = await peer.ask("textDocument/hover", "stack.py", **PUSH)
        assert hover["contents"]["kind"] == "plaintext"
        assert hover["contents"]["value"] == "def push(self, item)\nStack in stack.py:13"
        hover = await peer.ask("textDocument/hover", "stack.py", **at(18, 12))
        assert "class Stack\nHolds things." in hover["contents"]["value"]
        assert await peer.ask("textDocument/hover", "stack.py", **at(1, 0)) is None
        hover = await peer.ask("textDocument/hover", "shape.ts", **at(2, 18))
        assert hover["contents"]["value"].startswith("side(): number\n")


async def test_what_is_only_a_guess_is_called_one(tmp_path: Path) -> None:
    async with asking(tmp_path) as peer:
        hover = await peer.ask("textDocument/hover", "stack.py", **FILL_CALL)
        assert hover["contents"]["value"].endswith("(a guess: only the name is the same)")


async def test_nothing_of_a_doc_is_markup(tmp_path: Path) -> None:
    async with asking(tmp_path, **MARKDOWN) as peer:
        hover = await peer.ask("textDocument/hover", "stack.py", **at(6, 8))
        assert hover["contents"]["kind"] == "markdown"
        signature, doc, place = hover["contents"]["value"].split("\n\n`")
        assert signature == "```python\nclass Stack\n```"
        assert doc.startswith("```text\nHolds things.")
        assert doc.endswith("shown as written.\n````")
        assert place == "stack.py:7`"


async def test_definitions_imports_and_blocks_fold(tmp_path: Path) -> None:
    async with asking(tmp_path) as peer:
        found = await peer.ask("textDocument/foldingRange", "stack.py")
        lines = [(each["startLine"], each["endLine"]) for each in found]
        assert lines == [(2, 3), (6, 15), (12, 15), (13, 14), (18, 21), (19, 21), (24, 26)]
        assert [each.get("kind") for each in found][:2] == ["imports", None]
        found = await peer.ask("textDocument/foldingRange", "shape.ts")
        assert [(each["startLine"], each["endLine"]) for each in found] == [(0, 7), (1, 2), (5, 6)]
        found = await peer.ask("textDocument/foldingRange", "notes.md")
        assert (4, 6) in [(each["startLine"], each["endLine"]) for each in found]
        found = await peer.ask("textDocument/foldingRange", "data.yaml")
        assert [(each["startLine"], each["endLine"]) for each in found] == [(0, 2)]
        assert await peer.ask("textDocument/foldingRange", "empty.py") == []


async def test_no_more_is_folded_than_the_client_takes(tmp_path: Path) -> None:
    limit: dict[str, Any] = {"textDocument": {"foldingRange": {"rangeLimit": 2}}}
    async with asking(tmp_path, **limit) as peer:
        assert len(await peer.ask("textDocument/foldingRange", "stack.py")) == 2


def chain_of(selection: Any) -> list[tuple[int, int, int, int]]:
    """Return a selection's ranges from the inside out."""
    chain = []
    while selection is not None:
        start, end = selection["range"]["start"], selection["range"]["end"]
        chain.append((start["line"], start["character"], end["line"], end["character"]))
        selection = selection.get("parent")
    return chain


async def test_more_and_more_is_selected(tmp_path: Path) -> None:
    async with asking(tmp_path) as peer:
        positions = [{"line": 14, "character": 18}, {"line": 0, "character": 0}]
        first, second = await peer.ask(
            "textDocument/selectionRange", "stack.py", positions=positions
        )
        chain = chain_of(first)
        assert chain[0] == (14, 17, 14, 22)
        assert (14, 12, 14, 35) in chain
        assert (12, 4, 15, 19) in chain
        assert chain[-1] == chain_of(second)[-1] == (0, 0, 27, 0)
        for inner, outer in pairwise(chain):
            assert outer[:2] <= inner[:2]
            assert inner[2:] <= outer[2:]
            assert inner != outer
        (empty,) = await peer.ask(
            "textDocument/selectionRange", "empty.py", positions=[{"line": 0, "character": 0}]
        )
        assert chain_of(empty) == [(0, 0, 0, 0)]
        assert await peer.ask("textDocument/selectionRange", "stack.py", positions=[]) == []
        many = [{"line": 0, "character": 0}] * 1001
        refused = await peer.ask("textDocument/selectionRange", "stack.py", positions=many)
        assert refused["code"] == -32602


async def test_calls_are_followed_both_ways(tmp_path: Path) -> None:
    async with asking(tmp_path) as peer:
        (push,) = await peer.ask("textDocument/prepareCallHierarchy", "stack.py", **PUSH)
        assert (push["name"], push["kind"], push["detail"]) == ("push", 6, "stack.py")
        callers = await peer.client.call("callHierarchy/incomingCalls", {"item": push})
        found = {each["from"]["name"]: each for each in callers["result"]}
        assert sorted(found) == ["replenish", "use"]
        lines = [each["start"]["line"] for each in found["replenish"]["fromRanges"]]
        assert lines == [20, 21]
        called = await peer.client.call(
            "callHierarchy/outgoingCalls", {"item": found["use"]["from"]}
        )
        named = {each["to"]["name"]: each["to"]["detail"] for each in called["result"]}
        assert named["push"].startswith("stack.py (likely")
        assert named["replenish"] == "stack.py (a guess: only the name is the same)"
        assert await peer.ask("textDocument/prepareCallHierarchy", "stack.py", **at(1, 0)) is None


async def test_classes_above_and_below_are_found(tmp_path: Path) -> None:
    async with asking(tmp_path) as peer:
        (stack,) = await peer.ask("textDocument/prepareTypeHierarchy", "stack.py", **at(6, 8))
        below = await peer.client.call("typeHierarchy/subtypes", {"item": stack})
        (deep,) = below["result"]
        assert deep["name"] == "Deep"
        above = await peer.client.call("typeHierarchy/supertypes", {"item": deep})
        assert [each["name"] for each in above["result"]] == ["Stack"]
        nothing = await peer.ask("textDocument/prepareTypeHierarchy", "stack.py", **PUSH)
        assert nothing is None


async def test_an_item_whose_definition_is_gone_is_stale(tmp_path: Path) -> None:
    async with asking(tmp_path) as peer:
        (push,) = await peer.ask("textDocument/prepareCallHierarchy", "stack.py", **PUSH)
        peer.open("stack.py", STACK.replace("push", "put"))
        for method in ("callHierarchy/incomingCalls", "callHierarchy/outgoingCalls"):
            answer = await peer.client.call(method, {"item": push})
            assert answer["error"]["code"] == -32801


@pytest.mark.parametrize(
    "change",
    [
        {"data": None},
        {"data": {"name": 5, "near": 0}},
        {"data": {"name": "x"}},
        {"uri": "file:///etc/passwd"},
    ],
)
async def test_an_item_that_is_not_ours_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    async with asking(tmp_path) as peer:
        (push,) = await peer.ask("textDocument/prepareCallHierarchy", "stack.py", **PUSH)
        for method in ("callHierarchy/incomingCalls", "callHierarchy/outgoingCalls"):
            answer = await peer.client.call(method, {"item": {**push, **change}})
            assert answer["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("textDocument/hover", at(0, 0)),
        ("textDocument/foldingRange", {}),
        ("textDocument/selectionRange", {"positions": [{"line": 0, "character": 0}]}),
        ("textDocument/prepareCallHierarchy", at(0, 0)),
        ("textDocument/prepareTypeHierarchy", at(0, 0)),
    ],
)
async def test_documents_that_cannot_be_asked_about_are_refused(
    tmp_path: Path, method: str, more: dict[str, Any]
) -> None:
    async with asking(tmp_path) as peer:
        outside = await peer.ask(method, "file:///etc/passwd", **more)
        assert outside["code"] == -32602
        for path in ("nix.py", "picture.png"):
            assert (await peer.ask(method, path, **more))["code"] == -32803
        wrong = await peer.client.call(method, {"textDocument": 5})
        assert wrong["error"]["code"] == -32602
        fine = await peer.client.call(method, peer.about("plain.txt", **more))
        assert "result" in fine


async def test_a_place_in_a_text_that_moved_on_is_stale_or_right(tmp_path: Path) -> None:
    async with asking(tmp_path) as peer:
        peer.open("stack.py", STACK)
        # Both are on their way before the server reads the first one.
        peer.client.ask(1, "textDocument/hover", peer.about("stack.py", **PUSH))
        peer.change("stack.py", 2, "\n" * 9 + STACK)
        answer = await peer.client.receive()
        if "error" in answer:
            assert answer["error"]["code"] == -32801
        else:
            assert "stack.py:13" in answer["result"]["contents"]["value"]


@pytest.mark.parametrize("feature", FEATURES, ids=lambda each: each.name)
async def test_what_is_off_finds_nothing(tmp_path: Path, feature: Any) -> None:
    features = {**ALL_FEATURES, feature.name: False}
    async with asking(tmp_path, features=features) as peer:
        for method in feature.methods:
            assert (await peer.client.call(method, {}))["result"] is None
        others = [each for each in FEATURES if each is not feature]
        for other in others:
            # Params that are wrong are refused by what is on.
            assert "error" in await peer.client.call(other.methods[0], {})


async def test_what_the_settings_switch_on_is_registered(tmp_path: Path) -> None:
    dynamic: dict[str, Any] = {"textDocument": {"hover": {"dynamicRegistration": True}}}
    switches = FeatureSettings(hover=True, workspace_symbol=False)
    async with asking(tmp_path, features={}, switches=switches, **dynamic) as peer:
        asked = await peer.client.receive()
        assert asked["method"] == "client/registerCapability"
        (registered,) = asked["params"]["registrations"]
        assert registered["method"] == "textDocument/hover"
        peer.client.send({"jsonrpc": "2.0", "id": asked["id"], "result": None})
        hover = await peer.ask("textDocument/hover", "stack.py", **PUSH)
        assert "push" in hover["contents"]["value"]
        assert (await peer.client.call("workspace/symbol", {"query": "push"}))["result"] is None


async def test_a_client_that_refuses_registrations_is_served_all_the_same(tmp_path: Path) -> None:
    dynamic: dict[str, Any] = {"textDocument": {"hover": {"dynamicRegistration": True}}}
    switches = FeatureSettings(hover=True)
    async with asking(tmp_path, features={}, switches=switches, **dynamic) as peer:
        asked = await peer.client.receive()
        error = {"code": -32601, "message": "no"}
        peer.client.send({"jsonrpc": "2.0", "id": asked["id"], "error": error})
        assert await peer.ask("textDocument/hover", "stack.py", **PUSH)
