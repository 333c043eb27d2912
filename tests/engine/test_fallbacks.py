"""What does a person see when a provider is out and a fallback is named?"""

from pathlib import Path

import pytest

from pairwright.errors import Authentication, ContextOverflow, ModelError, OutOfCredit
from pairwright.llm.scripted_provider import Reply, ScriptedReply
from pairwright.protocol import messages
from pairwright.protocol.cost_messages import CostParams
from pairwright.protocol.model_messages import ModelReplaced
from pairwright.settings import ModelSettings, Settings
from tests.support.answers import edit
from tests.support.engines import (
    USAGE,
    ScriptedModels,
    opened_engine,
    scripted_model,
    write_files,
)
from tests.support.waiting import within

FILES = {"a.py": "a = 1\n"}
SOUND = Reply(edit("a.py", "a = 1\n", "a = 2\n"), usage=USAGE)
NO_KEY = Authentication("the provider of 'scripted/weak' does not accept the key")


async def run(
    directory: Path, weak: ScriptedReply, *, fallbacks: tuple[str, ...] = ("scripted/strong",)
) -> tuple[messages.RunResult, list[messages.TaskEvent], tuple[str, ...]]:
    """Run the weak model's strategy; also return what was heard and which models are billed."""
    write_files(directory / "workspace", FILES)
    models = ScriptedModels(scripted_model("strong", [SOUND]), scripted_model("weak", [weak]))
    settings = Settings(models=ModelSettings(weak_fallbacks=fallbacks))
    heard: list[messages.TaskEvent] = []

    async def hear(event: messages.TaskEvent) -> None:
        heard.append(event)

    async with within(20), opened_engine(directory, models, settings) as engine:
        session = engine.open_session("test")
        params = messages.RunParams(instruction="Change a.py.", strategy="weak")
        result = await session.run_task(params, hear)
        rows = session.costs(CostParams(by="model")).rows
    return result, heard, tuple(row.key for row in rows)


@pytest.mark.parametrize("error", [NO_KEY, OutOfCredit("top it up")], ids=repr)
async def test_a_fallback_takes_over_and_the_person_is_told_once(
    tmp_path: Path, error: ModelError
) -> None:
    result, heard, billed = await run(tmp_path, error)
    assert result.state == "review"
    assert [event for event in heard if isinstance(event, ModelReplaced)] == [
        ModelReplaced(
            tier="weak", model="scripted/weak", replaced_by="scripted/strong", reason=str(error)
        )
    ]
    assert billed == ("scripted/weak", "scripted/strong")


async def test_nobody_else_is_asked_unless_the_user_named_one(tmp_path: Path) -> None:
    with pytest.raises(Authentication):
        await run(tmp_path, NO_KEY, fallbacks=())
    assert (tmp_path / "workspace" / "a.py").read_text() == FILES["a.py"]


async def test_what_another_model_would_not_mend_asks_no_other(tmp_path: Path) -> None:
    with pytest.raises(ContextOverflow):
        await run(tmp_path, ContextOverflow("the prompt is longer than it reads"))
