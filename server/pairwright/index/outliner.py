"""What must who reads and parses files be able to do? The seam between indexer and processes."""

from collections.abc import Callable, Sequence
from typing import Protocol

from pairwright.index.workers import FileReading
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.paths import WorkspacePath


class Outliner(Protocol):
    """Reads and parses files, elsewhere."""

    async def outline_files(
        self,
        paths: Sequence[WorkspacePath],
        on_read: Callable[[tuple[FileReading, ...]], None],
    ) -> None:
        """Read files of the disk; tell what they hold, some at a time."""
        ...

    async def outline_text(
        self, path: WorkspacePath, text: str, *, exact: bool = False
    ) -> PackedOutline | None:
        """Return the outline of a text; unless `exact`, that of the text before may be built on."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...
