"""How does a task's text move on while its attempts make progress?"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from pairwright.checks.evidence import describe_failure
from pairwright.checks.verdict import TestRun
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.index.analysis import Analysis
from pairwright.index.builder import update_index
from pairwright.strategies.base import StrategyContext
from pairwright.text.diff import DiffKind, FileDiff, diff_texts, to_unified
from pairwright.text.edits import edits_between
from pairwright.workspace.documents import Document, Origin
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


async def advanced(
    ctx: StrategyContext, texts: Mapping[WorkspacePath, str | None], run: TestRun
) -> StrategyContext:
    """Return the task with new texts of some files: what is shown follows the next failure.

    A file whose text is None is gone.

    The revision stays the one that the task is pinned to: these texts are the task's own, and no
    revision of the workspace has them.
    """
    return await asyncio.to_thread(_moved_on, ctx, texts, run)


def change_from(
    origin: Snapshot,
    texts: Mapping[WorkspacePath, str | None],
    renamed: Mapping[WorkspacePath, WorkspacePath] = MappingProxyType({}),
    quoted: Mapping[WorkspacePath, tuple[str, ...]] = MappingProxyType({}),
) -> SourceChange:
    """Return the change that gives files of the origin these texts; None: the file goes away.

    `renamed` holds by new path what the origin calls a file, and `quoted` by new path which of its
    lines were quoted to be taken away.
    """
    moved = {
        new: old
        for new, old in renamed.items()
        if old in origin.documents and texts.get(old, "") is None and texts.get(new) is not None
    }
    files = []
    for path, text in texts.items():
        if path not in moved.values():
            file_edit = _file_edit(origin, moved.get(path, path), path, text)
            if file_edit is not None:
                files.append(replace(file_edit, quoted=quoted.get(path, ())))
    return SourceChange(origin.revision, tuple(files))


def new_lines(base: Snapshot, texts: Mapping[WorkspacePath, str | None]) -> str:
    """Return the lines that the new texts add, as a model is reminded of them."""
    return "".join(
        line
        for path, text in texts.items()
        if text is not None
        for hunk in diff_texts(text_of(base, path), text)
        for line in hunk.new_lines
    )


def diff_of(base: Snapshot, texts: Mapping[WorkspacePath, str | None]) -> str:
    """Return what new texts change, as a unified diff; files in the order of their paths."""
    return "".join(
        to_unified(FileDiff(path, _kind_of(base, path, text), hunks), text_of(base, path))
        for path, text in sorted(texts.items())
        if (hunks := diff_texts(text_of(base, path), text or ""))
    )


def text_of(snapshot: Snapshot, path: WorkspacePath) -> str:
    """Return a document's text; empty when there is none."""
    document = snapshot.documents.get(path)
    return document.text if document else ""


def snapshot_with(snapshot: Snapshot, texts: Mapping[WorkspacePath, str | None]) -> Snapshot:
    """Return a snapshot with new texts of some files, at the same revision; None: it is gone."""
    documents = dict(snapshot.documents)
    for path, text in texts.items():
        if text is None:
            documents.pop(path, None)
            continue
        known = documents.get(path) or Document(path, "", "", None, Origin.DISK)
        documents[path] = known.with_text(text)
    return replace(snapshot, documents=MappingProxyType(documents))


def _kind_of(base: Snapshot, path: WorkspacePath, text: str | None) -> DiffKind:
    if text is None:
        return DiffKind.DELETE
    return DiffKind.MODIFY if path in base.documents else DiffKind.CREATE


def _file_edit(
    origin: Snapshot, old_path: WorkspacePath, path: WorkspacePath, text: str | None
) -> FileEdit | None:
    """Return what happens to one file; None when nothing does."""
    known = origin.documents.get(old_path)
    if text is None:
        return FileEdit(path, FileEditKind.DELETE, known.digest) if known else None
    if known is None:
        return FileEdit(path, FileEditKind.CREATE, None, edits_between("", text))
    edits = edits_between(known.text, text)
    if old_path != path:
        return FileEdit(old_path, FileEditKind.RENAME, known.digest, edits, path)
    return FileEdit(path, FileEditKind.MODIFY, known.digest, edits) if edits else None


def _moved_on(
    ctx: StrategyContext, texts: Mapping[WorkspacePath, str | None], run: TestRun
) -> StrategyContext:
    moved = snapshot_with(ctx.analysis.snapshot, texts)
    analysis = Analysis(moved, update_index(ctx.analysis.index, moved))
    return replace(
        ctx,
        analysis=analysis,
        context=ctx.select(analysis, run),
        evidence=describe_failure(analysis, run, withheld=ctx.withheld),
    )
