"""What would the workspace's texts be with this change? Computed in memory, written nowhere."""

import unicodedata
from pathlib import PurePosixPath

from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.editing.matching import changed_text
from pairwright.errors import EditMismatch
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot


def overlay_texts(snapshot: Snapshot, change: SourceChange) -> dict[WorkspacePath, str | None]:
    """Return the new text of every path that the change touches; None where a file goes away.

    Raises:
        EditMismatch: the change does not fit the snapshot; the reason is worded for the model.
    """
    texts: dict[WorkspacePath, str | None] = {}
    for file_edit in change.files:
        for path, text in _texts_of(snapshot, file_edit).items():
            if path in texts:
                raise EditMismatch("the change speaks of this file twice", path=path)
            texts[path] = text
    _require_places(snapshot, texts)
    return texts


def text_before(snapshot: Snapshot, path: WorkspacePath) -> str | None:
    """Return the text before any change; None when there is no such document."""
    document = snapshot.documents.get(path)
    return document.text if document else None


def _texts_of(snapshot: Snapshot, file_edit: FileEdit) -> dict[WorkspacePath, str | None]:
    path = file_edit.path
    match file_edit.kind:
        case FileEditKind.CREATE:
            _require_free(snapshot, path)
            return {path: _changed("", file_edit)}
        case FileEditKind.DELETE:
            _require_base(snapshot, file_edit)
            return {path: None}
        case FileEditKind.MODIFY:
            return {path: _changed(_require_base(snapshot, file_edit), file_edit)}
        case FileEditKind.RENAME:
            if file_edit.new_path is None:
                raise EditMismatch("it is to be renamed, but not said to what", path=path)
            old_text = _require_base(snapshot, file_edit)
            _require_free(snapshot, file_edit.new_path)
            return {path: None, file_edit.new_path: _changed(old_text, file_edit)}


def _require_base(snapshot: Snapshot, file_edit: FileEdit) -> str:
    document = snapshot.documents.get(file_edit.path)
    if document is None:
        reason = snapshot.unreadable.get(file_edit.path)
        raise EditMismatch(
            f"it has no text that could be changed: {reason}"
            if reason
            else "there is no such file",
            path=file_edit.path,
        )
    if document.digest != file_edit.base_digest:
        raise EditMismatch("the edits speak of another text than the file has", path=document.path)
    return document.text


def _require_free(snapshot: Snapshot, path: WorkspacePath) -> None:
    if path in snapshot.documents or path in snapshot.unreadable:
        raise EditMismatch("it cannot be created: there is such a file already", path=path)


def _require_places(snapshot: Snapshot, texts: dict[WorkspacePath, str | None]) -> None:
    """Refuse a new file in the place of a directory, below a file, or beside its twin."""
    known = {*snapshot.documents, *snapshot.unreadable}
    new = [path for path, text in texts.items() if text is not None and path not in known]
    if not new:
        return
    files = {path for path in known | texts.keys() if texts.get(path, "") is not None}
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    twins = {_folded(path): path for path in files - set(new)}
    for path in new:
        if path in folders:
            raise EditMismatch("it cannot be created: this is a directory", path=path)
        for parent in PurePosixPath(path).parents:
            if WorkspacePath(str(parent)) in files:
                raise EditMismatch(
                    f"it cannot be created: {str(parent)!r} is a file, so nothing lies below it",
                    path=path,
                )
        if twin := twins.get(_folded(path)):
            raise EditMismatch(
                f"it cannot be created: on some systems it is the same file as {twin!r}", path=path
            )


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())


def _changed(old_text: str, file_edit: FileEdit) -> str:
    try:
        return changed_text(old_text, file_edit)
    except ValueError as error:
        raise EditMismatch(f"the edits do not fit the text: {error}", path=file_edit.path) from None
