"""How is a scenario played? By the real engine on a real directory, with scripted models."""

import asyncio
import difflib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pairwright import errors
from pairwright.engine.engine import Engine
from pairwright.engine.review import DocumentEdit
from pairwright.engine.session import Session
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Message, Price, Provider, Usage
from pairwright.llm.scripted_provider import Cut, Hang, Reply, ScriptedProvider, ScriptedReply
from pairwright.protocol import messages
from pairwright.settings import BudgetSettings, CheckSettings, Settings
from pairwright.text.edits import apply_edits
from pairwright.workspace.paths import parse_path
from tests.scenarios.format import Answer, Role, Scenario, Transcript
from tests.scenarios.storyline import cost_lines, event_lines
from tests.support.waiting import within

_PER_MILLION = Decimal(1_000_000)
_USAGE = Usage(uncached_input=1000, cache_read=0, cache_write=0, output=100)
"""Of every answer, so that a reader can check the cost in the head."""


async def run_scenario(scenario: Scenario, directory: Path) -> Transcript:
    """Play a scenario below an empty directory and tell what happened."""
    root = directory / "workspace"
    for name, text in scenario.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    engine = await Engine.open(
        root,
        _settings(scenario),
        state_dir=directory / "state",
        env={},
        models=_ScriptedModels(scenario.answers),
    )
    try:
        async with within(20):
            return await _Play(scenario, engine, root).perform()
    finally:
        await engine.close()


@dataclass(slots=True)
class _Play:
    """One performance: the person's client, and the editor that may get in between."""

    scenario: Scenario
    engine: Engine
    root: Path
    lines: list[str] = field(default_factory=list)
    buffers: dict[str, str] = field(default_factory=dict)
    """What the editor shows, by path."""
    result: messages.RunResult | None = None

    async def perform(self) -> Transcript:
        person = self.engine.open_session("scenario")
        editor = self.engine.open_session("editor")
        self.lines.append(await self._run(person, editor))
        report = person.costs(messages.CostParams(by="role"))
        diff = ""
        if self.result is not None and self.result.state == "review":
            diff = await self._keep(person, self.result.task_id)
        return Transcript(tuple(self.lines), diff, tuple(cost_lines(report)))

    async def _run(self, person: Session, editor: Session) -> str:
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
            return f"ends with {type(error).__name__}: {error}"
        sound = "sound" if self.result.is_sound else "not sound"
        return f"ends in {self.result.state}, {sound}: {self.result.message}"

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

    def _meanwhile(self, editor: Session) -> None:
        for name, text in self.scenario.meanwhile.items():
            if name not in self.buffers:
                self.buffers[name] = text
                editor.document_opened(parse_path(name), text, version=1)

    async def _keep(self, person: Session, task_id: str) -> str:
        before = self._texts()
        hunk_ids = () if self.scenario.settings.get("keep") == "nothing" else None
        params = messages.AcceptParams(task_id=task_id, hunk_ids=hunk_ids)
        try:
            await person.accept(params, self._apply_in_editor)
        except errors.PairwrightError as error:
            self.lines.append(f"keeping fails with {type(error).__name__}: {error}")
        return "".join(_diff(before, self._texts()))

    async def _apply_in_editor(self, edits: tuple[DocumentEdit, ...]) -> str | None:
        for edit in edits:
            self.buffers[edit.path] = apply_edits(self.buffers[edit.path], edit.edits)
        return None

    def _texts(self) -> dict[str, str]:
        on_disk = {
            path.relative_to(self.root).as_posix(): path.read_bytes().decode()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
        return on_disk | self.buffers


class _EvenProvider(ScriptedProvider):
    """Counts every prompt alike, so that no figure depends on how the prompts are worded."""

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        return _USAGE.uncached_input


class _ScriptedModels:
    """The scenario's two models: $1 and $2 a million tokens weak, ten times that strong."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        script = list(answers)
        self._providers = {
            f"scripted/{role}": _EvenProvider(
                f"scripted/{role}",
                [_reply(answer) for answer in script if answer.role == role],
                price=_price(role),
                accepts_grammar=True,  # so that even short files are edited by search and replace
            )
            for role in ("weak", "strong")
        }

    async def choose(self, strong: str | None, weak: str | None) -> ModelChoice:
        return ModelChoice(
            strong="scripted/strong",
            weak="scripted/weak",
            reason="the scenario says so",
            is_remote=False,
            download_bytes=0,
        )

    def open(self, name: str) -> Provider:
        return self._providers[name]


def _reply(answer: Answer) -> ScriptedReply:
    match answer.manner:
        case "replies":
            return Reply(answer.text, usage=_USAGE)
        case "is cut off":
            return Cut(answer.text)
        case "hangs":
            return Hang(answer.text)
        case "fails":
            name, _, message = answer.text.partition(": ")
            error = getattr(errors, name)(message)
            assert isinstance(error, errors.ModelError)
            return error


def _price(role: Role) -> Price:
    factor = Decimal(1) if role == "weak" else Decimal(10)
    return Price(
        input_usd=factor / _PER_MILLION,
        output_usd=2 * factor / _PER_MILLION,
        cache_read_usd=factor / _PER_MILLION,
        cache_write_usd=factor / _PER_MILLION,
        source="scenario",
    )


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
