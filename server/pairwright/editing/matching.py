"""Which edit of which file is a block? One place and no doubt, or a refusal that says why.

A refusal is worded for the model that wrote the block; line numbers in it are one-based.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from pairwright.editing import reasons
from pairwright.editing.blocks import (
    Block,
    DeleteFile,
    MalformedBlock,
    RenameFile,
    SearchReplace,
    WholeFile,
    WholeSymbol,
)
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.editing.lines import TextLines, lines_of
from pairwright.editing.placing import (
    Misplaced,
    NotThere,
    search_replace_hunks,
    symbol_text,
    whole_file_hunks,
    whole_symbol_hunks,
)
from pairwright.errors import EditMismatch, StaleChange, UserError
from pairwright.text.diff import Hunk
from pairwright.text.edits import TextEdit, apply_edits
from pairwright.text.ranges import TextRange
from pairwright.workspace.documents import Document
from pairwright.workspace.paths import (
    Protection,
    WorkspacePath,
    parse_path,
    protection_of,
    require_editable,
)
from pairwright.workspace.snapshot import Snapshot

_SHOWN_OF_A_BAD_PATH = 200
_OTHER_FILES = 50
"""How many files are searched for lines that are not in the one that was named."""


def place(
    block: Block,
    snapshot: Snapshot,
    editable: Collection[WorkspacePath] | None,
    *,
    read: Snapshot | None = None,
) -> FileEdit:
    """Return the edit that a block means.

    Lines that the block leaves as they are stay untouched, to the character; lines that it writes
    get the file's own line ends.

    Args:
        block: what the model wrote.
        snapshot: what the files say.
        editable: the paths that may be touched, also those of new files; None for any but the
            protected ones. A path that needs approval has to be among them.
        read: what the model saw, when that may be older than `snapshot`.

    Raises:
        EditMismatch: the block does not mean exactly one change of one file that may be touched.
    """
    if isinstance(block, MalformedBlock) and not block.path:
        raise EditMismatch(block.reason, path="")
    path = _checked_path(block.path, editable)
    try:
        return _placed(block, path, _Surroundings(snapshot, editable, read))
    except Misplaced as error:
        raise EditMismatch(str(error), path=path) from None


def combine(base: int, edits: Iterable[FileEdit]) -> SourceChange:
    """Return one change of edits against the revision `base`, at most one `FileEdit` a path.

    The same edit given twice counts once; edits of a file that is renamed go with it.

    Raises:
        EditMismatch: two edits of a file overlap, or cannot both be meant.
    """
    by_path: dict[WorkspacePath, FileEdit] = {}
    for file_edit in dict.fromkeys(edits):
        earlier = by_path.get(file_edit.path)
        by_path[file_edit.path] = file_edit if earlier is None else _merged(earlier, file_edit)
    taken = set(by_path)
    for file_edit in by_path.values():
        if file_edit.new_path is not None:
            if file_edit.new_path in taken:
                raise EditMismatch(
                    "a file is renamed to this path, and another block speaks of it, too: call a "
                    "renamed file by its old path",
                    path=file_edit.new_path,
                )
            taken.add(file_edit.new_path)
    return SourceChange(base, tuple(by_path.values()))


def changed_text(document_text: str, file_edit: FileEdit) -> str:
    """Return a document's text after an edit of it; for a new file, `document_text` is empty.

    Raises:
        ValueError: the edit does not fit the text.
    """
    return apply_edits(document_text, file_edit.edits)


class _Surroundings:
    """What is known besides the block."""

    def __init__(
        self,
        snapshot: Snapshot,
        editable: Collection[WorkspacePath] | None,
        read: Snapshot | None,
    ) -> None:
        self.snapshot = snapshot
        self.editable = editable
        self.read = read if read is not None and read.revision != snapshot.revision else None

    def has_changed(self, document: Document) -> bool:
        """Tell whether the model saw another text of the file."""
        seen = self.read.documents.get(document.path) if self.read is not None else None
        return seen is not None and seen.digest != document.digest

    def seen(self, document: Document) -> Document | None:
        """Return the other text of the file that the model saw; None: nobody knows it any more."""
        seen = self.read.documents.get(document.path) if self.read is not None else None
        try:
            return seen if seen is not None and seen.text != document.text else None
        except StaleChange:
            return None

    def since(self) -> str:
        """Name the time between what the model saw and now."""
        seen = self.read or self.snapshot
        return f"since you read it (revision {seen.revision} -> {self.snapshot.revision})"

    def others(self, path: WorkspacePath) -> Iterator[tuple[WorkspacePath, TextLines]]:
        """Give files that the block could speak of as well: shown ones, or those beside it."""
        documents = self.snapshot.documents
        folder = path.rpartition("/")[0]
        candidates: Iterable[WorkspacePath] = sorted(self.editable or ())
        if self.editable is None:
            candidates = sorted(each for each in documents if each.rpartition("/")[0] == folder)
        others = [each for each in candidates if each != path and each in documents]
        for other in others[:_OTHER_FILES]:
            with suppress(StaleChange):
                yield other, TextLines(documents[other].read_text())


def _placed(block: Block, path: WorkspacePath, around: _Surroundings) -> FileEdit:
    document = around.snapshot.documents.get(path)
    match block:
        case MalformedBlock(reason=reason):
            raise Misplaced(reason)
        case _ if document is None:
            return _without_document(block, path, around)
        case DeleteFile():
            _refuse_changed(document, around, "delete it")
            return FileEdit(path, FileEditKind.DELETE, document.digest)
        case RenameFile():
            return _rename(block, document, around)
        case WholeFile():
            _refuse_changed(document, around, "write it whole")
            hunks = whole_file_hunks(block, document)
        case WholeSymbol():
            hunks = _whole_symbol_hunks(block, document, around)
        case SearchReplace():
            hunks = _search_replace_hunks(block, document, around)
    quoted = [line for hunk in hunks for line in hunk.old_lines]
    file_edit = FileEdit(
        path,
        FileEditKind.MODIFY,
        document.digest,
        _text_edits(lines_of(document.text), hunks),
        quoted=tuple(quoted) if isinstance(block, SearchReplace) else (),
    )
    if changed_text(document.text, file_edit) == document.text:
        raise Misplaced(reasons.CHANGES_NOTHING)
    return file_edit


def _checked_path(raw: str, editable: Collection[WorkspacePath] | None) -> WorkspacePath:
    try:
        path = parse_path(raw)
        protection = protection_of(path)
        is_approvable = protection is Protection.ONLY_WITH_APPROVAL and editable is not None
        if not is_approvable:
            require_editable(path)
    except UserError as error:
        raise EditMismatch(str(error), path=raw[:_SHOWN_OF_A_BAD_PATH]) from error
    if editable is not None and path not in editable:
        alike = reasons.paths_like(path, editable)
        if alike and alike[0].rpartition("/")[2] == path.rpartition("/")[2]:
            reason = f"this file is not to be changed; did you mean {', '.join(alike)}?"
            raise EditMismatch(reason, path=path)
        allowed = sorted(editable)
        count = reasons.SHOWN_PATHS
        shown = ", ".join(allowed[:count]) + (", …" if allowed[count:] else "")
        reason = f"this file is not to be changed; only these are: {shown or '(none)'}"
        raise EditMismatch(reason, path=path)
    return path


def _without_document(block: Block, path: WorkspacePath, around: _Surroundings) -> FileEdit:
    """Return the creation that a block for a file without a document means."""
    snapshot = around.snapshot
    if path in snapshot.unreadable:
        raise Misplaced(f"this file has no text: {snapshot.unreadable[path]}")
    if around.read is not None and path in around.read.documents:
        raise Misplaced(f"this file was deleted or renamed {around.since()}")
    text = _text_of_new_file(block, path, snapshot).replace("\r\n", "\n")
    _refuse_occupied(path, snapshot)
    edits = (TextEdit(TextRange(0, 0), text),) if text else ()
    return FileEdit(path, FileEditKind.CREATE, None, edits)


def _text_of_new_file(block: Block, path: WorkspacePath, snapshot: Snapshot) -> str:
    match block:
        case WholeFile(text=text):
            return text
        case SearchReplace(search=search, replace=text) if not search.strip():
            return text
        case RenameFile(new_path=new_path) if new_path in snapshot.documents:
            raise Misplaced(f"this file does not exist, and {new_path!r} does: already renamed?")
    reason = reasons.missing_file(path, snapshot)
    if isinstance(block, SearchReplace) and not reason.endswith("?"):
        reason += (
            "; to create it, leave the SEARCH part empty; a file that this answer renames is "
            "called by its old path"
        )
    raise Misplaced(reason)


def _rename(block: RenameFile, document: Document, around: _Surroundings) -> FileEdit:
    path, snapshot = document.path, around.snapshot
    new_path = _checked_path(block.new_path, around.editable)
    if new_path == path:
        raise Misplaced("the new path is the old one: nothing would change")
    if new_path in snapshot.documents or new_path in snapshot.unreadable:
        raise Misplaced(f"it cannot be renamed: there is a file {new_path!r} already")
    _refuse_occupied(new_path, snapshot, but=path)
    return FileEdit(path, FileEditKind.RENAME, document.digest, new_path=new_path)


def _refuse_occupied(
    path: WorkspacePath, snapshot: Snapshot, but: WorkspacePath | None = None
) -> None:
    """Refuse a new path that is a folder, lies below a file, or is another's in other case."""
    for parent in PurePosixPath(path).parents:
        if WorkspacePath(str(parent)) in snapshot.documents:
            raise Misplaced(f"{str(parent)!r} is a file, so nothing lies below it")
    prefix = f"{path}/"
    folded = _folded(path)
    for other in snapshot.documents:
        if other.startswith(prefix):
            raise Misplaced(f"{path!r} is a folder, not a file")
        may_be_same = len(other) == len(path) or not other.isascii()
        if may_be_same and other != but and _folded(other) == folded:
            raise Misplaced(
                f"{path!r} is {other!r} on systems that do not tell case apart: "
                "did you mean that file?"
            )


