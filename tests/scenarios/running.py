"""How is a scenario played? By the real engine on a real directory, with scripted models."""

import asyncio
import difflib
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pairwright import errors
from pairwright.engine.engine import Engine
from pairwright.engine.session import Session
from pairwright.llm.scripted_provider import Cut, Hang, Reply, ScriptedReply
from pairwright.protocol import cost_messages, messages
from pairwright.settings import BudgetSettings, CheckSettings, Settings
from tests.scenarios.format import Answer, Role, Scenario, Transcript
from tests.scenarios.storyline import cost_lines, event_lines
from tests.support.engines import (
    USAGE,
    EvenProvider,
    ScriptedModels,
    opened_engine,
    scripted_model,
    write_files,
)
from tests.support.fake_editor import FakeEditor
from tests.support.waiting import within

_A_TASK = re.compile(r"pairwright continue [0-9a-f]+")
"""Differs from run to run."""


async def run_scenario(scenario: Scenario, directory: Path) -> Transcript:
    """Play a scenario below an empty directory and tell what happened."""
    root = directory / "workspace"
    write_files(root, scenario.files)
    models = _models(scenario.answers)
    async with within(20), opened_engine(directory, models, _settings(scenario)) as engine:
        return await _Play(scenario, engine, root).perform()


@dataclass(slots=True)
class _Play:
    """One performance: the person's client, and the editor that may get in between."""

    scenario: Scenario
    engine: Engine
    root: Path
    lines: list[str] = field(default_factory=list)
    result: messages.RunResult | None = None

    async def perform(self) -> Transcript:
        person = self.engine.open_session("scenario")
        editor = FakeEditor(self.engine.open_session("editor"))
        self.lines.append(await self._run(person, editor))
        report = person.costs(cost_messages.CostParams(by="role"))
        diff = ""
        if self.result is not None and self.result.state == "review":
            diff = await self._keep(editor, self.result.task_id)
        return Transcript(tuple(self.lines), diff, tuple(cost_lines(report)))

    async def _run(self, person: Session, editor: FakeEditor) -> str:
        async def hear(event: messages.TaskEvent) -> None:
            told = list(event_lines(event))
            self.lines.extend(told)
            if isinstance(event, messages.HunkReady):
                self._meanwhile(editor)
            if self.scenario.cancelled_at in told:
                run.cancel()

        run = asyncio.ensure_future(person.run_task(self._params(), hear))
        try:
            self.result = await run
        except asyncio.CancelledError:
            return "ends cancelled"
        except errors.BudgetExceeded as error:
            return f"ends with BudgetExceeded: {error.spent_usd} of {error.cap_usd} USD are spent"
        except errors.PairwrightError as error:
            return f"ends with {type(error).__name__}: {_unnumbered(str(error))}"
        sound = "sound" if self.result.is_sound else "not sound"
        told = _unnumbered(self.result.message)
        return f"ends in {self.result.state}, {sound}: {told}"

    def _params(self) -> messages.RunParams:
        settings = self.scenario.settings
        first, _, last = settings.get("lines", "").partition("-")
        return messages.RunParams(
            instruction=self.scenario.instruction,
            file=settings.get("file"),
            first_line=int(first) - 1 if first else None,
            last_line=int(last) - 1 if last else None,
            strategy=settings.get("strategy"),
        )

    def _meanwhile(self, editor: FakeEditor) -> None:
        for name, text in self.scenario.meanwhile.items():
            if name not in editor.buffers:
                editor.open(name, text)

    async def _keep(self, editor: FakeEditor, task_id: str) -> str:
        before = self._texts(editor)
        try:
            if self.scenario.settings.get("keep") == "nothing":
                await editor.session.reject(messages.RejectParams(task_id=task_id))
            else:
                await editor.session.accept(messages.AcceptParams(task_id=task_id))
        except errors.PairwrightError as error:
            self.lines.append(f"keeping fails with {type(error).__name__}: {error}")
        return "".join(_diff(before, self._texts(editor)))

    def _texts(self, editor: FakeEditor) -> dict[str, str]:
        on_disk = {
            path.relative_to(self.root).as_posix(): path.read_bytes().decode()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
        return on_disk | editor.buffers


def _models(answers: Iterable[Answer]) -> ScriptedModels:
    script = list(answers)

    def model(role: Role) -> EvenProvider:
        return scripted_model(role, [_reply(answer) for answer in script if answer.role == role])

    return ScriptedModels(strong=model("strong"), weak=model("weak"))


def _reply(answer: Answer) -> ScriptedReply:
    match answer.manner:
        case "replies":
            return Reply(answer.text, usage=USAGE)
        case "is cut off":
            return Cut(answer.text)
        case "hangs":
            return Hang(answer.text)
        case "fails":
            name, _, message = answer.text.partition(": ")
            error = getattr(errors, name)(message)
            assert isinstance(error, errors.ModelError)
            return error


def _settings(scenario: Scenario) -> Settings:
    tests = scenario.settings.get("tests", "").split()
    if tests[:1] == ["python"]:
        tests[0] = sys.executable
    return Settings(
        budget=BudgetSettings(task_usd=Decimal(scenario.settings.get("budget", "1"))),
        checks=CheckSettings(test_command=tuple(tests), test_timeout_s=10),
    )


def _diff(before: dict[str, str], after: dict[str, str]) -> Iterable[str]:
    for path in sorted(before.keys() | after.keys()):
        old = before.get(path, "").splitlines(keepends=True)
        new = after.get(path, "").splitlines(keepends=True)
        yield from difflib.unified_diff(old, new, f"a/{path}", f"b/{path}")


def _unnumbered(message: str) -> str:
    """Return a message without the id of this run's task."""
    return _A_TASK.sub("pairwright continue ID", message)
