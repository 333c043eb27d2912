"""What do the files that a change touches mean, before it and after?

A parser is C code, and a model wrote what it would read here: so it runs elsewhere, and whoever
opens the gate says where.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from pairwright.index.analysis import Analysis, is_outdated
from pairwright.syntax.outline import FileOutline
from pairwright.workspace.paths import WorkspacePath

Texts = Mapping[WorkspacePath, str | None]
Renamed = Mapping[WorkspacePath, WorkspacePath]
"""The old path of each renamed file by its new one."""
OutlineText = Callable[[WorkspacePath, str], Awaitable[FileOutline]]
"""Gives what a text would mean as the file of that path."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outlines of the files that a change touches."""

    analysis: Analysis
    """The workspace before."""
    texts: Texts
    """The new text of each touched file; None: it goes away."""
    renamed: Renamed
    old: Mapping[WorkspacePath, FileOutline]
    """By the old paths."""
    new: Mapping[WorkspacePath, FileOutline]

    def before(self, path: WorkspacePath) -> FileOutline | None:
        """Return what a touched file meant; None: there was none."""
        return self.old.get(path)

    def after(self, path: WorkspacePath) -> FileOutline | None:
        """Return what a touched file means now; None: it is gone."""
        return self.new.get(path)


async def compare(
    analysis: Analysis, texts: Texts, renamed: Renamed, outline: OutlineText
) -> Comparison:
    """Return what is touched, before and after; each text is parsed once at most.

    Args:
        analysis: the workspace before.
        texts: the new text of each touched file; None: it goes away.
        renamed: the old path of each renamed file by its new one.
        outline: parses a text, elsewhere.
    """
    old = {
        path: outlined
        for path in dict.fromkeys([*texts, *renamed.values()])
        if (outlined := await _before(analysis, path, outline)) is not None
    }
    new = {path: await outline(path, text) for path, text in texts.items() if text is not None}
    return Comparison(analysis, texts, renamed, old, new)


async def _before(
    analysis: Analysis, path: WorkspacePath, outline: OutlineText
) -> FileOutline | None:
    document = analysis.snapshot.documents.get(path)
    if document is None:
        return None
    if not is_outdated(analysis, path):
        known = await asyncio.to_thread(analysis.index.outlines.__getitem__, path)
        # One of a text that is being typed may hold other problems than the text alone has.
        if not known.problems:
            return known
    return await outline(path, document.text)
