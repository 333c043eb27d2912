"""Who lends a model in these tests? A raw client whose editor answers as the test says."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pairwright.engine.engine import Engine
from pairwright.ledger.store import LedgerStore
from pairwright.settings import (
    BudgetSettings,
    CheckSettings,
    DisclosureSettings,
    ModelSettings,
    PriceSettings,
    Settings,
)
from tests.lsp.peers import RawClient, connected
from tests.support.answers import edit
from tests.support.engines import write_files
from tests.support.inline_workers import InlineWorkers
from tests.support.waiting import within

MODEL = "editor/acme/big"
CODE = "def double(x):\n    return x + x\n"
ANSWER = edit("app.py", "    return x + x\n", "    return 2 * x\n")
LENT = {"models": [{"name": MODEL, "contextTokens": 32_000}]}
RUN = {"instruction": "multiply", "file": "app.py", "strategy": "weak", "weak": MODEL}


@dataclass
class LendingEditor:
    """A client that lends one model."""

    client: RawClient
    engine: Engine
    state: Path
    asked: list[Any] = field(default_factory=list)
    """The params of each question, in order."""
    cancelled: list[Any] = field(default_factory=list)

    async def lend(self) -> None:
        """Begin the session, and lend the model."""
        await self.client.initialize()
        answer = await self.client.call("pairwright/lend", LENT)
        assert answer["result"] == {"lent": [MODEL]}

    def begin(self, **more: Any) -> None:
        self.client.ask(9, "pairwright/run", RUN | more)

    async def question(self) -> Any:
        """Return the next question of a model."""
        message = await self.until(lambda each: each.get("method") == "pairwright/ask")
        self.asked.append(message["params"])
        return message

    def say(self, question: Any, text: str) -> None:
        value = {"text": text}
        token = question["params"]["partialResultToken"]
        self.client.notify("$/progress", {"token": token, "value": value})

    def answer(self, question: Any, **result: Any) -> None:
        self.client.send({"jsonrpc": "2.0", "id": question["id"], "result": result})

    async def ended(self) -> Any:
        """Return the answer to the task."""
        return await self.until(lambda each: each.get("id") == 9 and "method" not in each)

    async def until(self, is_it: Any) -> Any:
        async with within():
            while True:
                message = await self.client.receive()
                assert message is not None, "the server has closed"
                if message.get("method") == "$/cancelRequest":
                    self.cancelled.append(message["params"]["id"])
                if is_it(message):
                    return message

    def entries(self) -> list[tuple[Any, ...]]:
        """Return what the ledger says of each call: outcome, tokens, cost."""
        store = LedgerStore(self.state / "ledger.sqlite3")
        try:
            return [
                (row.calls, row.input_tokens, row.output_tokens, row.cost_usd, row.unpriced_calls)
                for row in store.rows("model")
                if row.key == MODEL
            ]
        finally:
            store.close()


@asynccontextmanager
async def lending(
    directory: Path,
    *,
    prices: Mapping[str, PriceSettings] | None = None,
    allow_unpriced: bool = False,
    local_only: bool = False,
    attempts: int = 3,
) -> AsyncIterator[LendingEditor]:
    """Give an editor that is connected to a real engine, whose models are the real ones."""
    root = directory / "workspace"
    write_files(root, {"app.py": CODE})
    settings = Settings(
        budget=BudgetSettings(allow_unpriced=allow_unpriced),
        checks=CheckSettings(test_command=()),
        disclosure=DisclosureSettings(local_only=local_only),
        models=ModelSettings(prices=prices or {}, attempts=attempts),
    )
    state = directory / "state"
    engine = await Engine.open(root, settings, state_dir=state, env={}, workers=InlineWorkers(root))
    try:
        async with within(15), connected(engine.open_session("editor"), root=root) as client:
            yield LendingEditor(client, engine, state)
    finally:
        await engine.close()
