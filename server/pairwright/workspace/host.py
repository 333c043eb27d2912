"""What does the workspace say now? The one object whose state changes.

An open editor owns its text: what the disk says shows again when the editor lets go. Nothing here
awaits, so that no reader ever sees half a change.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from pairwright.errors import InvalidRequest, StaleChange
from pairwright.workspace.admission import Admission
from pairwright.workspace.documents import (
    Change,
    ChangeCause,
    DiskFact,
    Document,
    Origin,
    digest_text,
    look_up,
)
from pairwright.workspace.files import FileReader, FileStat, FileSystem
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot
from pairwright.workspace.tables import DiskFacts, Layered, Table

# A million lines are 5,000 to 10,000 source files, and often as many again that are none (pictures,
# fixtures, translations) and are counted all the same; what is known of 50,000 fits in 30 MB.
MAX_FILES = 50_000
MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of the files; a new one replaces the old when a change is whole."""

    disk: Mapping[WorkspacePath, Document] = field(default_factory=dict)
    overlays: Mapping[WorkspacePath, Document] = field(default_factory=dict)
    unreadable: Mapping[WorkspacePath, str] = field(default_factory=dict)
    textless: Mapping[WorkspacePath, DiskFact] = field(default_factory=dict)
    """What was seen of unreadable files; without those that the caps keep out."""
    pending: frozenset[WorkspacePath] = frozenset()
    unseen: int = 0
    """How many of the pending are not in `disk` and not unreadable."""


class WorkspaceHost:
    """The workspace's texts: those of the disk below those that editors have open."""

    def __init__(
        self, files: FileSystem, *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES
    ) -> None:
        """Start empty.

        Args:
            files: where the disk's texts come from.
            max_files: how many files are read at most.
            max_bytes: how many bytes are read at most, over all files.
        """
        self._files = files
        self._max_files = max_files
        self._admission = Admission(max_files, max_bytes)
        self._state = _State()
        self._snapshot = Snapshot(0, MappingProxyType({}), MappingProxyType({}))

    @property
    def snapshot(self) -> Snapshot:
        """The workspace as it is now."""
        return self._snapshot

    def disk_facts(self) -> Mapping[WorkspacePath, DiskFact]:
        """Return what is known of the disk's files; without those that the caps keep out."""
        return DiskFacts(self._state.disk, self._state.textless)

    def admit(
        self, changes: Mapping[WorkspacePath, FileStat | None]
    ) -> tuple[tuple[WorkspacePath, ...], tuple[DiskFact, ...]]:
        """Decide which of the listed files are to be read.

        Args:
            changes: what the directories say; None for a file that is gone.

        Returns:
            The files to read, and what is to be learned of the others: gone, not readable, or too
            much for one workspace.
        """
        return self._admission.admit(changes)

    def expect(self, paths: Iterable[WorkspacePath]) -> Snapshot:
        """Note that files are there and will be read; the revision stays."""
        draft = self._draft()
        draft.expect(paths)
        return self._replace(draft)

    def learn(self, facts: Iterable[DiskFact]) -> Snapshot:
        """Take over what was read of the disk as one step; the revision stays if that is no news.

        Texts are read when they are first asked for. Takes about 4 µs for each fact, and 1 ms for
        20,000 files that are known: thousands are better learned in pieces.
        """
        draft = self._draft()
        for fact in facts:
            is_refused = self._admission.is_refused(fact.path)
            if is_refused and fact.digest is not None:
                continue  # it was being read when it became too much
            draft.learn(self._admission.note(fact), is_refused=is_refused)
        return self._replace(draft)

    def scan(self) -> Snapshot:
        """Read every file that is not ignored, now; overlays stay.

        Past the caps nothing is read: `Snapshot.unreadable` names the files and says so.
        """
        self._admission.clear()
        draft = _Draft(
            _State(overlays=self._state.overlays), self._files, self._snapshot.revision + 1
        )
        draft.is_news = True
        listed = islice(self._files.list_files(), 2 * self._max_files + 1)
        self._read({stat.path: stat for stat in listed}, draft)
        return self._replace(draft)

    def refresh(self, paths: Iterable[WorkspacePath]) -> Snapshot:
        """Read files again, now; the revision stays when none of them changed."""
        draft = self._draft()
        self._reread(paths, draft)
        return self._replace(draft)

    def apply(self, changes: Iterable[Change]) -> Snapshot:
        """Make all changes as one step, or none.

        Raises:
            StaleChange: an editor's change is not newer than the overlay it changes.
            InvalidRequest: an editor's text has no version.
        """
        draft = self._draft()
        draft.is_news = True
        for change in changes:
            if change.cause is not ChangeCause.EDITOR:
                draft.put_disk(change)
            elif change.text is None:
                draft.overlays.drop(change.path)
                self._reread([change.path], draft)
            else:
                draft.put_overlay(change, change.text)
        return self._replace(draft)

    def _draft(self) -> "_Draft":
        return _Draft(self._state, self._files, self._snapshot.revision + 1)

    def _replace(self, draft: "_Draft") -> Snapshot:
        state = draft.state()
        if state is self._state:
            return self._snapshot
        self._state = state
        self._snapshot = _snapshot(state, self._snapshot.revision + draft.is_news)
        return self._snapshot

    def _reread(self, paths: Iterable[WorkspacePath], draft: "_Draft") -> None:
        self._read({path: self._files.stat(path) for path in paths}, draft)

    def _read(self, stats: Mapping[WorkspacePath, FileStat | None], draft: "_Draft") -> None:
        to_read, facts = self.admit(stats)
        for fact in facts:
            draft.learn(fact, is_refused=self._admission.is_refused(fact.path))
        for path in to_read:
            fact, content = look_up(self._files, path)
            fact = self._admission.note(fact)
            draft.learn(fact, text=content.text if content else None)


