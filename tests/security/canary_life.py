"""How is life among canaries? Tasks of one client in such a workspace, and all that was heard."""

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pairwright.daemon.configuration import load_settings, why_unreadable
from pairwright.daemon.logs import logging_to
from pairwright.engine.engine import Engine
from pairwright.errors import PairwrightError
from pairwright.protocol import messages
from pairwright.protocol.codec import encode
from pairwright.protocol.disclosure_messages import DisclosedParams
from pairwright.protocol.key_messages import KeysParams
from tests.security import canaries
from tests.support.answers import edit
from tests.support.fake_editor import FakeEditor
from tests.support.inline_workers import InlineWorkers
from tests.support.model_server import Answer, Behaviour, Failure, ModelServer

PLAN = f"Goal: use {canaries.PRINTED}.\n1. a.py: set a to 2.\n"
EDIT = edit("a.py", "a = 1\n", "a = 2\n")
INSTRUCTION = (
    f"Make a 2 in a.py as private.py, more_private.py, beside.py, dump.py, linked.py, shown.txt, "
    f"id_rsa, open_private.py and the notes say; use {canaries.INSTRUCTED}."
)
BEHAVIOURS: tuple[Behaviour, ...] = (
    Failure(500, '{"error": {"message": "your key {key} and ' + canaries.PASSWORD + '"}}'),
    Failure(401, '{"error": {"message": "wrong key {key}"}}'),
    Answer(PLAN),
    Answer("no block, " + canaries.PRINTED),
    Answer(edit("a.py", f"{canaries.PRINTED}\n", "a = 2\n")),
    Answer(EDIT),
)


@contextmanager
def logging_all(path: Path) -> Iterator[None]:
    """Log as the daemon does, with everything that any library has to say."""
    names = [*logging.root.manager.loggerDict, "httpcore", "httpx", "openai", "LiteLLM", "aiohttp"]
    levels = {name: logging.getLogger(name).level for name in names}
    with logging_to(path, canaries.ENVIRONMENT):
        logging.getLogger().setLevel(logging.DEBUG)
        for name in names:
            logging.getLogger(name).setLevel(logging.DEBUG)
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)


class Life:
    """One client's life in a workspace full of canaries, and all that was heard."""

    def __init__(self, directory: Path, server: ModelServer, strategies: Sequence[str]) -> None:
        self.directory = directory
        self.strategies = strategies
        self.server = server
        self.heard: list[str] = []
        self.sent: list[bytes] = []

    async def perform(self) -> None:
        root = canaries.plant(self.directory)
        engine = await self._open(root)
        try:
            person, editor = engine.open_session("person"), FakeEditor(engine.open_session("ed"))
            await editor.session.give_key(KeysParams(provider="other", key=canaries.EDITOR_KEY))
            editor.open(
                "open_private.py", f"x = '{canaries.HIDDEN['an ignored file that is open']}'\n"
            )
            for strategy in self.strategies:
                try:
                    params = messages.RunParams(
                        instruction=INSTRUCTION, strategy=strategy, file="a.py"
                    )
                    result = await person.run_task(params, self._hear)
                    self.heard.append(json.dumps(encode(result)))
                    if result.state == "review":
                        accepted = await person.accept(
                            messages.AcceptParams(task_id=result.task_id)
                        )
                        self.heard.append(json.dumps(encode(accepted)))
                        (root / "a.py").write_text("a = 1\n", "utf-8")
                except PairwrightError as error:
                    self.heard.append(str(error))
                    logging.getLogger("pairwright").exception("a task failed")
            self.heard.append(json.dumps(encode(person.status())))
            self.heard.append(json.dumps(encode(await person.disclosed(DisclosedParams()))))
        finally:
            await engine.close()
        self.sent += [json.dumps(each.body).encode() for each in self.server.requests]
        self.sent += [
            json.dumps({k: v for k, v in each.headers.items() if k != "authorization"}).encode()
            for each in self.server.requests
        ]

    async def _hear(self, event: messages.TaskEvent) -> None:
        self.heard.append(json.dumps(encode(event)))

    async def _open(self, root: Path) -> Engine:
        user_file = self.directory / "settings.toml"
        user_file.write_text(
            f"""
            [models]
            strong = "openai/gpt-4o"
            weak = "other/gpt-4o-mini"
            api_key = "{canaries.SETTING}"
            [models.endpoints.openai]
            api_base = "{self.server.api_base}"
            key = "env:OPENAI_API_KEY"
            [models.endpoints.other]
            api_base = "{self.server.api_base}"
            key = "editor:other"
            [budget]
            allow_unpriced = true
            [disclosure]
            never = ["dump.*"]
            [checks]
            test_command = ["python", "-S", "-m", "unittest", "-q", "test_a"]
            """,
            "utf-8",
        )
        settings, problems = load_settings(root, user_file)
        assert settings.disclosure.never == ("dump.*",)
        assert "api_key" in problems[0]
        return await Engine.open(
            root,
            settings,
            state_dir=self.directory / "state",
            env=canaries.ENVIRONMENT | {"PATH": os.environ["PATH"]},
            settings_problems=problems,
            settings_error=why_unreadable(user_file),
            prompts_dir=self.directory / "prompts",
            workers=InlineWorkers(root),
        )
