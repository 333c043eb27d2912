"""Who parses for a gate in these tests? This process."""

from pairwright.syntax.extraction import outline_of
from pairwright.syntax.outline import FileOutline
from pairwright.workspace.paths import WorkspacePath
from tests.support.loop_lag import LOOP_LAG


async def outlined_here(path: WorkspacePath, text: str) -> FileOutline:
    with LOOP_LAG.elsewhere():
        return outline_of(path, text)
