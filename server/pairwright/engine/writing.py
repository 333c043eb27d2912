"""How do kept hunks become text, and how are they taken back?

A document that an editor has open is changed by that editor, and only by it; every other file is
written through the journal. Editors go first: when one refuses, nothing was written; when the
journal fails after them, they are asked to go back.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from pairwright.engine.editors import DocumentEdit, Editor
from pairwright.engine.review import KeptTexts
from pairwright.engine.state import WorkspaceState, Written
from pairwright.engine.tasks import Task, TaskState, to_its_end
from pairwright.errors import PairwrightError, StaleChange
from pairwright.journal.journal import FileWrite
from pairwright.journal.manifest import JournalEntry
from pairwright.journal.tree import digest_bytes
from pairwright.text.edits import edits_between
from pairwright.workspace.documents import Document, Origin
from pairwright.workspace.encodings import UTF8, decode_bytes, encode_text
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

Texts = Mapping[WorkspacePath, str]
Result = TypeVar("Result")


@dataclass(slots=True)
class _Pending:
    """What is about to be changed, by whom."""

    in_editor: dict[WorkspacePath, tuple[str, str]] = field(default_factory=dict)
    """The text before and after of documents that an editor has open."""
    writes: list[FileWrite] = field(default_factory=list)
    """The files that none has open."""

    def add(self, path: WorkspacePath, text: str | None, known: Document | None) -> None:
        """Give a file a new text; None removes it.

        Raises:
            StaleChange: the file is open, and only its editor could remove it.
            InvalidRequest: the file's encoding cannot express the text.
        """
        if known is None or known.origin is not Origin.OVERLAY:
            self.writes.append(_file_write(path, text, known))
        elif text is None:
            raise StaleChange(f"{path} is open in an editor: close it there, then it can go away")
        else:
            # Before anybody is asked: the editor could not save what cannot be encoded.
            encode_text(text, known.encoding)
            self.in_editor[path] = (known.text, text)

    @property
    def before(self) -> Texts:
        return {path: before for path, (before, _) in self.in_editor.items()}

    @property
    def after(self) -> Texts:
        return {path: after for path, (_, after) in self.in_editor.items()}


async def write_kept(state: WorkspaceState, task: Task, texts: KeptTexts, editor: Editor) -> str:
    """Give files their new texts, and the task its end; return what `take_back` takes.

    Raises:
        StaleChange: an editor refused, or a file on disk is not what we know of it.
        UserError: a file cannot be written.
    """
    documents = state.host.snapshot.documents
    pending = _Pending()
    for path, text in texts.items():
        pending.add(path, text, documents.get(path))

    def record(entry: JournalEntry | None) -> str:
        journal_id = entry.entry_id if entry else None
        entry_id = journal_id or f"editor-{secrets.token_hex(4)}"
        state.written.append(Written(entry_id, journal_id, pending.in_editor))
        task.end(TaskState.DONE)
        return entry_id

    commit = partial(state.journal.commit, tuple(pending.writes), label=task.instruction)
    return await _carry_out(state, pending, editor, commit, record)


async def take_back(
    state: WorkspaceState, entry_id: str | None, editor: Editor
) -> tuple[str, tuple[str, ...]]:
    """Restore the files of an accepted change; return its id and the files.

    A file that was opened or closed since is restored by whoever owns it now.

    Raises:
        UnknownTask: there is no such change, or nothing to take back.
        StaleChange: a file was changed since; nothing was written.
    """
    written = _find(state, entry_id)
    entry: JournalEntry | None = None
    undone: tuple[FileWrite, ...] = ()
    if written is None or written.journal_id is not None:
        journal_id = written.journal_id if written else entry_id
        entry = await asyncio.to_thread(state.journal.entry_to_undo, journal_id)
        undone = await asyncio.to_thread(state.journal.writes_to_undo, entry)
    pending = _Pending()
    snapshot = state.host.snapshot
    for path, (before, after) in (written.in_editor if written else {}).items():
        pending.add(path, before, _unchanged(snapshot, path, after))
    for write in undone:
        _add_undone(pending, write, snapshot.documents.get(write.path))

    def record(_: JournalEntry | None) -> tuple[str, tuple[str, ...]]:
        if written is not None:
            state.written.remove(written)
        paths = [*pending.in_editor, *(write.path for write in pending.writes)]
        return _id_of(written, entry), tuple(sorted(paths))

    return await _carry_out(state, pending, editor, _undo(state, entry, undone, pending), record)


async def _carry_out(
    state: WorkspaceState,
    pending: _Pending,
    editor: Editor,
    commit: Callable[[], JournalEntry],
    record: Callable[[JournalEntry | None], Result],
) -> Result:
    await _ask_editor(state, pending.after, editor)
    return await to_its_end(_finish(state, pending, editor, commit, record))


async def _finish(
    state: WorkspaceState,
    pending: _Pending,
    editor: Editor,
    commit: Callable[[], JournalEntry],
    record: Callable[[JournalEntry | None], Result],
) -> Result:
    """Write what no editor has open, and remember it; else have the editor go back."""
    entry = None
    if pending.writes:
        paths = [write.path for write in pending.writes]
        try:
            _require_closed(state.host.snapshot, paths)
            entry = await asyncio.to_thread(commit)
        except Exception as error:
            await _go_back(state, pending, editor, error)
            raise
        state.host.refresh(paths)
        state.indexer.text_changed(paths)
    return record(entry)


async def _ask_editor(state: WorkspaceState, texts: Texts, editor: Editor) -> None:
    if not texts:
        return
    if editor.apply is None or any(
        state.open_documents.owner_of(path) is not editor.owner for path in texts
    ):
        names = ", ".join(sorted(texts))
        raise StaleChange(
            f"another editor has {names} open: decide there, or save and close it there first"
        )
    documents = state.host.snapshot.documents
    edits = tuple(_document_edit(documents[path], text) for path, text in texts.items())
    refusal = await editor.apply(edits)
    if refusal is not None:
        raise StaleChange(f"the editor did not apply the change: {refusal}")
    await state.open_documents.until_shown(texts)


async def _go_back(
    state: WorkspaceState, pending: _Pending, editor: Editor, failure: Exception
) -> None:
    """Have the editor take back what it applied before the failure.

    Raises:
        StaleChange: it did not, or somebody typed meanwhile.
    """
    try:
        for path, text in pending.after.items():
            _unchanged(state.host.snapshot, path, text)
        await _ask_editor(state, pending.before, editor)
    except PairwrightError:
        names = ", ".join(sorted(pending.in_editor))
        raise StaleChange(f"{failure}; the editor holds its part: undo {names} there") from failure


def _find(state: WorkspaceState, entry_id: str | None) -> Written | None:
    if entry_id is None:
        return state.written[-1] if state.written else None
    return next((written for written in state.written if written.entry_id == entry_id), None)


def _id_of(written: Written | None, entry: JournalEntry | None) -> str:
    if written is not None:
        return written.entry_id
    return entry.entry_id if entry is not None else ""


def _add_undone(pending: _Pending, write: FileWrite, known: Document | None) -> None:
    """Add a file of the journal: its own write, unless an editor has it open by now."""
    if known is None or known.origin is not Origin.OVERLAY:
        pending.writes.append(write)
        return
    if digest_bytes(encode_text(known.text, known.encoding)) != write.before:
        raise _changed_since(write.path)
    restored = None if write.content is None else decode_bytes(write.content, write.path).text
    pending.add(write.path, restored, known)


def _undo(
    state: WorkspaceState,
    entry: JournalEntry | None,
    undone: tuple[FileWrite, ...],
    pending: _Pending,
) -> Callable[[], JournalEntry]:
    if entry is None:
        return partial(state.journal.commit, tuple(pending.writes))
    if tuple(pending.writes) == undone:
        # It takes away the directories that the change made, too.
        return partial(state.journal.undo, entry.entry_id)
    return partial(
        state.journal.commit, tuple(pending.writes), label=entry.label, undoes=entry.entry_id
    )


def _unchanged(snapshot: Snapshot, path: WorkspacePath, text: str) -> Document:
    document = snapshot.documents.get(path)
    if document is None or document.text != text:
        raise _changed_since(path)
    return document


def _changed_since(path: WorkspacePath) -> StaleChange:
    return StaleChange(f"{path} was changed since: take the change back by hand")


def _require_closed(snapshot: Snapshot, paths: Iterable[WorkspacePath]) -> None:
    for path in paths:
        document = snapshot.documents.get(path)
        if document is not None and document.origin is Origin.OVERLAY:
            raise StaleChange(f"{path} was opened in an editor meanwhile: decide again")


def _document_edit(document: Document, text: str) -> DocumentEdit:
    return DocumentEdit(document.path, document.version, edits_between(document.text, text))


def _file_write(path: WorkspacePath, text: str | None, known: Document | None) -> FileWrite:
    encoding = known.encoding if known else UTF8
    return FileWrite(
        path=path,
        before=digest_bytes(encode_text(known.text, encoding)) if known else None,
        content=None if text is None else encode_text(text, encoding),
    )
