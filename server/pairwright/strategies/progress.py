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
from pairwright.text.diff import diff_texts
from pairwright.text.edits import edits_between
from pairwright.workspace.documents import Document, Origin
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


async def advanced(
    ctx: StrategyContext, texts: Mapping[WorkspacePath, str], run: TestRun
) -> StrategyContext:
    """Return the task with new texts of some files: what is shown follows the next failure.

    The revision stays the one that the task is pinned to: these texts are the task's own, and no
    revision of the workspace has them.
    """
    return await asyncio.to_thread(_moved_on, ctx, texts, run)


def change_from(origin: Snapshot, texts: Mapping[WorkspacePath, str]) -> SourceChange:
    """Return the change that gives files of the origin these texts."""
    files = []
    for path, text in texts.items():
        known = origin.documents.get(path)
        old_text = known.text if known else ""
        if known is None or old_text != text:
            kind = FileEditKind.MODIFY if known else FileEditKind.CREATE
            digest = known.digest if known else None
            files.append(FileEdit(path, kind, digest, edits_between(old_text, text)))
    return SourceChange(origin.revision, tuple(files))


def new_lines(base: Snapshot, texts: Mapping[WorkspacePath, str]) -> str:
    """Return the lines that the new texts add, as a model is reminded of them."""
    return "".join(
        line
        for path, text in texts.items()
        for hunk in diff_texts(text_of(base, path), text)
        for line in hunk.new_lines
    )


def text_of(snapshot: Snapshot, path: WorkspacePath) -> str:
    """Return a document's text; empty when there is none."""
    document = snapshot.documents.get(path)
    return document.text if document else ""


def _moved_on(
    ctx: StrategyContext, texts: Mapping[WorkspacePath, str], run: TestRun
) -> StrategyContext:
    snapshot = ctx.analysis.snapshot
    documents = dict(snapshot.documents)
    for path, text in texts.items():
        known = documents.get(path) or Document(path, "", "", None, Origin.DISK)
        documents[path] = known.with_text(text)
    moved = replace(snapshot, documents=MappingProxyType(documents))
    analysis = Analysis(moved, update_index(ctx.analysis.index, moved))
    return replace(
        ctx,
        analysis=analysis,
        context=ctx.select(analysis, run),
        evidence=describe_failure(analysis, run),
    )
