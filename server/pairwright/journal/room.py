"""Which old changes give way so that the journal stays within its limits?"""

from collections.abc import Iterable

from pairwright.errors import UserError
from pairwright.journal.entries import JournalEntry
from pairwright.journal.finishing import Stores
from pairwright.journal.manifest import Manifests, Stage

_LISTED = 1_000
"""How many changes are listed that can no longer be taken back."""


def make_room(stores: Stores, *, keep: int, max_bytes: int) -> tuple[str, ...]:
    """Give up the oldest changes beyond the limits; return their ids, oldest first.

    The newest is never given up. The bytes that nobody needs then are still there.

    Raises:
        OSError: an entry cannot be marked as given up.
    """
    stages = stores.manifests.stages()
    done = [entry_id for entry_id, stage in stages.items() if stage is Stage.DONE]
    kept = set(_newest_that_fit(done, stores, keep=keep, max_bytes=max_bytes))
    given_up = tuple(entry_id for entry_id in done if entry_id not in kept)
    for entry_id in given_up:
        stores.manifests.move(entry_id, Stage.PRUNED)
    if given_up:
        listed = [*(id_ for id_, stage in stages.items() if stage is Stage.PRUNED), *given_up]
        for entry_id in sorted(listed)[:-_LISTED]:
            stores.manifests.discard(entry_id)
    return given_up


def used_blobs(manifests: Manifests) -> set[str] | None:
    """Return the digests that an entry still needs; None when that cannot be known."""
    used: set[str] = set()
    for entry_id, stage in manifests.stages().items():
        if stage is Stage.PRUNED:
            continue
        try:
            used |= _blobs_of(manifests.read(entry_id, stage))
        except UserError:
            return None  # a damaged manifest may name any of them
    return used


def _newest_that_fit(
    done: list[str], stores: Stores, *, keep: int, max_bytes: int
) -> Iterable[str]:
    sizes = stores.blobs.sizes()
    if len(done) <= keep and sum(sizes.values()) <= max_bytes:
        yield from done
        return
    counted: set[str] = set()
    for number, entry_id in enumerate(reversed(done)):
        try:
            counted |= _blobs_of(stores.manifests.read(entry_id, Stage.DONE))
        except UserError:
            continue
        size = sum(sizes.get(digest, 0) for digest in counted)
        if number and (number >= keep or size > max_bytes):
            return
        yield entry_id


def _blobs_of(entry: JournalEntry) -> set[str]:
    return {
        digest
        for record in entry.files
        for digest in (record.before, record.after)
        if digest is not None
    }
