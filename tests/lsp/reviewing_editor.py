"""Who edits in these tests? An LSP client without an extension, whose documents follow what is
typed and what the server asks it to change."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types

from pairwright.llm.model import Provider
from pairwright.llm.scripted_provider import ScriptedReply
from pairwright.lsp.documents.convert import PositionConverter
from pairwright.lsp.handshake import PositionEncoding
from pairwright.lsp.stream.wire import structure
from pairwright.text.edits import TextEdit, apply_edits
from tests.engine.desks import Desk, open_desk
from tests.lsp.peers import RawClient, connected
from tests.support.waiting import within

MODERN = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}},
        "textDocumentContent": {},
        "codeLens": {"refreshSupport": True},
    },
    "window": {"showDocument": {"support": True}, "showMessage": {}},
    "textDocument": {
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
    },
}
"""What a client of LSP 3.18 says."""
PLAIN = {
    "workspace": {"applyEdit": True},
    "window": {"showDocument": {"support": True}},
}
"""One of LSP 3.16."""


@dataclass
class PlainEditor:
    """One client; all that the server says by itself is in `heard`."""

    client: RawClient
    desk: Desk
    says: str | None = None
    """What the person picks when asked."""
    refuses: str | None = None
    """Why it applies no edit."""
    texts: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    heard: list[Any] = field(default_factory=list)
    _last: int = 100

    def uri(self, path: str) -> str:
        return (self.desk.root / path).as_uri()

    def open(self, uri: str, text: str) -> None:
        self.texts[uri], self.versions[uri] = text, 1
        document = {"uri": uri, "languageId": "x", "version": 1, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": document})

    def type(self, uri: str, text: str) -> None:
        """Make a document another text."""
        self.texts[uri] = text
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        changes = {"contentChanges": [{"text": text}]}
        self.client.notify("textDocument/didChange", {"textDocument": document, **changes})

    def save(self, uri: str) -> None:
        self.client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    def close(self, uri: str) -> None:
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    async def call(self, method: str, params: Any) -> Any:
        """Ask; returns the answer, once all before it was heard."""
        self._last += 1
        identity = self._last
        self.client.ask(identity, method, params)
        return await self.until(lambda message: message.get("id") == identity)

    async def result(self, method: str, params: Any) -> Any:
        answer = await self.call(method, params)
        assert "result" in answer, answer
        return answer["result"]

    async def execute(self, command: str, *arguments: Any) -> Any:
        params = {"command": f"pairwright.{command}", "arguments": list(arguments)}
        return await self.call("workspace/executeCommand", params)

    async def lenses(self, uri: str) -> list[Any]:
        found: list[Any] = await self.result(
            "textDocument/codeLens", {"textDocument": {"uri": uri}}
        )
        return found

    async def pick(self, uri: str, title: str) -> Any:
        """Run the command of the only lens whose title begins so; returns its result."""
        (lens,) = (
            each for each in await self.lenses(uri) if each["command"]["title"].startswith(title)
        )
        return await self.run_lens(lens)

    async def run_lens(self, lens: Any) -> Any:
        command = lens["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        return await self.result("workspace/executeCommand", params)

    async def content(self, uri: str) -> str:
        result = await self.result("workspace/textDocumentContent", {"uri": uri})
        return str(result["text"])

    async def until(self, is_it: Callable[[Any], bool]) -> Any:
        """Listen until a message comes; answers what is asked meanwhile."""
        async with within():
            while True:
                message = await self.client.receive()
                assert message is not None, "the server has closed"
                if "method" in message:
                    self.heard.append(message)
                    if "id" in message:
                        self._reply(message)
                if is_it(message):
                    return message

    async def until_method(self, method: str) -> Any:
        """Listen until the server says that; returns its params."""
        return (await self.until(lambda each: each.get("method") == method)).get("params")

    def asked(self, method: str) -> list[Any]:
        """Return the params of all that was heard of a method."""
        return [each.get("params") for each in self.heard if each["method"] == method]

    def messages(self) -> list[str]:
        return [params["message"] for params in self.asked("window/showMessage")]

    def _reply(self, message: Any) -> None:
        result: Any = None
        if message["method"] == "window/showMessageRequest" and self.says is not None:
            result = {"title": self.says}
        if message["method"] == "window/showDocument":
            result = {"success": True}
        if message["method"] == "workspace/applyEdit":
            result = {"applied": self.refuses is None, "failureReason": self.refuses}
            if self.refuses is None:
                self._apply(message["params"]["edit"])
        self.client.send({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def _apply(self, edit: Any) -> None:
        parts = dict(edit.get("changes") or {})
        for part in edit.get("documentChanges", ()):
            uri = part["textDocument"]["uri"]
            assert part["textDocument"]["version"] == self.versions[uri]
            parts[uri] = part["edits"]
        for uri, edits in parts.items():
            converter = PositionConverter(self.texts[uri], PositionEncoding.UTF_16)
            made = [
                TextEdit(
                    converter.from_lsp_range(structure(types.Range, each["range"])), each["newText"]
                )
                for each in edits
            ]
            self.type(uri, apply_edits(self.texts[uri], made))


@asynccontextmanager
async def reviewing_editor(
    directory: Path,
    files: Mapping[str, str | bytes],
    weak: Iterable[ScriptedReply] | Provider = (),
    strong: Iterable[ScriptedReply] | Provider = (),
    *,
    capabilities: Mapping[str, Any] = MODERN,
    says: str | None = None,
    strategy: str = "weak",
) -> AsyncIterator[PlainEditor]:
    """Give an editor connected to a real engine on these files."""
    async with (
        open_desk(directory, files, weak, strong, strategy=strategy) as desk,
        connected(desk.session, root=desk.root) as client,
    ):
        await client.initialize(**capabilities)
        yield PlainEditor(client, desk, says)