def _refuse_changed(document: Document, around: _Surroundings, deed: str) -> None:
    """Refuse what would undo changes that the model did not see."""
    if around.read is None:
        return
    if document.path not in around.read.documents:
        raise Misplaced(f"this file was made {around.since()}: read it before you {deed}")
    if around.has_changed(document):
        seen = around.seen(document)
        changes = ""
        if seen is not None:
            lines = reasons.changes_between(TextLines(seen.text), lines_of(document.text))
            changes = f" Changed were:\n{lines}"
        raise Misplaced(
            f"the file changed {around.since()}, and to {deed} would undo that.{changes}"
        )


def _whole_symbol_hunks(
    block: WholeSymbol, document: Document, around: _Surroundings
) -> tuple[Hunk, ...]:
    hunks = whole_symbol_hunks(block, document)
    if not around.has_changed(document):
        return hunks
    seen = around.seen(document)
    if seen is None:
        raise Misplaced(
            f"the file changed {around.since()}: read {block.symbol!r} again before you write it"
        )
    was, now = symbol_text(block.symbol, seen), symbol_text(block.symbol, document)
    if was != now:
        changes = reasons.changes_between(TextLines(was), TextLines(now))
        raise Misplaced(
            f"{block.symbol!r} changed {around.since()}, and to write it whole would undo "
            f"that. Changed in it, each line after its number in the definition:\n{changes}"
        )
    return hunks


