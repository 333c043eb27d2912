"""How does a snapshot become an index at once? File by file; a known text is not parsed again.

For few files, such as those a change touches: a workspace is read by the indexer.
"""

from collections.abc import Mapping

from pairwright.index.index import Index
from pairwright.index.segment import IndexedFile
from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.registry import language_of
from pairwright.workspace.documents import digest_text
from pairwright.workspace.paths import WorkspacePath, parse_path
from pairwright.workspace.snapshot import Snapshot


def build_index(snapshot: Snapshot) -> Index:
    """Return the index of a snapshot."""
    return update_index(Index(), snapshot)


def update_index(index: Index, snapshot: Snapshot) -> Index:
    """Return the snapshot's index; what an older one knows of unchanged texts is kept."""
    changes: dict[WorkspacePath, IndexedFile | None] = {}
    for path in index.files:
        if path not in snapshot.documents:
            changes[path] = None
    for path, document in snapshot.documents.items():
        known = index.files.get(path)
        if known is None or known.digest != document.digest:
            changes[path] = indexed_file(path, document.text)
    return index.with_files(changes)


def index_of(files: Mapping[str, str]) -> Index:
    """Return the index of texts, by path."""
    paths = {parse_path(path): text for path, text in files.items()}
    return Index().with_files({path: indexed_file(path, text) for path, text in paths.items()})


def indexed_file(path: WorkspacePath, text: str) -> IndexedFile:
    """Return a text as the index takes it, parsed here and now."""
    language = language_of(path)
    packed = packed_outline_of(language, text) if language is not None else None
    return IndexedFile(path, digest_text(text), packed)
