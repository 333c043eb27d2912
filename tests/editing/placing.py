"""How does a test place a block and compare? The only code here that calls `place`."""

from collections.abc import Collection, Mapping

import pytest

from pairwright.editing.blocks import Block
from pairwright.editing.change import FileEdit
from pairwright.editing.matching import changed_text, place
from pairwright.errors import EditMismatch
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot
from tests.editing.workspaces import snapshot_of


def check_placed(block: Block, files: Mapping[str, str], expected: str) -> FileEdit:
    """Place a block and compare the text of its file; return the edit."""
    file_edit = place(block, snapshot_of(files), None)
    assert changed_text(files.get(block.path, ""), file_edit) == expected
    return file_edit


def check_refused(
    block: Block,
    files: Mapping[str, str] | Snapshot,
    *reasons: str,
    editable: Collection[str] | None = None,
    read: Snapshot | None = None,
) -> str:
    """Place a block that must be refused for these reasons; return the whole reason."""
    snapshot = files if isinstance(files, Snapshot) else snapshot_of(files)
    paths = None if editable is None else {WorkspacePath(path) for path in editable}
    with pytest.raises(EditMismatch) as refusal:
        place(block, snapshot, paths, read=read)
    for reason in reasons:
        assert reason in refusal.value.reason
    return refusal.value.reason
