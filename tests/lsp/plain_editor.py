"""Who sits at an editor without our extension in these tests? A client whose person answers."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pairwright.llm.model import Provider
from pairwright.llm.scripted_provider import ScriptedReply
from tests.engine.desks import Desk, open_desk
from tests.lsp.peers import RawClient, connected
from tests.support.answers import edit
from tests.support.waiting import within

CODE = "import os\n\n\n# pw: multiply\ndef double(x):\n    return x + x\n\n\ny = 1\n"
MULTIPLIED = CODE.replace("# pw: multiply\n", "").replace("x + x", "2 * x")
MULTIPLY = edit("app.py", "    return x + x\n", "    return 2 * x\n")
PLAN = "Goal: multiply\n1. app.py: use the operator\n"
ASKS = {"showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}}}
SHOWS = {"workDoneProgress": True}
CURSOR = {"start": {"line": 5, "character": 4}, "end": {"line": 5, "character": 4}}
BELOW = {"start": {"line": 8, "character": 0}, "end": {"line": 8, "character": 0}}
Replies = Iterable[ScriptedReply] | Provider


@dataclass
class Editor:
    """A plain LSP client whose person answers questions as the test says."""

    client: RawClient
    desk: Desk
    says: str | None = None
    """What is answered; one answer after the other, where there are several."""
    heard: list[Any] = field(default_factory=list)
    """All that the server said by itself, in order."""
    replies: bool = True
    """Whether what the server asks is answered at all."""
    version: int = 1
    """Of the document that it has open."""

    async def execute(self, command: str, **arguments: Any) -> Any:
        """Run a command on `app.py`; returns its answer, once all before it is heard."""
        given = {"uri": (self.desk.root / "app.py").as_uri(), "range": CURSOR} | arguments
        passed = [given] if command != "undo" else []
        self.client.ask(7, "workspace/executeCommand", call(command, passed))
        return await self.until(lambda message: message.get("id") == 7)

    async def until(self, is_it: Callable[[Any], bool]) -> Any:
        """Listen until a message comes; answers what is asked meanwhile."""
        async with within():
            while True:
                message = await self.client.receive()
                assert message is not None, "the server has closed"
                if "method" in message:
                    self.heard.append(message)
                    if "id" in message and self.replies:
                        self._reply(message)
                if is_it(message):
                    return message

    async def told(self) -> str:
        """Return the next message that is shown."""
        message = await self.until(lambda each: each.get("method") == "window/showMessage")
        return str(message["params"]["message"])

    def questions(self) -> list[Any]:
        return [
            each["params"] for each in self.heard if each["method"] == "window/showMessageRequest"
        ]

    def progress(self) -> list[Any]:
        return [each["params"] for each in self.heard if each["method"] == "$/progress"]

    def _reply(self, message: Any) -> None:
        result: Any = None
        if message["method"] == "window/showMessageRequest" and self.says is not None:
            answers = self.says.split("; ")
            result = {"title": answers[min(len(self.questions()), len(answers)) - 1]}
        if message["method"] == "workspace/applyEdit":
            self._apply(message["params"]["edit"])
            result = {"applied": True}
        self.client.send({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def _apply(self, edit: Any) -> None:
        """Do as the server asks; the last edit first, since each speaks of the text before all."""
        parts = {
            part["textDocument"]["uri"]: part["edits"] for part in edit.get("documentChanges", ())
        }
        for uri, edits in (parts or edit["changes"]).items():
            places = sorted(edits, key=lambda each: each["range"]["start"]["line"], reverse=True)
            changes = [{"range": each["range"], "text": each["newText"]} for each in places]
            self.version += 1
            document = {"uri": uri, "version": self.version}
            params = {"textDocument": document, "contentChanges": changes}
            self.client.notify("textDocument/didChange", params)


def call(command: str, passed: Any) -> dict[str, Any]:
    name = command if "." in command else f"pairwright.{command}"
    return {"command": name, "arguments": passed}


@asynccontextmanager
async def editing(
    directory: Path,
    weak: Replies = (),
    strong: Replies = (),
    *,
    says: str | None = None,
    files: Mapping[str, str | bytes] | None = None,
    window: Mapping[str, Any] = ASKS,
    **capabilities: Any,
) -> AsyncIterator[Editor]:
    given = files or {"app.py": CODE}
    async with (
        open_desk(directory, given, weak, strong, strategy="weak") as desk,
        connected(desk.session, root=desk.root) as client,
    ):
        await client.initialize(window=window, **capabilities)
        yield Editor(client, desk, says)
