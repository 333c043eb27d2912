"""How does a test index without processes? The same reading and parsing, here and now."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pairwright.index.outliner import FileReading
from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.documents import look_up
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath
from tests.support.loop_lag import LOOP_LAG


class InlineWorkers:
    """An `Outliner` that does its work at once: quick for a few small files."""

    def __init__(self, root: Path) -> None:
        self._files = DiskFileSystem(root)

    async def outline_files(
        self,
        paths: Iterable[WorkspacePath],
        on_read: Callable[[tuple[FileReading, ...]], object],
    ) -> None:
        with LOOP_LAG.elsewhere():
            readings = tuple(self._reading(path) for path in paths)
        on_read(readings)

    async def outline_text(
        self, path: str, text: str, *, exact: bool = False
    ) -> PackedOutline | None:
        with LOOP_LAG.elsewhere():
            return _outline(path, text)

    async def outline_alone(self, path: str, text: str) -> PackedOutline | None:
        return await self.outline_text(path, text)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _reading(self, path: WorkspacePath) -> FileReading:
        fact, content = look_up(self._files, path)
        packed = None if content is None else _outline(path, content.text)
        return FileReading(fact, packed, was_parsed=packed is not None)


def _outline(path: str, text: str) -> PackedOutline | None:
    language = language_of(path)
    return None if language is None else packed_outline_of(language, text)
