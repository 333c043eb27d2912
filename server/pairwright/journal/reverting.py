"""What must files hold so that a change is taken back? Three-way: what came later stays.

Pure: it says what to write and writes nothing. A redo is the same question, asked of the entry that
took the change back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pairwright.errors import InvalidRequest, UnreadableFile, UserError
from pairwright.journal.entries import FileRecord, FileWrite, JournalEntry
from pairwright.journal.hunks import Contents, EntryHunk, choose_hunks, hunks_of, text_of, texts_of
from pairwright.journal.tree import digest_bytes
from pairwright.text.diff import Hunk, apply_hunks, diff_texts
from pairwright.text.rebase import rebase
from pairwright.workspace.encodings import FileContent, decode_bytes, encode_text
from pairwright.workspace.paths import WorkspacePath

Bytes = Mapping[WorkspacePath, bytes | None]


@dataclass(frozen=True, slots=True)
class RevertConflict:
    """A part of the change that somebody changed since; it is left as it is now."""

    path: WorkspacePath
    reason: str
    """One sentence for a person; line numbers in it are one-based and of the text as the change
    left it."""
    ours: str
    """What the change had written there; empty when it is no text."""
    theirs: str
    """What is there now; empty when it is no text."""
    original: str = ""
    """What stood there before the change, and would have come back."""


@dataclass(frozen=True, slots=True)
class RevertedFile:
    """What one file is to hold so that the change, or the chosen part of it, is taken back."""

    path: WorkspacePath
    before: bytes | None
    """What it holds now; None: it is not there."""
    content: bytes | None
    """What it is to hold; None: it goes away."""
    mode: int | None = None
    """Its permission bits; None: as they are."""
    moved_from: WorkspacePath | None = None
    """The file whose place this one takes."""

    def to_write(self, *, in_editor: bool = False) -> FileWrite:
        """Return the write that does it."""
        return FileWrite(
            self.path,
            None if self.before is None else digest_bytes(self.before),
            self.content,
            mode=self.mode,
            in_editor=in_editor,
            old_content=self.before if in_editor else None,
            moved_from=self.moved_from,
        )


@dataclass(frozen=True, slots=True)
class Reverted:
    """What takes a change back, and what of it cannot be taken back."""

    entry_id: str
    files: tuple[RevertedFile, ...]
    """Only those that change; empty when everything is as it was before already."""
    conflicts: tuple[RevertConflict, ...]
    hunks: tuple[str, ...] | None
    """The hunks that are taken back; None: all of the entry. `EntryNote.hunks` keeps it."""


def revert(
    entry: JournalEntry,
    contents: Contents,
    current: Bytes,
    *,
    paths: Collection[WorkspacePath] | None = None,
    hunks: Collection[str] | None = None,
    modes: Mapping[WorkspacePath, int] | None = None,
) -> Reverted:
    """Return what takes an entry back, or the part of it that is chosen.

    Args:
        entry: the change.
        contents: gives the bytes of a digest, as `Journal.content` does.
        current: what each of its files holds now; None, or not in it: there is no such file.
        paths: only these files of it; a file that moved is taken with its old path.
        hunks: only these hunks of it, by the ids of `hunks_of`.
        modes: the files' permission bits now; those that somebody changed since stay.

    Raises:
        UnknownTask: a path or a hunk is not of this entry.
        UserError: what the files held is damaged, or was given up.
    """
    _require_kept(entry)
    known = hunks_of(entry, contents)
    moves = _moves_of(entry)
    chosen = _with_partners(choose_hunks(entry, known, paths=paths, hunks=hunks), known, moves)
    outcome = _Outcome()
    old_paths = {old.path for old in moves.values()}
    for record in entry.files:
        of_file = [hunk for hunk in known if hunk.path == record.path]
        wanted = [hunk for hunk in of_file if hunk.hunk_id in chosen]
        if not wanted or record.path in old_paths:
            continue
        file = _File(record, contents, current.get(record.path), wanted)
        if record.path in moves:
            old = moves[record.path]
            old_hunks = [hunk for hunk in known if hunk.path == old.path]
            _revert_move(file, _File(old, contents, current.get(old.path), old_hunks), outcome)
        else:
            mode = _mode_to_restore(record, modes) if len(wanted) == len(of_file) else None
            _revert_file(file, outcome, mode=mode, is_whole=len(wanted) == len(of_file))
    done = tuple(hunk.hunk_id for hunk in known if hunk.hunk_id in outcome.done)
    return Reverted(
        entry.entry_id,
        tuple(outcome.files),
        tuple(outcome.conflicts),
        None if len(done) == len(known) else done,
    )


def revert_each(
    entries: Sequence[JournalEntry],
    contents: Contents,
    current: Bytes,
    *,
    hunks: Mapping[str, Collection[str]] | None = None,
    modes: Mapping[WorkspacePath, int] | None = None,
) -> tuple[Reverted, ...]:
    """Return what takes several entries back, as those of one task: newest first.

    Each result reckons with those before it; `merge` makes one change of them.

    Args:
        entries: the changes.
        contents: gives the bytes of a digest, as `Journal.content` does.
        current: what each of their files holds now.
        hunks: by an entry's id, only these hunks of it; not in it: all of the entry.
        modes: the files' permission bits now; those that somebody changed since stay.

    Raises:
        UnknownTask: a hunk is not of its entry.
        UserError: what the files held is damaged, or was given up.
    """
    now, modes_now = dict(current), dict(modes or {})
    results = []
    for entry in sorted(entries, key=lambda entry: entry.entry_id, reverse=True):
        wanted = (hunks or {}).get(entry.entry_id)
        result = revert(entry, contents, now, hunks=wanted, modes=modes_now)
        for file in result.files:
            now[file.path] = file.content
            if file.content is None:
                modes_now.pop(file.path, None)
            elif file.mode is not None:
                modes_now[file.path] = file.mode
        results.append(result)
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the entry, and which of its hunks are to go."""

    record: FileRecord
    contents: Contents
    current: bytes | None
    wanted: Sequence[EntryHunk]

    @property
    def path(self) -> WorkspacePath:
        return self.record.path

    @property
    def before(self) -> bytes | None:
        return None if self.record.before is None else self.contents(self.record.before)

    @property
    def after(self) -> bytes | None:
        return None if self.record.after is None else self.contents(self.record.after)


