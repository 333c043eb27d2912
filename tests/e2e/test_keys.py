"""Does a key stay where it was given, in real processes? In the environment, a keyring, an editor.

Each is a canary that is looked for in all that a run leaves behind or hands on (T16).
"""

import asyncio
import base64
import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.e2e.stage import INSTRUCTION, Stage, served_model, wait_for
from tests.e2e.test_editor import Editor
from tests.support.keyring_in_memory import HELD
from tests.support.model_server import Answer, Failure, Hang, ModelServer
from tests.tidy.source import ROOT

CANARIES = {
    "env:ASKED_KEY": "canary-of-the-environment-4q8w1z",
    "keyring:asked": HELD["pairwright", "asked"],
    "editor:asked": "canary-of-the-editor-6m3v5t",
}
"""By the place that an endpoint names; the endpoint is called after the place's kind."""
PRINT_ENVIRONMENT = "python -c \"import os; print('BEGIN', dict(os.environ)); raise SystemExit(1)\""


class KeyStage(Stage):
    """A stage with an endpoint for each place that a key may be at."""

    def __init__(self, home: Path, server: ModelServer) -> None:
        super().__init__(home, server)
        endpoints = (
            f'[models.endpoints.{name_of(place)}]\napi_base = "{server.api_base}"\n'
            f'key = "{place}"\n'
            for place in CANARIES
        )
        self.write_settings("[models]\nattempts = 1\n" + "".join(endpoints))

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "tests.support.keyring_in_memory.KeyringInMemory",
            "LITELLM_LOG": "DEBUG",
            "ASKED_KEY": CANARIES["env:ASKED_KEY"],
        }

    def children_of_daemons(self) -> list[psutil.Process]:
        return [child for daemon in self.daemons() for child in daemon.children(recursive=True)]


def name_of(place: str) -> str:
    return f"by-{place.partition(':')[0]}"


@pytest.fixture
def key_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyStage]:
    with served_model() as server:
        stage = KeyStage(tmp_path_factory.mktemp("keys"), server)
        stage.put_sample()
        try:
            yield stage
        finally:
            stage.close()


def spread(canary: str) -> tuple[bytes, ...]:
    """Return the forms in which a key travels."""
    raw = canary.encode()
    return raw, base64.b64encode(raw).rstrip(b"="), raw.hex().encode()


def check_nowhere_below(directory: Path) -> None:
    for path in directory.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for canary in CANARIES.values():
                assert not any(form in content for form in spread(canary)), (path, canary)


def check_not_handed_on(process: psutil.Process, *canaries: str) -> None:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        handed = f"{process.cmdline()} {process.environ()}"
        assert [canary for canary in canaries if canary in handed] == [], process


async def give(stage: Stage, canary: str) -> Editor:
    editor = Editor(stage)
    await editor.client.start_io(*stage.command("lsp"), env=stage.environment, cwd=str(stage.root))
    await editor.initialize()
    answer = await editor.ask("pairwright/keys", {"provider": "asked", "key": canary})
    assert answer.held == ["asked"]
    return editor


async def check_processes(stage: KeyStage, arguments: tuple[str, ...]) -> str:
    """Look at all processes while a model is asked; return what the command said."""
    stage.server.answer_with(Hang("thinking"))
    running = stage.start(*arguments)
    try:
        asked = partial(wait_for, lambda: stage.server.requests, what="the question", seconds=30)
        await asyncio.to_thread(asked)
        assert stage.daemons()
        for process in stage.children_of_daemons():
            check_not_handed_on(process, *CANARIES.values())
        for process in stage.processes():  # All were given the environment's key by their caller.
            check_not_handed_on(process, CANARIES["keyring:asked"], CANARIES["editor:asked"])
            assert CANARIES["env:ASKED_KEY"] not in " ".join(process.cmdline())
    finally:
        running.kill()
        said = "".join(running.communicate())
    return said


async def test_keys_are_sent_to_their_endpoints_and_show_nowhere_else(
    key_stage: KeyStage,
) -> None:
    stage, server, said = key_stage, key_stage.server, []
    editor = await give(stage, CANARIES["editor:asked"])

    def arguments(place: str) -> tuple[str, ...]:
        model = f"{name_of(place)}/gpt-4o"
        pair = ("--strong", model, "--weak", model)
        return ("run", INSTRUCTION, "--strategy", "weak", "--dry-run", *pair)

    async def run(place: str, *more: str) -> str:
        ended = await asyncio.to_thread(stage.call, *arguments(place), *more)
        said.append(ended.out + ended.err)
        return said[-1]

    for place, canary in CANARIES.items():
        server.answer_with(Failure(401, '{"error": {"message": "the key {key} is wrong"}}'))
        assert "does not accept the key" in await run(place)
        assert server.requests[0].headers["authorization"] == f"Bearer {canary}"

    server.answer_with(Answer("nothing that is an edit"))
    await run("editor:asked", "--test", PRINT_ENVIRONMENT)
    prompts = "".join(str(request.body) for request in server.requests)
    assert "BEGIN" in prompts, "the tests' output reached no prompt"
    assert not any(canary in prompts for canary in CANARIES.values())

    said.append(await check_processes(stage, arguments("editor:asked")))
    for command in (("models", "list"), ("keys", "list"), ("doctor",), ("cost",)):
        ended = await asyncio.to_thread(stage.call, *command)
        said.append(ended.out + ended.err)
    await editor.client.shutdown_async(None)
    editor.client.exit(None)
    await editor.client.stop()
    assert not any(canary in text for text in said for canary in CANARIES.values())
    assert list(stage.runtime.rglob("daemon.log")), "nothing was logged"
    check_nowhere_below(stage.home)
    check_nowhere_below(stage.runtime)


async def test_a_key_goes_with_the_editor_that_gave_it(key_stage: KeyStage) -> None:
    stage = key_stage
    editor = await give(stage, CANARIES["editor:asked"])
    model = "by-editor/gpt-4o"
    run = (
        "run",
        INSTRUCTION,
        "--strategy",
        "weak",
        "--dry-run",
        "--strong",
        model,
        "--weak",
        model,
    )
    await editor.client.shutdown_async(None)
    editor.client.exit(None)
    await editor.client.stop()
    ended = await asyncio.to_thread(stage.call, *run)
    assert "'editor:asked' holds none" in ended.err
    assert stage.server.requests == []