class _Draft:
    """A state in the making."""

    def __init__(self, state: _State, files: FileReader, revision: int) -> None:
        self._state = state
        self._files = files
        self._revision = revision
        self.disk = Table(state.disk)
        self.overlays = Table(state.overlays)
        self.unreadable = Table(state.unreadable)
        self.textless = Table(state.textless)
        self._pending = state.pending
        self._unseen = state.unseen
        self._settled: set[WorkspacePath] = set()
        self.is_news = False
        """Whether a document or a reason is another than before."""

    def state(self) -> _State:
        """Return the state; the old one if nothing at all is different."""
        if self._settled:
            self._pending -= self._settled
        old = self._state
        new = _State(
            self.disk.rows,
            self.overlays.rows,
            self.unreadable.rows,
            self.textless.rows,
            self._pending,
            self._unseen,
        )
        is_same = (
            new.disk is old.disk
            and new.overlays is old.overlays
            and new.unreadable is old.unreadable
            and new.textless is old.textless
            and new.pending is old.pending
        )
        return old if is_same and not self.is_news else new

    def expect(self, paths: Iterable[WorkspacePath]) -> None:
        """Note files that will be read."""
        new = frozenset(paths) - self._pending
        if new:
            self._pending |= new
            self._unseen += sum(not self._is_seen(path) for path in new)

    def _settle(self, path: WorkspacePath) -> None:
        """Note, before anything else, that something is known of a file now."""
        if path in self._pending and path not in self._settled:
            self._settled.add(path)
            self._unseen -= not self._is_seen(path)

    def _is_seen(self, path: WorkspacePath) -> bool:
        return path in self.disk.rows or path in self.unreadable.rows

    def learn(self, fact: DiskFact, *, text: str | None = None, is_refused: bool = False) -> None:
        """Take over one fact, with the text if that was read already."""
        path = fact.path
        self._settle(path)
        if fact.digest is None:
            self._put_textless(fact, is_kept=not is_refused)
            return
        self._drop_reason(path)
        known = self.disk.get(path)
        if known is None or known.digest != fact.digest or known.encoding != fact.encoding:
            self._put_disk(fact, fact.digest, text)
            self.is_news = True
        elif known.stat != fact.stat:
            self.disk.put(path, known.with_stat(fact.stat))

    def put_disk(self, change: Change) -> None:
        """Take over a text that is on the disk by now; when it was looked at is not known."""
        path = change.path
        self._settle(path)
        if change.text is None:
            self._put_textless(DiskFact(path, None, None))
            return
        self._drop_reason(path)
        digest = digest_text(change.text)
        self._put_disk(DiskFact(path, None, digest, change.encoding), digest, change.text)

    def put_overlay(self, change: Change, text: str) -> None:
        """Take over an editor's text."""
        if change.version is None:
            raise InvalidRequest(f"the editor's text of {change.path!r} has no version")
        known = self.overlays.get(change.path)
        if known is not None and known.version is not None and change.version <= known.version:
            raise StaleChange(
                f"{change.path!r} is at version {known.version}; "
                f"version {change.version} came too late"
            )
        # An editor does not say how the file is encoded; the disk does.
        on_disk = self.disk.get(change.path)
        encoding = on_disk.encoding if on_disk is not None else change.encoding
        document = Document(
            change.path, text, digest_text(text), change.version, Origin.OVERLAY, encoding
        )
        self.overlays.put(change.path, document)

    def _put_disk(self, fact: DiskFact, digest: str, text: str | None) -> None:
        document = Document(
            fact.path,
            text,
            digest,
            None,
            Origin.DISK,
            sys.intern(fact.encoding),
            stat=fact.stat,
            files=self._files,
            revision=self._revision,
        )
        self.disk.put(fact.path, document)

    def _put_textless(self, fact: DiskFact, *, is_kept: bool = True) -> None:
        """Note why a file has no text, or that there is no file."""
        path = fact.path
        self.is_news |= self.disk.drop(path)
        if fact.stat is None:
            self._drop_reason(path)
            return
        if self.unreadable.get(path) != fact.problem:
            self.unreadable.put(path, fact.problem)
            self.is_news = True
        if not is_kept:
            self.textless.drop(path)
        elif self.textless.get(path) != fact:
            self.textless.put(path, fact)

    def _drop_reason(self, path: WorkspacePath) -> None:
        if self.unreadable.drop(path):
            self.textless.drop(path)
            self.is_news = True


def _snapshot(state: _State, revision: int) -> Snapshot:
    """Lay the overlays over the disk, at a cost that depends on their number only."""
    overlays, unreadable, unseen = state.overlays, state.unreadable, state.unseen
    if any(path in unreadable for path in overlays):
        unreadable = {path: unreadable[path] for path in unreadable if path not in overlays}
    pending = state.pending
    if not pending.isdisjoint(overlays):
        hidden = pending.intersection(overlays)
        unseen -= sum(path not in state.disk and path not in state.unreadable for path in hidden)
        pending -= hidden
    return Snapshot(
        revision,
        Layered(overlays, state.disk) if overlays else MappingProxyType(state.disk),
        MappingProxyType(unreadable),
        pending,
        unseen,
    )
