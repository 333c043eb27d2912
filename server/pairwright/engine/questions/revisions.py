"""What did a client read? The snapshots that answers spoke of, for edits that were made of them."""

from pairwright.errors import InvalidRequest
from pairwright.workspace.snapshot import Snapshot

_MOST = 16
"""A snapshot holds a table of all files, though not their texts."""


class Revisions:
    """The latest snapshots that were told of; the oldest are forgotten."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[int, Snapshot] = {}

    def note(self, snapshot: Snapshot) -> None:
        """Remember that a client was told of this revision."""
        self._known.pop(snapshot.revision, None)
        self._known[snapshot.revision] = snapshot
        for revision in tuple(self._known)[:-_MOST]:
            del self._known[revision]

    def find(self, revision: int) -> Snapshot:
        """Return what was read at a revision.

        Raises:
            InvalidRequest: it is not remembered.
        """
        try:
            return self._known[revision]
        except KeyError:
            raise InvalidRequest(
                f"revision {revision} is not remembered here: read the files again, and name the "
                "revision that the answer has"
            ) from None
