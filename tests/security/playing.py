"""How is a hostile model let loose? In a task that writes by itself what the gate finds sound."""

from contextlib import suppress
from pathlib import Path

from pairwright.errors import PairwrightError
from pairwright.llm.scripted_provider import Reply, ScriptedProvider
from tests.engine.desks import Desk
from tests.mcp.assistants import assisted, text_of
from tests.support.engines import USAGE

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n", "README.md": "# A shop\n"}
PLAN = "# Plan\n\nCount from two.\n\n## 1. Set a to 2\n\n- files: `a.py`\n"
MOST_CALLS = 20
"""Of both models together, until a task has come to its end."""
CANARY = "canary-18"


async def play(directory: Path, script: str, told: list[str] | None = None) -> list[str]:
    """Let both models answer so, whatever they are asked; return what should not have happened.

    Args:
        directory: of a test's own.
        script: the answer.
        told: where the assistant's answer goes, if wanted.
    """
    outside, root = directory / "outside", directory / "workspace"
    for folder in (outside, root):
        folder.mkdir()
    for name in ("x.py", "linked.py"):
        (outside / name).write_text(CANARY)
    (root / "linked").symlink_to(outside)
    (root / "linked.py").symlink_to(outside / "linked.py")
    replies = [Reply(script, usage=USAGE)] * (2 * MOST_CALLS)
    async with assisted(directory, FILES, weak=replies, strong=replies) as bot:
        bot.grant("spend", "write")
        inside, around = _tree(root), _tree(outside)
        result = await bot.result("implement_plan", plan=PLAN, review="auto")
        if told is not None:
            told.append(text_of(result))
        wrong = [*_changes(inside, _tree(root)), *_changes(around, _tree(outside))]
        calls = sum(
            len(model.requests)
            for model in (bot.desk.weak, bot.desk.strong)
            if isinstance(model, ScriptedProvider)
        )
        if calls > MOST_CALLS:
            wrong.append(f"{calls} calls")
        if any(task.state == "running" for task in bot.desk.session.status().tasks):
            wrong.append("the task runs on")
        wrong += await _keep_all(bot.desk, inside)
    return wrong + _changes(around, _tree(outside))


async def _keep_all(desk: Desk, inside: dict[str, bytes]) -> list[str]:
    """Let a careless person keep what waits; return what changed beside what was planned."""
    for change in desk.session.changes.waiting().changes:
        with suppress(PairwrightError):
            await desk.accept(change.task_id)
    return [each for each in _changes(inside, _tree(desk.root)) if not each.startswith("'a.py'")]


def _tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _changes(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    names = sorted(before.keys() | after.keys())
    return [f"{name!r} is another" for name in names if before.get(name) != after.get(name)]