def _search_replace_hunks(
    block: SearchReplace, document: Document, around: _Surroundings
) -> tuple[Hunk, ...]:
    try:
        return search_replace_hunks(block, document)
    except NotThere as error:
        quoted = TextLines(block.search)
        if around.has_changed(document):
            seen = around.seen(document)
            change = str(error)
            if seen is not None:
                now = lines_of(document.text)
                change = reasons.changed_since(quoted, TextLines(seen.text), now)
            if change:
                raise Misplaced(f"the file changed {around.since()}: {change}") from None
        if elsewhere := reasons.elsewhere(quoted, around.others(document.path)):
            raise Misplaced(elsewhere) from None
        raise


def _text_edits(lines: TextLines, hunks: Iterable[Hunk]) -> tuple[TextEdit, ...]:
    """Write hunks of line contents as edits of the text, with its line ends."""
    return tuple(
        TextEdit(
            TextRange(lines.start_of(hunk.old_start), lines.start_of(hunk.old_end)),
            _with_line_ends(hunk, lines),
        )
        for hunk in hunks
    )


def _with_line_ends(hunk: Hunk, lines: TextLines) -> str:
    count = len(lines.contents)
    near = range(min(hunk.old_start, count - 1), -1, -1)
    end = next((found for number in near if (found := lines.end_of(number))), "\n")
    text = "".join(line + end for line in hunk.new_lines)
    is_open_end = count > 0 and hunk.old_end == count and not lines.end_of(count - 1)
    if not (is_open_end and text):
        return text
    # A block cannot say whether the last line has a line end, so the file's own way is kept.
    if hunk.new_lines[-1]:
        text = text.removesuffix(end)
    return end + text if hunk.old_start == count else text


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _merged(first: FileEdit, second: FileEdit) -> FileEdit:
    kinds = {first.kind, second.kind}
    if not kinds <= {FileEditKind.MODIFY, FileEditKind.RENAME}:
        raise EditMismatch(_contradiction(kinds), path=first.path)
    new_paths = {edit.new_path for edit in (first, second) if edit.new_path is not None}
    if len(new_paths) > 1:
        raise EditMismatch("two blocks rename this file, each to another path", path=first.path)
    if first.base_digest != second.base_digest:
        raise EditMismatch("two blocks speak of different texts of this file", path=first.path)
    edits = sorted(
        dict.fromkeys([*first.edits, *second.edits]),
        key=lambda edit: (edit.range.start, edit.range.end),
    )
    if any(before.range.overlaps(after.range) for before, after in pairwise(edits)):
        raise EditMismatch(
            "two blocks change the same lines: write them as one block", path=first.path
        )
    renamed = first if first.kind is FileEditKind.RENAME else second
    return replace(renamed, edits=tuple(edits), quoted=(*first.quoted, *second.quoted))


def _contradiction(kinds: Collection[FileEditKind]) -> str:
    if FileEditKind.DELETE in kinds:
        return "one block deletes this file, and another one changes it"
    return "two blocks create or replace this file"
