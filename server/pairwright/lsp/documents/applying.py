"""How does a change reach a buffer that the editor owns? As `workspace/applyEdit`, version and all.

The daemon never writes a file that is open: it proposes, the buffer's owner applies.
"""

from typing import Any

from lsprotocol import types

from pairwright.engine.editors.editors import DocumentEdit, EditReason
from pairwright.lsp.documents.convert import PositionConverter
from pairwright.lsp.documents.sync import DocumentSync
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.lsp.stream.wire import structure, unstructure

_Part = types.TextDocumentEdit | types.DeleteFile

APPLY_TIMEOUT_S = 120.0
"""Seconds that an editor, and the person whom it asks, may take to apply an edit."""


class Applier:
    """Has one client apply edits to the documents that it has open."""

    def __init__(
        self, connection: Connection, documents: DocumentSync, traits: ClientTraits
    ) -> None:
        """Speak in the client's position encoding."""
        self._connection = connection
        self._documents = documents
        self._traits = traits

    async def apply(self, edits: tuple[DocumentEdit, ...]) -> str | None:
        """Return None when the client applied all edits, else why it did not."""
        parts: list[_Part] = []
        annotations: dict[str, types.ChangeAnnotation] = {}
        for edit in edits:
            document = self._documents.find(edit.path)
            if document is None:
                return f"{edit.path!r} is open in another editor: accept the change there"
            if document.version != edit.version:
                return f"{edit.path!r} was edited meanwhile"
            if edit.is_removed and not self._traits.abilities.removes_files:
                return f"it removes no files for us: close {edit.path!r} there first"
            converter = PositionConverter(document.text, self._traits.encoding)
            lsp_edits: list[Any] = [converter.to_lsp_edit(each) for each in edit.edits]
            if edit.reason is not None and self._annotates:
                name = f"pairwright-{len(annotations)}"
                annotations[name] = self._annotation(edit.reason)
                lsp_edits = [
                    types.AnnotatedTextEdit(name, each.range, each.new_text) for each in lsp_edits
                ]
            identity = types.OptionalVersionedTextDocumentIdentifier(document.uri, edit.version)
            # Of a file that goes away it says the version, which a removal cannot say.
            parts.append(types.TextDocumentEdit(identity, lsp_edits))
            if edit.is_removed:
                parts.append(types.DeleteFile(document.uri))
        try:
            return await self._ask(parts, annotations)
        except TimeoutError:
            return "the editor did not answer"
        except ClientGone as error:
            return str(error)
        except ProtocolError as error:
            return f"the editor refused: {error}"

    async def _ask(
        self,
        parts: list[_Part],
        annotations: dict[str, types.ChangeAnnotation],
    ) -> str | None:
        edit = self._workspace_edit(parts, annotations)
        params = types.ApplyWorkspaceEditParams(edit, label="Pairwright")
        answer = await self._connection.request(
            types.WORKSPACE_APPLY_EDIT, unstructure(params), timeout_s=APPLY_TIMEOUT_S
        )
        result: types.ApplyWorkspaceEditResult = structure(types.ApplyWorkspaceEditResult, answer)
        return None if result.applied else _refusal(parts, result)

    @property
    def _annotates(self) -> bool:
        return self._traits.checks_versions and self._traits.abilities.annotates

    def _annotation(self, reason: EditReason) -> types.ChangeAnnotation:
        """Return what an editor shows of an edit (LSP 3.16, `ChangeAnnotation`)."""
        # Where changes are reviewed, its person has seen the warning, and has said yes.
        is_to_confirm = bool(reason.warning) and not self._traits.abilities.reviews
        return types.ChangeAnnotation(
            reason.label,
            needs_confirmation=is_to_confirm,
            description=reason.warning or None,
        )

    def _workspace_edit(
        self,
        parts: list[_Part],
        annotations: dict[str, types.ChangeAnnotation],
    ) -> types.WorkspaceEdit:
        if self._traits.checks_versions:
            return types.WorkspaceEdit(
                document_changes=list[Any](parts), change_annotations=annotations or None
            )
        return types.WorkspaceEdit(
            changes={
                part.text_document.uri: list[Any](part.edits)
                for part in parts
                if isinstance(part, types.TextDocumentEdit)
            }
        )


def _refusal(parts: list[_Part], result: types.ApplyWorkspaceEditResult) -> str:
    reason = result.failure_reason or "the editor gave no reason"
    failed = result.failed_change
    if failed is None or not 0 <= failed < len(parts) or len(parts) == 1:
        return reason
    part = parts[failed]
    uri = part.uri if isinstance(part, types.DeleteFile) else part.text_document.uri
    name = uri.rpartition("/")[2]
    return f"{reason} (at {name})"