@dataclass(slots=True)
class _Outcome:
    files: list[RevertedFile] = field(default_factory=list)
    conflicts: list[RevertConflict] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    def put(self, *files: RevertedFile) -> None:
        """Add what changes."""
        self.files += [
            file for file in files if file.content != file.before or file.mode is not None
        ]

    def finish(self, hunks: Sequence[EntryHunk]) -> None:
        """Note that these hunks are taken back."""
        self.done.update(hunk.hunk_id for hunk in hunks)

    def refuse(self, file: _File, reason: str) -> None:
        """Leave the whole file as it is."""
        self.conflicts.append(
            RevertConflict(
                file.path,
                f"{file.path} {reason}",
                _shown(file.after, file.path),
                _shown(file.current, file.path),
                _shown(file.before, file.path),
            )
        )


def _require_kept(entry: JournalEntry) -> None:
    if entry.is_pruned:
        raise UserError(
            f"the change {entry.entry_id!r} can no longer be taken back: its bytes were given up "
            "for newer changes"
        )


def _revert_file(file: _File, outcome: _Outcome, *, mode: int | None, is_whole: bool) -> None:
    before, after = file.before, file.after
    if is_whole and file.current == after:
        outcome.put(RevertedFile(file.path, file.current, before, mode))
        outcome.finish(file.wanted)
    elif file.current == before:
        outcome.finish(file.wanted)
    elif file.current is None:
        outcome.refuse(file, "was removed since")
    elif before is None:
        outcome.refuse(file, "is new, and was changed since: remove it by hand if it may go")
    elif after is None:
        outcome.refuse(file, "is there again, with another content")
    else:
        _revert_lines(file, outcome, mode=mode)


def _revert_lines(file: _File, outcome: _Outcome, *, mode: int | None) -> None:
    texts = texts_of(file.record, file.contents)
    now = text_of(file.current, file.path)
    if texts is None or now is None:
        outcome.refuse(file, "is no text that could be compared by lines, and was changed since")
        return
    inverse = {_inverse(hunk.hunk): hunk for hunk in file.wanted}
    text, conflicts, refused = _carried(file.path, texts[1].text, tuple(inverse), now.text)
    try:
        content = _encoded(text, now, file.path)
    except (InvalidRequest, UnreadableFile):
        outcome.refuse(file, "has another encoding since, which cannot express the old text")
        return
    outcome.conflicts += conflicts
    outcome.finish([hunk for old, hunk in inverse.items() if old not in refused])
    outcome.put(RevertedFile(file.path, file.current, content, None if conflicts else mode))


