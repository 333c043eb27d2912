"""How do kept hunks become text, and how are they taken back?

A document that an editor has open is changed by that editor, and only by it; every other file is
written through the journal. Editors go first: when one refuses, nothing was written.
"""

import asyncio
import secrets
from collections.abc import Mapping

from pairwright.engine.review import ApplyInEditor, editor_edit
from pairwright.engine.state import WorkspaceState, Written
from pairwright.errors import PairwrightError, StaleChange
from pairwright.journal.journal import FileWrite
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.documents import Document, Origin
from pairwright.workspace.encodings import encode_text
from pairwright.workspace.paths import WorkspacePath

Texts = Mapping[WorkspacePath, str]


async def write_kept(
    state: WorkspaceState, texts: Texts, apply_in_editor: ApplyInEditor | None, *, label: str
) -> str:
    """Give files their new texts; return what `take_back` takes.

    Raises:
        StaleChange: an editor refused, or a file on disk is not what we know of it.
        UserError: a file cannot be written.
    """
    documents = state.host.snapshot.documents
    opened = {path: text for path, text in texts.items() if _is_open(documents.get(path))}
    closed = {path: text for path, text in texts.items() if path not in opened}
    before = {path: documents[path].text for path in opened}
    await _apply_opened(state, opened, apply_in_editor)
    journal_id = None
    if closed:
        writes = [_file_write(path, text, documents.get(path)) for path, text in closed.items()]
        try:
            entry = await asyncio.to_thread(state.journal.commit, writes, label=label)
            journal_id = entry.entry_id
        except PairwrightError:
            await _apply_opened(state, before, apply_in_editor)
            raise
        state.host.refresh(closed)
    entry_id = journal_id or f"editor-{secrets.token_hex(4)}"
    state.written.append(Written(entry_id, journal_id, {p: (before[p], opened[p]) for p in opened}))
    return entry_id


async def take_back(
    state: WorkspaceState, entry_id: str | None, apply_in_editor: ApplyInEditor | None
) -> tuple[str, tuple[str, ...]]:
    """Restore the files of an accepted change; return its id and the files.

    Raises:
        UnknownTask: there is no such change, or nothing to take back.
        StaleChange: a file was changed since; nothing was written.
    """
    written = _find(state, entry_id)
    if written is not None and written.in_editor:
        for path, (_, after) in written.in_editor.items():
            document = state.host.snapshot.documents.get(path)
            if document is None or document.text != after:
                raise StaleChange(f"{path} was changed since: undo it in the editor")
        restored = {path: before for path, (before, _) in written.in_editor.items()}
        await _apply_opened(state, restored, apply_in_editor)
    files = [str(path) for path in (written.in_editor if written else ())]
    if written is None or written.journal_id is not None:
        entry = await asyncio.to_thread(
            state.journal.undo, written.journal_id if written else entry_id
        )
        paths = [record.path for record in entry.files]
        state.host.refresh(paths)
        files += paths
        entry_id = entry.undoes
    if written is not None:
        state.written.remove(written)
        entry_id = written.entry_id
    return entry_id or "", tuple(sorted(files))


def _find(state: WorkspaceState, entry_id: str | None) -> Written | None:
    if entry_id is None:
        return state.written[-1] if state.written else None
    return next((written for written in state.written if written.entry_id == entry_id), None)


async def _apply_opened(
    state: WorkspaceState, texts: Texts, apply_in_editor: ApplyInEditor | None
) -> None:
    if not texts:
        return
    if apply_in_editor is None:
        names = ", ".join(sorted(texts))
        raise StaleChange(f"an editor has unsaved text of {names}: save it there, or decide there")
    snapshot = state.host.snapshot
    edits = [editor_edit(snapshot, path, text) for path, text in texts.items()]
    refusal = await apply_in_editor(tuple(edit for edit in edits if edit is not None))
    if refusal is not None:
        raise StaleChange(f"the editor did not apply the change: {refusal}")


def _is_open(document: Document | None) -> bool:
    return document is not None and document.origin is Origin.OVERLAY


def _file_write(path: WorkspacePath, text: str, known: Document | None) -> FileWrite:
    encoding = known.encoding if known else "utf-8"
    return FileWrite(
        path=path,
        before=digest_bytes(encode_text(known.text, encoding)) if known else None,
        content=encode_text(text, encoding),
    )
