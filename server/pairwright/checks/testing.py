"""What do the tests say of a variant of the workspace? Its test command, run in a scratch copy."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from pairwright.checks.commands import clean_environment, run_command
from pairwright.checks.scratch import ScratchCopy
from pairwright.checks.verdict import TestRun
from pairwright.errors import UserError
from pairwright.settings import CheckSettings
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


class ScratchTests:
    """Runs the test command on variants of one snapshot, one at a time; equal variants once."""

    def __init__(self, snapshot: Snapshot, root: Path, settings: CheckSettings) -> None:
        """Remember what to run; nothing is copied before the first run."""
        self._snapshot = snapshot
        self._root = root.resolve()
        self._settings = settings
        self._copy: ScratchCopy | None = None
        self._turn = asyncio.Lock()
        self._runs: dict[frozenset[tuple[WorkspacePath, str | None]], TestRun] = {}

    async def run(self, texts: Mapping[WorkspacePath, str | None]) -> TestRun:
        """Run the tests with these texts laid over the snapshot; None: the file is gone.

        Raises:
            UserError: the command cannot be started, or the copy cannot be written.
        """
        variant = frozenset(texts.items())
        async with self._turn:
            if variant not in self._runs:
                copy = await self._laid(texts)
                self._runs[variant] = await run_command(
                    self._argv(copy),
                    copy.directory,
                    self._settings.test_timeout_s,
                    environment=self._environment(copy),
                    hide=str(copy.directory),
                )
            return self._runs[variant]

    async def aclose(self) -> None:
        """Remove the copy."""
        if self._copy is not None:
            await asyncio.shield(asyncio.to_thread(self._copy.remove))

    async def _laid(self, texts: Mapping[WorkspacePath, str | None]) -> ScratchCopy:
        if self._copy is None:
            self._copy = ScratchCopy(self._root, self._snapshot)
        copy = self._copy
        # Shielded, so that nobody removes the copy while a thread still writes it.
        laying = asyncio.get_running_loop().run_in_executor(None, copy.lay, texts)
        try:
            await asyncio.shield(laying)
        except OSError as error:
            raise UserError(
                f"the scratch copy for the tests cannot be written: {error.strerror}; "
                "see to the space and permissions of the temporary directory"
            ) from None
        finally:
            await asyncio.wait([laying])
        return copy

    def _argv(self, copy: ScratchCopy) -> list[str]:
        program, *arguments = self._settings.test_command
        if "/" in program and not os.path.isabs(program):
            # Such as a virtual environment inside the workspace, which is not copied.
            program = str(self._root / program)
        return [self._in_copy(word, copy) for word in (program, *arguments)]

    def _in_copy(self, word: str, copy: ScratchCopy) -> str:
        """Return where a path of the workspace is in the copy; other words as they are."""
        if not word.startswith(f"{self._root}/"):
            return word
        copied = copy.directory / word.removeprefix(f"{self._root}/")
        return str(copied) if copied.exists() else word

    def _environment(self, copy: ScratchCopy) -> dict[str, str]:
        # An editable installation of the workspace would otherwise be tested instead of the copy.
        inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        search = [str(copy.directory / "src"), str(copy.directory)]
        search += [self._in_copy(entry, copy) for entry in inherited if entry]
        return clean_environment(
            os.environ,
            {
                "PYTHONPATH": os.pathsep.join(search),
                "TMPDIR": str(copy.temporary),
                "PWD": str(copy.directory),
            },
        )
