"""What does an editor open that knows no virtual documents? Files of ours, in the state directory.

Only their owner reads them. A diff goes when its change is decided or the daemon ends; a plan stays
a file, since a person may write in it.
"""

import asyncio
from datetime import datetime
from pathlib import Path

from pairwright.errors import UserError
from pairwright.feedback.notes import Notebook

MOST_FILES = 50
DIFF_SUFFIX = ".diff"
PLAN_SUFFIX = ".pairwright-plan.md"
TEXT_SUFFIX = ".md"


class ShownFiles:
    """The files of one workspace that are there to be looked at."""

    def __init__(self, state_dir: Path) -> None:
        """Write them below a state directory, once one is asked for."""
        folder = state_dir / "shown"
        self._diffs = Notebook(folder / "diffs", most=MOST_FILES, suffix=DIFF_SUFFIX)
        self._plans = Notebook(folder / "plans", most=MOST_FILES, suffix=PLAN_SUFFIX)
        self._texts = Notebook(folder / "texts", most=MOST_FILES, suffix=TEXT_SUFFIX)

    async def show_diff(self, task_id: str, text: str) -> Path:
        """Write a change's diff until it is decided.

        Raises:
            UserError: it cannot be written.
        """
        return await _kept(self._diffs, task_id, text)

    async def show_text(self, key: str, text: str) -> Path:
        """Write a text that is only read; the key is one of `Notebook`.

        Raises:
            UserError: it cannot be written.
        """
        return await _kept(self._texts, key, text)

    async def show_plan(self, plan_id: str, text: str) -> Path:
        """Write a plan's document; `unkept` says first whether that would lose something.

        Raises:
            UserError: it cannot be written.
        """
        return await _kept(self._plans, plan_id, text)

    async def unkept(self, plan_id: str, text: str, written_at: str) -> str | None:
        """Return what somebody wrote in a plan's file after this text of the plan was kept."""

        def look() -> str | None:
            file = self._plans.file_of(plan_id)
            found = self._plans.recall(plan_id)
            if found is None or found == text:
                return None
            kept_at = datetime.fromisoformat(written_at).timestamp()
            return found if file.stat().st_mtime > kept_at else None

        return await asyncio.to_thread(look)

    def forget_diff(self, task_id: str) -> None:
        """Remove a change's diff; harmless when there is none."""
        self._diffs.forget(task_id)

    def close(self) -> None:
        """Remove all diffs: they are written again when somebody asks."""
        try:
            keys = self._diffs.keys()
        except OSError:
            return
        for key in keys:
            self._diffs.forget(key)


async def _kept(notebook: Notebook, key: str, text: str) -> Path:
    try:
        await asyncio.to_thread(notebook.keep, key, text)
    except OSError as error:
        raise UserError(f"it cannot be shown: {error.strerror or error}") from None
    return notebook.file_of(key)
