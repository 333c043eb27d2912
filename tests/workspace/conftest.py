from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.workspace.watching import Watched, watching


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "b.py").write_text("1")
    with watching(tmp_path) as watched:
        yield watched
