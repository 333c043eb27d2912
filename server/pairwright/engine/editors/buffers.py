"""How are open documents changed? By the editors that own them, all documents or none.

An editor's word is not enough: afterwards each document is looked at. One that did not come to its
new text fails the whole, and the editors are asked to take the others back. What a person types
meanwhile is never taken away.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from pairwright.engine.editors.editors import DocumentEdit, EditReason, OpenDocuments
from pairwright.errors import StaleChange
from pairwright.text.diff import apply_hunks, diff_texts
from pairwright.text.edits import edits_between
from pairwright.text.rebase import rebase
from pairwright.workspace.documents import Document, Origin
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BufferChange:
    """A new text for a document that an editor has open."""

    path: WorkspacePath
    before: str
    after: str | None
    """None: the file goes away, and its document with it."""
    reason: EditReason | None = None


async def change_buffers(
    changes: Iterable[BufferChange], host: WorkspaceHost, open_documents: OpenDocuments
) -> None:
    """Have every document's editor change it, and look whether it did.

    Raises:
        StaleChange: an editor refused, or did something else than it said; names the documents
            that it has to be looked at in, and all others are as they were.
    """
    asked: list[BufferChange] = []
    try:
        for owner, of_owner in _by_owner(changes, open_documents):
            asked += of_owner
            await _ask(owner, of_owner, host, open_documents)
    except Exception as error:
        left = await take_back_buffers(asked, host, open_documents)
        if not left:
            raise
        raise StaleChange(f"{error}; {_undo_there(left)}") from error


async def take_back_buffers(
    changes: Iterable[BufferChange], host: WorkspaceHost, open_documents: OpenDocuments
) -> tuple[WorkspacePath, ...]:
    """Have editors undo what stands of the changes; return the documents where they did not.

    A file that went away is not brought back by its editor: whoever asked has its text.
    """
    left: list[WorkspacePath] = []
    standing: list[BufferChange] = []
    for change in changes:
        text = _text_of(change.path, host)
        if text is None or text == change.before or change.after is None:
            continue
        back = rebase(change.after, diff_texts(change.after, change.before), text)
        if not back.conflicts:
            # What was typed beside it stays.
            standing.append(BufferChange(change.path, text, apply_hunks(text, back.hunks)))
        elif back.hunks:
            left.append(change.path)
    for owner, of_owner in _by_owner(standing, open_documents):
        try:
            await _ask(owner, of_owner, host, open_documents)
        except Exception as error:
            _log.warning("an editor did not go back: %s", error)
            left += [change.path for change in of_owner]
    return tuple(left)


def describe_left(left: Iterable[WorkspacePath], failure: Exception) -> StaleChange:
    """Return the error for a failure after which documents are not as they were."""
    return StaleChange(f"{failure}; {_undo_there(left)}")


def _undo_there(left: Iterable[WorkspacePath]) -> str:
    return f"the editor holds its part: undo {', '.join(sorted(left))} there"


def _by_owner(
    changes: Iterable[BufferChange], open_documents: OpenDocuments
) -> list[tuple[object | None, tuple[BufferChange, ...]]]:
    groups: dict[object | None, list[BufferChange]] = {}
    for change in changes:
        groups.setdefault(open_documents.owner_of(change.path), []).append(change)
    return [(owner, tuple(group)) for owner, group in groups.items()]


async def _ask(
    owner: object | None,
    changes: tuple[BufferChange, ...],
    host: WorkspaceHost,
    open_documents: OpenDocuments,
) -> None:
    apply = open_documents.applier_of(owner)
    if apply is None:
        names = ", ".join(sorted(change.path for change in changes))
        raise StaleChange(
            f"an editor that takes no edits has {names} open: save and close it there first"
        )
    for change in changes:
        if change.after is None and open_documents.is_shared(change.path):
            raise StaleChange(
                f"{change.path} is open in more than one editor: close it in all but one, then it "
                "can go away"
            )
    edits = tuple(_document_edit(change, host) for change in changes)
    refusal = await apply(edits)
    if refusal is not None:
        if len(changes) > 1:
            # It may have made some of the edits before the one that it could not make.
            await open_documents.until_quiet()
        raise StaleChange(
            f"the editor did not apply the change (see to it there, and decide again): {refusal}"
        )
    await open_documents.until_shown({change.path: change.after for change in changes})
    for change in changes:
        if change.after is None:
            _require_removed(change.path, host)
        else:
            _require_made(change.path, change.before, change.after, _text_of(change.path, host))


def _document_edit(change: BufferChange, host: WorkspaceHost) -> DocumentEdit:
    document = _document(change.path, host)
    if document is None or document.text != change.before:
        raise StaleChange(f"{change.path} was edited meanwhile: decide again")
    if change.after is None:
        return DocumentEdit(change.path, document.version, (), change.reason, is_removed=True)
    edits = edits_between(change.before, change.after)
    return DocumentEdit(change.path, document.version, edits, change.reason)


def _require_made(path: WorkspacePath, before: str, after: str, now: str | None) -> None:
    """Return when the change stands in the text, whatever was typed beside it."""
    if now == after:
        return
    if now is None:
        raise StaleChange(f"{path} was closed while it was changed: decide again")
    if now == before:
        raise StaleChange(
            "the editor said that it applied the change, but as far as it told us "
            f"{path} is as it was: if it shows the change, undo it there; then decide again"
        )
    if rebase(after, diff_texts(after, before), now).conflicts:
        raise StaleChange(
            f"the editor said that it applied the change, but {path} holds another text: "
            "look at it there"
        )


def _require_removed(path: WorkspacePath, host: WorkspaceHost) -> None:
    """Return when the editor has let go of the document, and its file is gone."""
    if _document(path, host) is not None:
        raise StaleChange(
            f"the editor said that it removed {path}, but it still has it open: close it there, "
            "then decide again"
        )
    if path in host.refresh((path,)).documents:
        raise StaleChange(f"the editor closed {path}, but did not remove it: decide again")


def _document(path: WorkspacePath, host: WorkspaceHost) -> Document | None:
    document = host.snapshot.documents.get(path)
    return document if document is not None and document.origin is Origin.OVERLAY else None


def _text_of(path: WorkspacePath, host: WorkspaceHost) -> str | None:
    """Return an open document's text; None when no editor has it open."""
    document = _document(path, host)
    return document.text if document is not None else None