def _revert_move(new: _File, old: _File, outcome: _Outcome) -> None:
    """Move a file back; what was changed at its new place since goes with it."""
    if new.current is None and old.current == old.before:
        outcome.finish([*new.wanted, *old.wanted])
        return
    if new.current is None:
        outcome.refuse(new, "was removed since")
        return
    if old.current is not None:
        outcome.refuse(old, "is there again, so that nothing can move back to it")
        return
    content = old.before
    if new.current != new.after:
        content = _moved_content(new, old, outcome)
        if content is None:
            return
    mode = old.record.old_mode or None
    outcome.put(
        RevertedFile(old.path, None, content, mode, moved_from=new.path),
        RevertedFile(new.path, new.current, None),
    )
    outcome.finish([*new.wanted, *old.wanted])


def _moved_content(new: _File, old: _File, outcome: _Outcome) -> bytes | None:
    before, after = text_of(old.before, old.path), text_of(new.after, new.path)
    now = text_of(new.current, new.path)
    if before is None or after is None or now is None:
        outcome.refuse(new, "is no text that could be compared by lines, and was changed since")
        return None
    hunks = diff_texts(after.text, before.text)
    text, conflicts, _ = _carried(new.path, after.text, hunks, now.text)
    try:
        content = _encoded(text, now, old.path)
    except (InvalidRequest, UnreadableFile):
        outcome.refuse(new, "has another encoding since, which cannot express the old text")
        return None
    outcome.conflicts += conflicts
    return None if conflicts else content


def _carried(
    path: WorkspacePath, base: str, hunks: Sequence[Hunk], now: str
) -> tuple[str, list[RevertConflict], set[Hunk]]:
    """Return the text with the hunks that can be carried, the conflicts, and their hunks."""
    rebased = rebase(base, hunks, now)
    real = [conflict for conflict in rebased.conflicts if not conflict.is_made]
    conflicts = [
        RevertConflict(
            path,
            conflict.reason,
            "".join(conflict.hunk.old_lines),
            "".join(conflict.current_lines),
            "".join(conflict.hunk.new_lines),
        )
        for conflict in real
    ]
    return apply_hunks(now, rebased.hunks), conflicts, {conflict.hunk for conflict in real}


def _encoded(text: str, now: FileContent, path: WorkspacePath) -> bytes:
    """Return the text's bytes in the encoding that the file has now.

    Raises:
        InvalidRequest, UnreadableFile: it cannot be expressed, or would be read as another text.
    """
    content = encode_text(text, now.encoding)
    if decode_bytes(content, path) != FileContent(text, now.encoding):
        raise UnreadableFile(f"{path!r} declares another encoding than it has")
    return content


def _with_partners(
    chosen: set[str], known: Sequence[EntryHunk], moves: Mapping[WorkspacePath, FileRecord]
) -> set[str]:
    """Add the other half of each move of which one half is chosen."""
    for new_path, old in moves.items():
        pair = {hunk.hunk_id for hunk in known if hunk.path in (new_path, old.path)}
        if pair & chosen:
            chosen = chosen | pair
    return chosen


def _moves_of(entry: JournalEntry) -> dict[WorkspacePath, FileRecord]:
    """Return the removed file that each moved one was, by its new path."""
    removed = {record.path: record for record in entry.files if record.after is None}
    return {
        record.path: removed[record.moved_from]
        for record in entry.files
        if record.before is None and record.moved_from in removed
    }


def _mode_to_restore(record: FileRecord, modes: Mapping[WorkspacePath, int] | None) -> int | None:
    if record.after is None:
        return record.old_mode or None
    if record.before is None or record.old_mode == record.new_mode:
        return None
    now = (modes or {}).get(record.path, record.new_mode)
    return record.old_mode if now == record.new_mode else None


def _inverse(hunk: Hunk) -> Hunk:
    return Hunk(hunk.new_start, hunk.new_lines, hunk.old_start, hunk.old_lines)


def _shown(content: bytes | None, path: WorkspacePath) -> str:
    text = text_of(content, path)
    return text.text if text else ""
