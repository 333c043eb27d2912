"""How far is each entry, and where is it written down?

One file an entry: its manifest. The ending of its name says how far the entry is, so that one
rename decides:

    ID.staged      nothing was touched yet; discarded after a crash
    ID.commit      decided: the files are being written; finished after a crash
    ID.rollback    refused half-way: the files are being put back; finished after a crash
    ID.done        written; what undo reads
    ID.pruned      written long ago; its bytes are no longer kept
"""

import json
import os
import re
import secrets
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path

from pairwright.errors import UserError
from pairwright.journal.calls import Calls, system_reason
from pairwright.journal.entries import FileRecord, JournalEntry

_FORMAT = 2
_SHOWN = "journal/entries"
_MORE = "also_reverts"
_NAME = re.compile(r"(?P<entry_id>\d{6,}-[0-9a-f]{8})\.(?P<stage>[a-z]+)")


class Stage(StrEnum):
    """How far an entry is; the ending of its manifest's name."""

    STAGED = "staged"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    DONE = "done"
    PRUNED = "pruned"


_STAGES = frozenset(stage.value for stage in Stage)


class Manifests:
    """The manifests of one journal."""

    def __init__(self, folder: Path, calls: Calls) -> None:
        """Keep them in that directory; one writer at a time."""
        self._folder = folder
        self._calls = calls

    def new_id(self) -> str:
        """Return an id that sorts behind all others."""
        newest = max((int(entry_id.partition("-")[0]) for entry_id in self.stages()), default=0)
        return f"{newest + 1:06d}-{secrets.token_hex(4)}"

    def stages(self) -> dict[str, Stage]:
        """Return how far each entry is, by its id, oldest first."""
        try:
            with self._calls.announced("list", _SHOWN):
                names = os.listdir(self._folder)
        except FileNotFoundError:
            return {}
        found = [match for name in names if (match := _NAME.fullmatch(name))]
        return {
            match["entry_id"]: Stage(match["stage"])
            for match in sorted(found, key=lambda match: _order(match["entry_id"]))
            if match["stage"] in _STAGES
        }

    def write(self, entry: JournalEntry) -> None:
        """Write an entry's manifest to the disk, as staged."""
        stored = {
            "format": _FORMAT,
            **asdict(replace(entry, is_pruned=False, pruned=())),
            **_stored_reverts(entry.reverts),
        }
        with self._calls.opened(self._folder, _SHOWN) as directory:
            self._calls.write_new(
                directory,
                f"{entry.entry_id}.{Stage.STAGED}",
                json.dumps(stored).encode(),
                mode=0o600,
                shown=f"{_SHOWN}/{entry.entry_id}",
            )

    def move(self, entry_id: str, stage: Stage) -> None:
        """Take an entry to a stage, and return when that is on the disk."""
        shown = f"{_SHOWN}/{entry_id}"
        old, new = f"{entry_id}.{self.stages()[entry_id]}", f"{entry_id}.{stage}"
        with self._calls.opened(self._folder, _SHOWN) as directory:
            self._calls.rename(directory, old, new, shown=f"{shown}.{stage}")
            self._calls.sync(directory, shown=_SHOWN)

    def discard(self, entry_id: str) -> None:
        """Forget an entry, if there is one, and return when that is on the disk."""
        stage = self.stages().get(entry_id)
        if stage is None:
            return
        with self._calls.opened(self._folder, _SHOWN) as directory:
            name = f"{entry_id}.{stage}"
            self._calls.unlink(directory, name, shown=f"{_SHOWN}/{entry_id}")
            self._calls.sync(directory, shown=_SHOWN)

    def read(self, entry_id: str, stage: Stage) -> JournalEntry:
        """Return an entry.

        Raises:
            UserError: its manifest is damaged, of another version, or cannot be read.
        """
        shown = f"{_SHOWN}/{entry_id}"
        try:
            with self._calls.announced("read", shown):
                stored = (self._folder / f"{entry_id}.{stage}").read_bytes()
        except OSError as error:
            raise UserError(f"an entry cannot be read: {system_reason(error)}") from error
        try:
            fields = json.loads(stored)
            if fields.pop("format") != _FORMAT or fields["entry_id"] != entry_id:
                raise ValueError("not what this version writes")
            fields["files"] = tuple(FileRecord(**record) for record in fields["files"])
            fields["reverts"] = _reverts_of(fields["reverts"], fields.pop(_MORE, []))
            for name in ("new_directories", "old_directories"):
                fields[name] = tuple(fields[name])
            if fields["hunks"] is not None:
                fields["hunks"] = tuple(fields["hunks"])
            fields |= {"is_pruned": stage is Stage.PRUNED, "pruned": ()}
            return JournalEntry(**fields)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f"entry {entry_id!r} of the journal is damaged, or of another version: move it "
                "out of the workspace's state directory, where it is kept, and look at its files"
            ) from error


def _stored_reverts(reverts: tuple[str, ...]) -> dict[str, object]:
    """Return how it is written down: more than one is beyond what earlier versions read."""
    stored: dict[str, object] = {"reverts": reverts[0] if reverts else None}
    if len(reverts) > 1:
        stored[_MORE] = reverts[1:]
    return stored


def _reverts_of(first: object, more: object) -> tuple[str, ...]:
    named = [] if first is None else [first]
    if not isinstance(more, list):
        raise TypeError("more entries are taken back, and not as a list")
    reverts = tuple(each for each in [*named, *more] if isinstance(each, str))
    if len(reverts) != len(named) + len(more):
        raise ValueError("an entry is taken back that has no id")
    return reverts


def _order(entry_id: str) -> tuple[int, str]:
    return int(entry_id.partition("-")[0]), entry_id
