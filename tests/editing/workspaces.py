"""How does an editing test get its snapshot? From texts by path."""

from collections.abc import Mapping

from pairwright.editing.blocks import Block, EditParser
from pairwright.workspace.documents import Document, Origin, digest_text
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.snapshot import Snapshot


def snapshot_of(files: Mapping[str, str], unreadable: Mapping[str, str] | None = None) -> Snapshot:
    """Return a snapshot at revision 7 that holds these texts."""
    documents: dict[WorkspacePath, Document] = {}
    for name, text in files.items():
        path = parse_path(name)
        documents[path] = Document(path, text, digest_text(text), None, Origin.DISK)
    reasons = {parse_path(name): reason for name, reason in (unreadable or {}).items()}
    return Snapshot(7, documents, reasons)


def read_answer(parser: EditParser, *pieces: str) -> tuple[Block, ...]:
    """Feed the pieces and finish; return all blocks."""
    blocks: list[Block] = []
    for piece in pieces:
        blocks += parser.feed(piece)
    return (*blocks, *parser.finish())
