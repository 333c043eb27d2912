"""How do the disk's texts get into the text index? A few at a time, while all else rests."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from pairwright.errors import StaleChange
from pairwright.index.text_index import TextIndex
from pairwright.workspace.documents import Document, Origin
from pairwright.workspace.snapshot import Snapshot

_AT_ONCE = 64


async def feed(text_index: TextIndex, current: Callable[[], Snapshot]) -> None:
    """Take the texts in that are missing; stops when the workspace changes.

    Args:
        text_index: where they are taken in.
        current: gives the workspace as it is now.
    """
    snapshot = current()
    by_digest = await asyncio.to_thread(_by_digest, snapshot)
    await asyncio.to_thread(text_index.keep_only, by_digest)
    missing = await asyncio.to_thread(text_index.missing, by_digest)
    for start in range(0, len(missing), _AT_ONCE):
        if current() is not snapshot:
            return
        some = [by_digest[digest] for digest in missing[start : start + _AT_ONCE]]
        await asyncio.to_thread(text_index.add, _texts(some))


def _by_digest(snapshot: Snapshot) -> dict[str, Document]:
    return {
        document.digest: document
        for document in snapshot.documents.values()
        if document.origin is Origin.DISK
    }


def _texts(documents: Iterable[Document]) -> Iterator[tuple[str, str]]:
    for document in documents:
        with suppress(StaleChange):
            yield document.digest, document.read_text()
