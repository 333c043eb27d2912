"""What do tests of kinds of tasks have? Code with marks on it, and somebody who sees the marks."""

from collections.abc import Mapping
from typing import Any

from pairwright.checks.verdict import Problem
from pairwright.protocol import messages
from pairwright.protocol.editor_messages import DiagnosedProblem
from pairwright.workspace.paths import WorkspacePath
from tests.engine.desks import Desk

CODE = "def double(x):\n    return x + x\n"
FILES = {"app.py": CODE, "other.py": "y = 2\n"}
BAD = "a = 1  # bad\nb = 2\nc = 3  # bad\n"
PLAN = "Goal: take the mark away\n1. app.py: remove the comment\n"
WRONG = DiagnosedProblem(path="app.py", line=0, message="bad mark 'a'", rule="M1", source="eye")
Texts = Mapping[WorkspacePath, str | None]


async def eye(texts: Texts) -> tuple[Problem, ...]:
    """Underline every mark."""
    return tuple(
        Problem(path, number, f"bad mark {line[0]!r}", "M1", "eye")
        for path, text in texts.items()
        for number, line in enumerate((text or "").splitlines())
        if "# bad" in line
    )


async def run(desk: Desk, kind: str, **params: object) -> messages.RunResult:
    given: dict[str, Any] = {"instruction": "", "kind": kind, "file": "app.py"} | params
    return await desk.session.run_task(messages.RunParams(**given), desk.hear)


def rejections(desk: Desk) -> list[str]:
    return [event.reason for event in desk.events if isinstance(event, messages.EditRejected)]
