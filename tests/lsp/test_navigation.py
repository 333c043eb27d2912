"""Are LSP's questions about code answered from the text that the client sees?"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from pairwright.lsp.handshake import PositionEncoding
from pairwright.settings import Settings
from tests.lsp.peers import ALL_FEATURES, RawClient, connected
from tests.support.engines import ScriptedModels, opened_engine, scripted_model, write_files
from tests.support.waiting import within

STACK = """class Stack:
    def push(self, item):
        name = "\U0001f600"; self.items = [item]
"""
USE = """from stack import Stack


def fill(stack: Stack):
    "ä\U0001f600"; stack.push(1)
"""
FILES: Mapping[str, str | bytes] = {
    "stack.py": STACK,
    "use.py": USE,
    "notes.txt": "plain\n",
    "picture.png": b"\x89PNG\0\0",
}
NESTING = {"textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}}
USE_LINE = 4
UNITS_BEFORE_PUSH = {
    PositionEncoding.UTF_8: 4 + len('"ä\U0001f600"; stack.'.encode()),
    PositionEncoding.UTF_16: 4 + len('"ä\U0001f600"; stack.') + 1,
    PositionEncoding.UTF_32: 4 + len('"ä\U0001f600"; stack.'),
}


class Peer:
    """A client of a real engine, which knows its URIs."""

    def __init__(self, client: RawClient, root: Path) -> None:
        self.client = client
        self._root = root

    def uri(self, path: str) -> str:
        return (self._root / path).as_uri()

    def open(self, path: str, text: str) -> None:
        item = {"uri": self.uri(path), "languageId": "python", "version": 1, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, path: str, version: int, text: str) -> None:
        document = {"uri": self.uri(path), "version": version}
        params = {"textDocument": document, "contentChanges": [{"text": text}]}
        self.client.notify("textDocument/didChange", params)

    async def ask(self, method: str, path: str, **params: Any) -> Any:
        """Return a result, or the error."""
        answer = await self.client.call(method, self.about(path, **params))
        return answer.get("result", answer.get("error"))

    def about(self, path: str, **params: Any) -> dict[str, Any]:
        uri = path if "://" in path else self.uri(path)
        return {"textDocument": {"uri": uri}, **params}

    async def locations(self, method: str, path: str, **params: Any) -> list[tuple[str, int, int]]:
        """Return locations as file, line and character."""
        found = await self.ask(method, path, **params)
        assert isinstance(found, list), found
        return [place_of(each) for each in found]


def place_of(location: Any) -> tuple[str, int, int]:
    start = location["range"]["start"]
    return location["uri"].rpartition("/")[2], start["line"], start["character"]


def at(line: int, character: int) -> dict[str, Any]:
    return {"position": {"line": line, "character": character}}


@asynccontextmanager
async def navigating(directory: Path, **capabilities: Any) -> AsyncIterator[Peer]:
    """Give a client of an engine that has read everything."""
    root = directory / "workspace"
    write_files(root, FILES)
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak"))
    async with within(15), opened_engine(directory, models, Settings()) as engine:
        session = engine.open_session("editor")
        await session.queries.complete(lambda _: None)
        async with connected(session, root=root) as client:
            await client.initialize(features=ALL_FEATURES, **capabilities)
            yield Peer(client, root)


async def test_a_files_symbols_are_nested_for_clients_that_can_show_it(tmp_path: Path) -> None:
    async with navigating(tmp_path, **NESTING) as peer:
        (stack,) = await peer.ask("textDocument/documentSymbol", "stack.py")
        assert (stack["name"], stack["kind"], stack["detail"]) == ("Stack", 5, "class Stack")
        assert stack["selectionRange"]["start"] == {"line": 0, "character": 6}
        push = stack["children"][0]
        assert (push["name"], push["kind"]) == ("push", 6)


async def test_a_files_symbols_are_flat_for_other_clients(tmp_path: Path) -> None:
    async with navigating(tmp_path) as peer:
        found = await peer.ask("textDocument/documentSymbol", "stack.py")
        assert [each["name"] for each in found][:2] == ["Stack", "push"]
        assert found[1]["containerName"] == "Stack"
        assert place_of(found[1]["location"]) == ("stack.py", 1, 4)


async def test_a_file_of_no_language_has_no_symbols(tmp_path: Path) -> None:
    async with navigating(tmp_path) as peer:
        assert await peer.ask("textDocument/documentSymbol", "notes.txt") == []


async def test_symbols_of_the_workspace_are_found_by_some_letters(tmp_path: Path) -> None:
    async with navigating(tmp_path) as peer:
        answer = await peer.client.call("workspace/symbol", {"query": "Stack.pu"})
        (push,) = [each for each in answer["result"] if each["name"] == "push"]
        assert place_of(push["location"]) == ("stack.py", 1, 8)
        assert (await peer.client.call("workspace/symbol", {"query": ""}))["result"] == []


async def test_a_file_that_is_not_open_has_a_uri_like_any_program_writes_it(tmp_path: Path) -> None:
    root = tmp_path / "a root" / "workspace"
    path = "odd ä/#1%.py"
    write_files(root, {path: "def odd(): ...\n"})
    models = ScriptedModels(scripted_model("strong"), scripted_model("weak"))
    async with within(15), opened_engine(root.parent, models, Settings()) as engine:
        session = engine.open_session("editor")
        await session.queries.complete(lambda _: None)
        async with connected(session, root=root) as client:
            await client.initialize(features=ALL_FEATURES)
            (odd,) = (await client.call("workspace/symbol", {"query": "odd"}))["result"]
    assert odd["location"]["uri"] == (root / path).as_uri()


@pytest.mark.parametrize("encoding", PositionEncoding)
async def test_symbols_after_wide_characters_stand_where_the_client_counts_them(
    tmp_path: Path, encoding: PositionEncoding
) -> None:
    general = {"positionEncodings": [encoding.value]}
    async with navigating(tmp_path, general=general) as peer:
        peer.open("wide.py", '\n"ä\U0001f600"; late = 1\n')
        for _ in range(2):  # found in the text, and then remembered
            answer = await peer.client.call("workspace/symbol", {"query": "late"})
            assert [place_of(each["location"]) for each in answer["result"]] == [
                ("wide.py", 1, UNITS_BEFORE_PUSH[encoding] - 4 - len("stack."))
            ]


@pytest.mark.parametrize("encoding", PositionEncoding)
async def test_places_are_counted_as_the_client_counts(
    tmp_path: Path, encoding: PositionEncoding
) -> None:
    general = {"positionEncodings": [encoding.value]}
    character = UNITS_BEFORE_PUSH[encoding]
    async with navigating(tmp_path, general=general) as peer:
        there = at(USE_LINE, character)
        defined = await peer.locations("textDocument/definition", "use.py", **there)
        assert defined == [("stack.py", 1, 8)]
        context = {"context": {"includeDeclaration": True}}
        used = await peer.locations("textDocument/references", "stack.py", **at(1, 8), **context)
        assert used == [("stack.py", 1, 8), ("use.py", USE_LINE, character)]
        context = {"context": {"includeDeclaration": False}}
        used = await peer.locations("textDocument/references", "stack.py", **at(1, 8), **context)
        assert used == [("use.py", USE_LINE, character)]


async def test_what_is_typed_and_not_saved_counts(tmp_path: Path) -> None:
    async with navigating(tmp_path) as peer:
        peer.open("stack.py", "\n\n" + STACK)
        defined = await peer.locations(
            "textDocument/definition",
            "use.py",
            **at(USE_LINE, UNITS_BEFORE_PUSH[PositionEncoding.UTF_16]),
        )
        assert defined == [("stack.py", 3, 8)]
        peer.change("stack.py", 2, STACK.replace("push", "put"))
        found = await peer.ask("textDocument/documentSymbol", "stack.py")
        assert "put" in [each["name"] for each in found]


async def test_a_place_is_that_of_the_text_when_it_was_asked(tmp_path: Path) -> None:
    async with navigating(tmp_path) as peer:
        peer.open("use.py", USE)
        there = peer.about("use.py", **at(USE_LINE, UNITS_BEFORE_PUSH[PositionEncoding.UTF_16]))
        # Both are on their way before the server reads the first one.
        peer.client.ask(1, "textDocument/definition", there)
        peer.change("use.py", 2, "\n" + USE)
        answer = await peer.client.receive()
        if "error" in answer:
            assert answer["error"]["code"] == -32801
        else:
            assert [place_of(each) for each in answer["result"]] == [("stack.py", 1, 8)]


@pytest.mark.parametrize(
    "method",
    ["textDocument/documentSymbol", "textDocument/definition", "textDocument/references"],
)
async def test_documents_that_cannot_be_asked_about_are_refused(
    tmp_path: Path, method: str
) -> None:
    more = {**at(0, 0), "context": {"includeDeclaration": True}}
    if method != "textDocument/references":
        del more["context"]
    if method == "textDocument/documentSymbol":
        more = {}
    async with navigating(tmp_path) as peer:
        for uri in ("file:///etc/passwd", "untitled://x", "file://", peer.uri("../x.py")):
            error = await peer.ask(method, uri, **more)
            assert error["code"] == -32602, error
            assert "no file of this workspace" in error["message"]
        missing = await peer.ask(method, "nix.py", **more)
        assert missing["code"] == -32803
        assert missing["message"] == "there is no file 'nix.py' in this workspace"
        binary = await peer.ask(method, "picture.png", **more)
        assert binary["code"] == -32803
        assert "binary" in binary["message"]
        wrong = await peer.client.call(method, {"textDocument": 5})
        assert wrong["error"]["code"] == -32602


async def test_our_own_methods_answer_over_the_wire(tmp_path: Path) -> None:
    async with navigating(tmp_path) as peer:
        asked: dict[str, Any] = {
            "pairwright/index": {},
            "pairwright/symbols": {"query": "push"},
            "pairwright/references": {"name": "push"},
            "pairwright/search": {"text": "push"},
            "pairwright/map": {"focus": ["use.py"]},
        }
        for method, params in asked.items():
            answer = await peer.client.call(method, params)
            assert answer["result"]["freshness"]["isComplete"], method
            refused = await peer.client.call(method, {"nix": 1})
            assert refused["error"]["code"] == -32602
        refused = await peer.client.call("pairwright/search", {"text": "(", "isRegex": True})
        assert refused["error"]["data"] == {"exitCode": 2}


async def test_a_request_that_waits_is_answered_once_when_it_is_cancelled(tmp_path: Path) -> None:
    async with navigating(tmp_path) as peer:
        answer = await peer.client.call("pairwright/index", {})
        after = answer["result"]["freshness"]["revision"] + 100
        peer.client.ask(8, "pairwright/index", {"afterRevision": after})
        peer.client.notify("$/cancelRequest", {"id": 8})
        answer = await peer.client.receive()
        assert (answer["id"], answer["error"]["code"]) == (8, -32800)
        status = await peer.client.call("pairwright/status", {}, identity=9)
        assert status["id"] == 9
