"""How does a snapshot become an index? File by file; a text that is known is not parsed again."""

from pairwright.index.index import Index
from pairwright.syntax.outline import outline_of
from pairwright.workspace.snapshot import Snapshot


def build_index(snapshot: Snapshot) -> Index:
    """Return the index of a snapshot."""
    return update_index(Index(), snapshot)


def update_index(index: Index, snapshot: Snapshot) -> Index:
    """Return the snapshot's index; outlines of unchanged texts are taken from an older one."""
    outlines = []
    is_changed = len(index.outlines) != len(snapshot.documents)
    for path, document in snapshot.documents.items():
        known = index.outlines.get(path)
        if known is None or known.digest != document.digest:
            known = outline_of(path, document.text)
            is_changed = True
        outlines.append(known)
    return Index(outlines) if is_changed else index
