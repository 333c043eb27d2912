"""Which hunks did a change have? Each with a lasting id, so that one alone can be taken back."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from pairwright.errors import UnknownTask, UnreadableFile
from pairwright.journal.entries import FileRecord, JournalEntry
from pairwright.text.diff import Hunk, diff_texts
from pairwright.workspace.encodings import FileContent, decode_bytes
from pairwright.workspace.paths import WorkspacePath

Contents = Callable[[str], bytes]
"""Gives the bytes of a digest, as `Journal.content` does."""

NO_LINES = Hunk(0, (), 0, ())
"""The only hunk of a file that is no text, is empty, or of which only the mode changed."""

_ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class EntryHunk:
    """One hunk of a change, from its old to its new text."""

    hunk_id: str
    """The same whenever and wherever it is asked for."""
    path: WorkspacePath
    hunk: Hunk


def hunks_of(entry: JournalEntry, contents: Contents) -> tuple[EntryHunk, ...]:
    """Return the hunks of every file of the entry, in order; a file that came or went is one.

    Raises:
        UserError: what the files held is damaged, or was given up.
    """
    return tuple(
        EntryHunk(_hunk_id(entry.entry_id, record.path, hunk), record.path, hunk)
        for record in entry.files
        for hunk in _hunks_of_file(record, contents)
    )


def choose_hunks(
    entry: JournalEntry,
    known: Sequence[EntryHunk],
    *,
    paths: Collection[WorkspacePath] | None = None,
    hunks: Collection[str] | None = None,
) -> set[str]:
    """Return the ids of those hunks of an entry that are in these files and have these ids.

    Raises:
        UnknownTask: a path or a hunk is not of this entry.
    """
    chosen = {hunk.hunk_id for hunk in known}
    if hunks is not None:
        missing = set(hunks) - chosen
        if missing:
            raise UnknownTask(f"the change {entry.entry_id!r} has no hunk {min(missing)!r}")
        chosen = set(hunks)
    if paths is not None:
        unknown = set(paths) - {record.path for record in entry.files}
        if unknown:
            raise UnknownTask(f"the change {entry.entry_id!r} has no file {min(unknown)!r}")
        chosen &= {hunk.hunk_id for hunk in known if hunk.path in paths}
    return chosen


def texts_of(record: FileRecord, contents: Contents) -> tuple[FileContent, FileContent] | None:
    """Return a changed file's old and new text; None when they cannot be compared by lines.

    Raises:
        UserError: what the file held is damaged, or was given up.
    """
    if record.before is None or record.after is None:
        return None
    before = text_of(contents(record.before), record.path)
    after = text_of(contents(record.after), record.path)
    if before is None or after is None or before.encoding != after.encoding:
        return None
    return before, after


def text_of(content: bytes | None, path: WorkspacePath) -> FileContent | None:
    """Return the text of the bytes; None when there is none."""
    if content is None:
        return None
    try:
        return decode_bytes(content, path)
    except UnreadableFile:
        return None


def _hunks_of_file(record: FileRecord, contents: Contents) -> tuple[Hunk, ...]:
    if record.before is not None and record.after is not None:
        texts = texts_of(record, contents)
        hunks = diff_texts(texts[0].text, texts[1].text) if texts else ()
    else:
        before, after = (
            text_of(contents(digest) if digest else None, record.path)
            for digest in (record.before, record.after)
        )
        hunks = diff_texts(before.text if before else "", after.text if after else "")
    return hunks or (NO_LINES,)


def _hunk_id(entry_id: str, path: WorkspacePath, hunk: Hunk) -> str:
    meant = repr((entry_id, path, hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines))
    digest = hashlib.sha256(meant.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:_ID_DIGITS]
