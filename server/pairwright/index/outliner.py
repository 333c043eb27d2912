"""What must who reads and parses files be able to do? The seam between indexer and processes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.documents import DiskFact
from pairwright.workspace.paths import WorkspacePath


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a worker found out about a file."""

    fact: DiskFact
    packed: PackedOutline | None
    """None: the file has no text for us, or its language is not known."""
    was_parsed: bool = False
    was_cached: bool = False


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

    async def outline_alone(self, path: WorkspacePath, text: str) -> PackedOutline | None:
        """Return the outline of a text that is no document's; what is known of those stays."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...
