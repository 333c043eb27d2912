"""How is a change of files made? Open documents by their editors, all others by the journal.

Editors go first, and are looked at afterwards: when one refuses, or did something else than it
said, nothing was written. The journal remembers both kinds in one entry; when it cannot write, the
editors are asked to go back.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pairwright.engine.editors.buffers import (
    BufferChange,
    change_buffers,
    describe_left,
    take_back_buffers,
)
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks.task import to_its_end
from pairwright.errors import StaleChange
from pairwright.journal.entries import EntryNote, FileWrite, JournalEntry
from pairwright.journal.tree import FileState, digest_bytes
from pairwright.workspace.documents import Document, Origin
from pairwright.workspace.encodings import UTF8, encode_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


@dataclass(slots=True)
class Writing:
    """What is about to be changed, by whom."""

    buffers: list[BufferChange] = field(default_factory=list)
    """The documents that an editor has open."""
    writes: tuple[FileWrite, ...] = ()
    """What the journal writes, and what it only remembers; at least one."""
    note: EntryNote = field(default_factory=EntryNote)
    approved: tuple[WorkspacePath, ...] = ()
    """Files that a person agreed to by name."""

    @property
    def files(self) -> tuple[WorkspacePath, ...]:
        """Every file that is changed."""
        return tuple(sorted({write.path for write in self.writes}))

    @property
    def closed(self) -> tuple[WorkspacePath, ...]:
        """Those that the journal writes."""
        return tuple(write.path for write in self.writes if not write.in_editor)


def file_write(
    state: WorkspaceState,
    path: WorkspacePath,
    text: str | None,
    *,
    moved_from: WorkspacePath | None = None,
) -> FileWrite:
    """Return the write that gives a file a new text; None removes it.

    Raises:
        StaleChange: the file is to go away, and an editor holds text of it that is not saved.
        InvalidRequest: the file's encoding cannot express the text.
    """
    snapshot = state.host.snapshot
    known = snapshot.documents.get(path)
    is_open = known is not None and known.origin is Origin.OVERLAY
    if known is not None and is_open and text is None:
        return removal_by_editor(state, path, known)
    like = snapshot.documents.get(moved_from) if moved_from is not None else known
    encoding = like.encoding if like is not None else UTF8
    old = encode_text(known.text, known.encoding) if known is not None else None
    return FileWrite(
        path,
        None if old is None else digest_bytes(old),
        # Before anybody is asked: an editor could not save what cannot be encoded.
        None if text is None else encode_text(text, encoding),
        in_editor=is_open,
        old_content=old if is_open else None,
        moved_from=moved_from,
    )


def removal_by_editor(state: WorkspaceState, path: WorkspacePath, document: Document) -> FileWrite:
    """Return what is remembered of a file whose editor removes it.

    Raises:
        StaleChange: the editor holds text of it that is not saved.
    """
    old = encode_text(document.text, document.encoding)
    saved = state.journal.read(path)
    if saved is None or saved.content != old:
        raise StaleChange(
            f"an editor holds text of {path} that is not saved: save it or close it there, then "
            "it can go away"
        )
    return FileWrite(
        path, digest_bytes(old), None, mode=saved.mode, in_editor=True, old_content=old
    )


def buffer_changes(
    snapshot: Snapshot, texts: Mapping[WorkspacePath, str | None]
) -> list[BufferChange]:
    """Return the changes of those files that an editor has open; those that go away come last."""
    changes = [
        BufferChange(path, document.text, text)
        for path, text in texts.items()
        if (document := open_document(snapshot, path)) is not None
    ]
    return sorted(changes, key=lambda change: change.after is None)


def open_document(snapshot: Snapshot, path: WorkspacePath) -> Document | None:
    """Return the document as its editor has it; None when none has it open."""
    document = snapshot.documents.get(path)
    return document if document is not None and document.origin is Origin.OVERLAY else None


async def carry_out(
    state: WorkspaceState,
    writing: Writing,
    on_written: Callable[[JournalEntry], None] = lambda entry: None,
) -> JournalEntry:
    """Change all files or none; what begins here goes to its end, even for a caller that left.

    Args:
        state: the workspace.
        writing: what is to be done; nothing of it may have been asked of anybody yet.
        on_written: told at once when all is done.

    Raises:
        StaleChange: an editor refused, or a file on disk is not what we know of it.
        UserError: a file cannot be written.
    """
    return await to_its_end(_carry_out(state, writing, on_written))


async def _carry_out(
    state: WorkspaceState,
    writing: Writing,
    on_written: Callable[[JournalEntry], None],
) -> JournalEntry:
    try:
        return await _change_all(state, writing, on_written)
    except Exception:
        # Its editor may have removed a file already, and cannot be asked to bring it back.
        await asyncio.to_thread(_put_back, state, writing)
        raise


def _put_back(state: WorkspaceState, writing: Writing) -> None:
    """Write the files again that editors removed for a change that was not made."""
    for write in writing.writes:
        if write.in_editor and write.content is None and write.old_content is not None:
            state.journal.put_back(write.path, FileState(write.old_content, write.mode or 0))


async def _change_all(
    state: WorkspaceState,
    writing: Writing,
    on_written: Callable[[JournalEntry], None],
) -> JournalEntry:
    await change_buffers(writing.buffers, state.host, state.open_documents)
    try:
        _require_closed(state.host.snapshot, writing.closed)
        commit = state.journal.commit
        entry = await asyncio.to_thread(
            commit, writing.writes, writing.note, approved=writing.approved
        )
    except Exception as error:
        left = await take_back_buffers(writing.buffers, state.host, state.open_documents)
        if left:
            raise describe_left(left, error) from error
        raise
    finally:
        # Whatever was found there: the next decision should know it.
        if writing.closed:
            state.host.refresh(writing.closed)
            state.indexer.text_changed(writing.closed)
    on_written(entry)
    return entry


def _require_closed(snapshot: Snapshot, paths: Iterable[WorkspacePath]) -> None:
    for path in paths:
        if open_document(snapshot, path) is not None:
            raise StaleChange(f"{path} was opened in an editor meanwhile: decide again")
