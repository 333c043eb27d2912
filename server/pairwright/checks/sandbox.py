"""How does a command run on a variant of the workspace? In one scratch copy, one at a time.

The copy is made when it is first needed, and shared by all checks of one change after another.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pairwright.checks.commands import CommandRun, Reach, clean_environment, run_program
from pairwright.checks.scratch import ScratchCopy
from pairwright.errors import UserError
from pairwright.settings import CheckSettings
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

Texts = Mapping[WorkspacePath, str | None]
"""What is laid over the snapshot; None: the file is gone."""

_LOUD_TOOL_BYTES = 16 * 1024 * 1024
"""The most of a tool's report that is read: half of one cannot be understood."""
_MIB = 1024 * 1024


class Sandbox:
    """Runs commands on variants of one snapshot; the workspace itself is never touched."""

    def __init__(self, snapshot: Snapshot, root: Path, settings: CheckSettings) -> None:
        """Remember what to copy; nothing is copied before the first run."""
        self._snapshot = snapshot
        self._root = root.resolve()
        self._settings = settings
        self._copy: ScratchCopy | None = None
        self._turn = asyncio.Lock()
        self.not_denied = ""
        """Why a command had the network though it should not; empty when all is well."""

    async def run_tests(self, texts: Texts, argv: Sequence[str], *, timeout_s: float) -> CommandRun:
        """Run a command at the copy's root, with both kinds of its output together.

        Raises:
            UserError: the command cannot be started, or the copy cannot be written.
        """
        async with self._turn:
            copy = await self._laid(texts)
            return self._noted(
                await run_program(
                    self._in_place(argv, copy),
                    copy.directory,
                    timeout_s,
                    environment=self._environment(copy),
                    hide=str(copy.directory),
                    reach=self._reach(copy),
                )
            )

    async def run_tool(
        self,
        texts: Texts,
        argv: Sequence[str],
        *,
        home: str,
        timeout_s: float,
        environment: Mapping[str, str],
    ) -> CommandRun:
        """Run a tool in a directory of the copy, its report apart from its complaints.

        In what it prints, the copy's root is `/`.

        Args:
            texts: the variant that it looks at.
            argv: the program and its arguments; `{cache}` in a word is a directory that stays.
            home: the directory, relative to the root; empty: the root itself.
            timeout_s: seconds after which it is killed.
            environment: what is added to it; `{cache}` stands for the same in a value.

        Raises:
            UserError: it cannot be started, or the copy cannot be written.
        """
        async with self._turn:
            copy = await self._laid(texts)
            added = {name: _filled(value, copy) for name, value in environment.items()}
            return self._noted(
                await run_program(
                    [_filled(word, copy) for word in argv],
                    copy.directory / home,
                    timeout_s,
                    environment={**self._environment(copy), **added},
                    hide=str(copy.directory),
                    shown_as="/",
                    reach=self._reach(copy),
                    keeps_errors_apart=True,
                    head_bytes=_LOUD_TOOL_BYTES,
                    setting="checks.linters",
                )
            )

    async def aclose(self) -> None:
        """Remove the copy."""
        if self._copy is not None:
            await asyncio.shield(asyncio.to_thread(self._copy.remove))

    def _noted(self, run: CommandRun) -> CommandRun:
        self.not_denied = run.not_denied
        return run

    async def _laid(self, texts: Texts) -> ScratchCopy:
        # Shielded, so that nobody removes the copy while a thread still writes it.
        laying = asyncio.get_running_loop().run_in_executor(None, self._lay, texts)
        try:
            return await asyncio.shield(laying)
        except OSError as error:
            raise UserError(
                f"the scratch copy for the checks cannot be written: {error.strerror}; "
                "see to the space and permissions of the temporary directory"
            ) from None
        finally:
            await asyncio.wait([laying])

    def _lay(self, texts: Texts) -> ScratchCopy:
        if self._copy is None:
            self._copy = ScratchCopy(self._root, self._snapshot)
        self._copy.lay(texts)
        return self._copy

    def _reach(self, copy: ScratchCopy) -> Reach:
        home = Path(os.environ.get("HOME", os.sep))
        # Whoever keeps the caches of tools inside of the workspace needs to write there.
        is_apart = not any(place.is_relative_to(self._root) for place in (home, copy.directory))
        return Reach(
            is_offline=not self._settings.network,
            read_only=(self._root,) if is_apart else (),
            borrowed=copy.borrowed_places,
            memory_bytes=self._settings.memory_mb * _MIB,
        )

    def _in_place(self, argv: Sequence[str], copy: ScratchCopy) -> list[str]:
        program, *arguments = argv
        if "/" in program and not os.path.isabs(program):
            # Such as a virtual environment inside the workspace, which is not copied.
            program = str(self._root / program)
        return [self._in_copy(word, copy) for word in (program, *arguments)]

    def _in_copy(self, word: str, copy: ScratchCopy) -> str:
        """Return where a path of the workspace is in the copy; other words as they are."""
        if not word.startswith(f"{self._root}/"):
            return word
        path = word.removeprefix(f"{self._root}/")
        copied = copy.directory / path
        return str(copied) if path not in copy.borrowed and copied.exists() else word

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


def _filled(word: str, copy: ScratchCopy) -> str:
    return word.replace("{cache}", str(copy.cache))
