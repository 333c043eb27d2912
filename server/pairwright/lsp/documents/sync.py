"""What does the editor's buffer say? The client's open documents, kept exactly as LSP means them.

A document outside the workspace is the client's own affair: it is known and never passed on.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from pairwright.errors import PathOutsideWorkspace
from pairwright.lsp.documents.convert import PositionConverter
from pairwright.lsp.handshake import PositionEncoding
from pairwright.lsp.session import Session
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.text.edits import TextEdit, apply_edits
from pairwright.workspace.paths import WorkspacePath, parse_path


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A buffer of the client."""

    uri: str
    path: WorkspacePath | None
    """None outside the workspace."""
    text: str
    version: int


class DocumentSync:
    """The documents that one client has open."""

    def __init__(self, session: Session, root: Path, encoding: PositionEncoding) -> None:
        """Begin with none."""
        self._session = session
        self._root = root
        self._encoding = encoding
        self._documents: dict[str, OpenDocument] = {}

    def find(self, path: WorkspacePath) -> OpenDocument | None:
        """Return the open document of that path."""
        found = (document for document in self._documents.values() if document.path == path)
        return next(found, None)

    def named(self, uri: str) -> OpenDocument | None:
        """Return the open document of that URI, in the workspace or not."""
        return self._documents.get(uri)

    def did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take a buffer over; opened twice, the second counts."""
        opened = params.text_document
        path = workspace_path(opened.uri, self._root)
        document = OpenDocument(opened.uri, path, opened.text, opened.version)
        self._documents[document.uri] = document
        if document.path is not None:
            self._session.document_opened(document.path, document.text, document.version)

    def did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Apply the changes in their order; each speaks of the text after the one before.

        Raises:
            ProtocolError: the document is not open, or the version is not newer.
        """
        uri, version = params.text_document.uri, params.text_document.version
        document = self._require(uri)
        if version <= document.version:
            reason = f"version {version} is not newer than {document.version}"
            raise ProtocolError(ErrorCode.INVALID_PARAMS, reason)
        text = document.text
        for change in params.content_changes:
            text = self._apply(text, change)
        self._documents[uri] = OpenDocument(uri, document.path, text, version)
        if document.path is not None:
            self._session.document_changed(document.path, text, version)

    def did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Let go of a buffer.

        Raises:
            ProtocolError: the document is not open.
        """
        document = self._require(params.text_document.uri)
        del self._documents[document.uri]
        if document.path is not None:
            self._session.document_closed(document.path)

    def did_save(self, params: types.DidSaveTextDocumentParams) -> None:
        """Know of a save: the buffer stays the truth, and the disk's watcher sees the file.

        Raises:
            ProtocolError: the document is not open.
        """
        self._require(params.text_document.uri)

    def _apply(self, text: str, change: types.TextDocumentContentChangeEvent) -> str:
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            return change.text
        text_range = PositionConverter(text, self._encoding).from_lsp_range(change.range)
        return apply_edits(text, [TextEdit(text_range, change.text)])

    def _require(self, uri: str) -> OpenDocument:
        if document := self._documents.get(uri):
            return document
        raise ProtocolError(ErrorCode.INVALID_PARAMS, f"{uri[:200]!r} is not open")


def workspace_path(uri: str, root: Path) -> WorkspacePath | None:
    """Return which file of the workspace a URI names; None when it names none.

    The client may write the root in another way, through a symbolic link say.
    """
    path = to_fs_path(uri)
    if not path or not os.path.isabs(path) or "\0" in path:
        return None
    folder, name = os.path.split(path)
    relative = os.path.relpath(os.path.join(os.path.realpath(folder), name), root)
    try:
        return parse_path(relative)
    except PathOutsideWorkspace:
        return None
