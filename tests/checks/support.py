"""What the tests of checks share: an analysis of files, and changes of it."""

import sys
from pathlib import Path

from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.index.analysis import Analysis
from pairwright.index.builder import build_index
from pairwright.text.edits import TextEdit
from pairwright.text.ranges import TextRange
from pairwright.workspace.documents import Document, Origin, digest_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot
from tests.support.workspaces import parse_workspace

UNITTEST = (sys.executable, "-m", "unittest", "-q")


def analysis_of(workspace: str, unreadable: dict[str, str] | None = None) -> Analysis:
    files = parse_workspace(workspace).files
    documents = {
        WorkspacePath(path): Document(
            WorkspacePath(path), text, digest_text(text), None, Origin.DISK
        )
        for path, text in files.items()
    }
    others = {WorkspacePath(path): reason for path, reason in (unreadable or {}).items()}
    snapshot = Snapshot(1, documents, others)
    return Analysis(snapshot, build_index(snapshot))


def write_files(analysis: Analysis, root: Path) -> None:
    for path, document in analysis.snapshot.documents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(document.text, encoding="utf-8")


def rewritten(analysis: Analysis, texts: dict[str, str | None]) -> SourceChange:
    """Return the change that gives files new texts; None deletes."""
    edits = []
    for name, text in texts.items():
        path = WorkspacePath(name)
        document = analysis.snapshot.documents.get(path)
        old = document.text if document else ""
        whole = (TextEdit(TextRange(0, len(old)), text or ""),)
        digest = document.digest if document else None
        kind = FileEditKind.MODIFY if document else FileEditKind.CREATE
        if text is None:
            edits.append(FileEdit(path, FileEditKind.DELETE, digest))
        else:
            edits.append(FileEdit(path, kind, digest, whole))
    return SourceChange(analysis.snapshot.revision, tuple(edits))
