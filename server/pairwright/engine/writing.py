"""How is a change of files made? Open documents by their editors, all others by the journal.

Editors go first, and are looked at afterwards: when one refuses, or did something else than it
said, nothing was written. The journal remembers both kinds in one entry; when it cannot write, the
editors are asked to go back.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pairwright.engine.buffers import (
    BufferChange,
    change_buffers,
    describe_left,
    take_back_buffers,
)
from pairwright.engine.state import WorkspaceState
from pairwright.engine.tasks import to_its_end
from pairwright.errors import PairwrightError, StaleChange
from pairwright.journal.entries import EntryNote, FileWrite, JournalEntry
from pairwright.journal.journal import Journal
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.documents import Document, Origin
from pairwright.workspace.encodings import UTF8, encode_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


@dataclass(slots=True)
class Writing:
    """What is about to be changed, by whom."""

    buffers: list[BufferChange] = field(default_factory=list)
    """The documents that an editor has open."""
    entries: list[tuple[tuple[FileWrite, ...], EntryNote]] = field(default_factory=list)
    """What the journal writes, and what it only remembers; one after the other."""
    approved: tuple[WorkspacePath, ...] = ()
    """Files that a person agreed to by name."""

    @property
    def files(self) -> tuple[WorkspacePath, ...]:
        """Every file that is changed."""
        paths = {write.path for writes, _ in self.entries for write in writes}
        return tuple(sorted(paths))

    @property
    def closed(self) -> tuple[WorkspacePath, ...]:
        """Those that the journal writes."""
        return tuple(
            dict.fromkeys(
                write.path for writes, _ in self.entries for write in writes if not write.in_editor
            )
        )


def file_write(
    snapshot: Snapshot,
    path: WorkspacePath,
    text: str | None,
    *,
    moved_from: WorkspacePath | None = None,
) -> FileWrite:
    """Return the write that gives a file a new text; None removes it.

    Raises:
        StaleChange: the file is open, and only its editor could remove it.
        InvalidRequest: the file's encoding cannot express the text.
    """
    known = snapshot.documents.get(path)
    is_open = known is not None and known.origin is Origin.OVERLAY
    if is_open and text is None:
        raise StaleChange(f"{path} is open in an editor: close it there, then it can go away")
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


def buffer_changes(
    snapshot: Snapshot, texts: Mapping[WorkspacePath, str | None]
) -> list[BufferChange]:
    """Return the changes of those files that an editor has open."""
    return [
        BufferChange(path, document.text, text)
        for path, text in texts.items()
        if text is not None and (document := open_document(snapshot, path)) is not None
    ]


def open_document(snapshot: Snapshot, path: WorkspacePath) -> Document | None:
    """Return the document as its editor has it; None when none has it open."""
    document = snapshot.documents.get(path)
    return document if document is not None and document.origin is Origin.OVERLAY else None


async def carry_out(
    state: WorkspaceState,
    writing: Writing,
    on_written: Callable[[tuple[JournalEntry, ...]], None] = lambda entries: None,
) -> tuple[JournalEntry, ...]:
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
    on_written: Callable[[tuple[JournalEntry, ...]], None],
) -> tuple[JournalEntry, ...]:
    await change_buffers(writing.buffers, state.host, state.open_documents)
    try:
        _require_closed(state.host.snapshot, writing.closed)
        entries = await _commit(state, writing)
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
    on_written(entries)
    return entries


async def _commit(state: WorkspaceState, writing: Writing) -> tuple[JournalEntry, ...]:
    entries: list[JournalEntry] = []
    for writes, note in writing.entries:
        commit = state.journal.commit
        try:
            entry = await asyncio.to_thread(commit, writes, note, approved=writing.approved)
        except PairwrightError as error:
            await asyncio.to_thread(_put_back, state.journal, entries, writing.approved, error)
            raise
        entries.append(entry)
    return tuple(entries)


def _put_back(
    journal: Journal,
    entries: Sequence[JournalEntry],
    approved: Collection[WorkspacePath],
    failure: PairwrightError,
) -> None:
    """Take back what was written of a change whose next part could not be.

    Raises:
        StaleChange: that cannot be written, either.
    """
    for entry in reversed(entries):
        note = EntryNote(entry.label, entry.task_id, entry.client, reverts=entry.entry_id)
        try:
            journal.commit(_back(entry, journal), note, approved=approved)
        except PairwrightError as error:
            raise StaleChange(
                f"{failure}; what was written before it could not be put back ({error}): "
                "'pairwright history' lists it"
            ) from failure


def _back(entry: JournalEntry, journal: Journal) -> tuple[FileWrite, ...]:
    """Return the writes that make files as they were before an entry."""
    new_paths = {record.moved_from: record.path for record in entry.files}

    def content(digest: str | None) -> bytes | None:
        return None if digest is None else journal.content(digest)

    return tuple(
        FileWrite(
            record.path,
            record.after,
            content(record.before),
            mode=record.old_mode or None,
            in_editor=record.in_editor,
            old_content=content(record.after) if record.in_editor else None,
            moved_from=new_paths.get(record.path),
        )
        for record in entry.files
    )


def _require_closed(snapshot: Snapshot, paths: Iterable[WorkspacePath]) -> None:
    for path in paths:
        if open_document(snapshot, path) is not None:
            raise StaleChange(f"{path} was opened in an editor meanwhile: decide again")
