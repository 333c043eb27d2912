"""Which edit of which file is a block? One place and no doubt, or a refusal that says why.

A refusal is worded for the model that wrote the block; line numbers in it are one-based.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from pairwright.editing.blocks import Block, MalformedBlock, SearchReplace, WholeFile
from pairwright.editing.change import FileEdit, FileEditKind, SourceChange
from pairwright.editing.location import Place, locate, locate_unshifted
from pairwright.editing.nearest import nearest_line
from pairwright.errors import EditMismatch, UserError
from pairwright.text.diff import Hunk, diff_lines
from pairwright.text.edits import TextEdit, apply_edits
from pairwright.text.ranges import LineIndex, TextRange, line_contents, line_end, split_lines
from pairwright.workspace.documents import Document
from pairwright.workspace.paths import WorkspacePath, parse_path, require_editable
from pairwright.workspace.snapshot import Snapshot

_SHOWN_PLACES = 5
_SHOWN_LINES = 12
_SHOWN_PATHS = 10


def place(block: Block, snapshot: Snapshot, editable: Collection[WorkspacePath] | None) -> FileEdit:
    """Return the edit that a block means; `editable` holds the paths it may touch, None for any.

    Lines that the block leaves as they are stay untouched, to the character; lines that it writes
    get the file's own line ends.

    Raises:
        EditMismatch: the block does not mean exactly one change of one file that may be touched.
    """
    path = _checked_path(block, editable)
    document = snapshot.documents.get(path)
    match block:
        case MalformedBlock(reason=reason):
            raise EditMismatch(reason, path=path)
        case _ if document is None:
            return _creation(block, path, snapshot)
        case WholeFile():
            hunks = _whole_file_hunks(block, document)
        case SearchReplace():
            hunks = _search_replace_hunks(block, document)
    file_edit = FileEdit(
        path, FileEditKind.MODIFY, document.digest, _text_edits(document.text, hunks)
    )
    if changed_text(document.text, file_edit) == document.text:
        raise EditMismatch("the file already says this: nothing would change", path=path)
    return file_edit


def combine(base: int, edits: Iterable[FileEdit]) -> SourceChange:
    """Return one change of edits against the revision `base`, at most one `FileEdit` a path.

    The same edit given twice counts once.

    Raises:
        EditMismatch: two edits of a file overlap, or cannot both be meant.
    """
    by_path: dict[WorkspacePath, FileEdit] = {}
    for file_edit in dict.fromkeys(edits):
        earlier = by_path.get(file_edit.path)
        by_path[file_edit.path] = file_edit if earlier is None else _merged(earlier, file_edit)
    return SourceChange(base, tuple(by_path.values()))


def changed_text(document_text: str, file_edit: FileEdit) -> str:
    """Return a document's text after an edit of it; for a new file, `document_text` is empty.

    Raises:
        ValueError: the edit does not fit the text.
    """
    return apply_edits(document_text, file_edit.edits)


def _checked_path(block: Block, editable: Collection[WorkspacePath] | None) -> WorkspacePath:
    if isinstance(block, MalformedBlock) and not block.path:
        raise EditMismatch(block.reason, path="")
    try:
        path = parse_path(block.path)
        require_editable(path)
    except UserError as error:
        raise EditMismatch(str(error), path=block.path) from error
    if editable is not None and path not in editable:
        allowed = sorted(editable)
        shown = ", ".join(allowed[:_SHOWN_PATHS]) + (", …" if allowed[_SHOWN_PATHS:] else "")
        reason = f"this file is not to be changed; only these are: {shown or '(none)'}"
        raise EditMismatch(reason, path=path)
    return path


def _creation(
    block: SearchReplace | WholeFile, path: WorkspacePath, snapshot: Snapshot
) -> FileEdit:
    if path in snapshot.unreadable:
        raise EditMismatch(f"this file has no text: {snapshot.unreadable[path]}", path=path)
    if isinstance(block, SearchReplace) and block.search.strip():
        raise EditMismatch(_missing_file_reason(path, snapshot), path=path)
    _refuse_file_as_folder(path, snapshot)
    text = block.text if isinstance(block, WholeFile) else block.replace
    text = text.replace("\r\n", "\n")
    edits = (TextEdit(TextRange(0, 0), text),) if text else ()
    return FileEdit(path, FileEditKind.CREATE, None, edits)


def _missing_file_reason(path: WorkspacePath, snapshot: Snapshot) -> str:
    name = PurePosixPath(path).name
    alike = sorted(other for other in snapshot.documents if PurePosixPath(other).name == name)
    if alike:
        return f"this file does not exist; did you mean {', '.join(alike[:_SHOWN_PATHS])}?"
    return "this file does not exist; to create it, leave the SEARCH part empty"


def _refuse_file_as_folder(path: WorkspacePath, snapshot: Snapshot) -> None:
    for parent in PurePosixPath(path).parents:
        if WorkspacePath(str(parent)) in snapshot.documents:
            raise EditMismatch(f"{str(parent)!r} is a file, so nothing lies below it", path=path)
    if any(other.startswith(f"{path}/") for other in snapshot.documents):
        raise EditMismatch("this is a folder, not a file", path=path)


def _whole_file_hunks(block: WholeFile, document: Document) -> tuple[Hunk, ...]:
    if not block.text.strip() and document.text.strip():
        raise EditMismatch("the block is empty and would empty the file", path=document.path)
    return diff_lines(line_contents(document.text), line_contents(block.text))


def _search_replace_hunks(block: SearchReplace, document: Document) -> tuple[Hunk, ...]:
    lines = line_contents(document.text)
    replacement = line_contents(block.replace)
    if not block.search.strip():
        if document.text.strip():
            raise EditMismatch(
                "the SEARCH part is empty, but the file exists: "
                "copy the lines that shall be replaced into it",
                path=document.path,
            )
        return diff_lines(lines, replacement)
    search = line_contents(block.search)
    hunks = diff_lines(search, replacement)
    if not hunks:
        raise EditMismatch("SEARCH and REPLACE are the same: no change", path=document.path)
    found = _only_place(search, replacement, lines, document.path)
    if _is_there_already(search, replacement, lines, found):
        raise EditMismatch(
            f"already applied: the REPLACE lines are there, around line {found.first_line + 1}",
            path=document.path,
        )
    return tuple(_moved(hunk, found, lines, document.path) for hunk in hunks)


def _only_place(
    search: Sequence[str], replacement: Sequence[str], lines: Sequence[str], path: WorkspacePath
) -> Place:
    places = locate(search, lines)
    if len(places) == 1:
        return places[0]
    if places:
        shown = ", ".join(str(found.first_line + 1) for found in places[:_SHOWN_PLACES])
        more = ", …" if places[_SHOWN_PLACES:] else ""
        raise EditMismatch(
            f"the SEARCH lines occur at lines {shown}{more}: include more lines, "
            "so that they occur once",
            path=path,
        )
    if any(line.strip() for line in replacement):
        applied = locate_unshifted(replacement, lines)
        if applied:
            raise EditMismatch(
                "already applied: the SEARCH lines are not in the file, "
                f"and the REPLACE lines are, at line {applied[0].first_line + 1}",
                path=path,
            )
    raise EditMismatch(_not_found_reason(search, lines), path=path)


def _not_found_reason(search: Sequence[str], lines: Sequence[str]) -> str:
    start = nearest_line(search, lines)
    if start is None:
        return "the SEARCH lines are not in the file, and nothing in it is like them"
    shown = lines[start : start + min(len(search), _SHOWN_LINES)]
    numbered = "\n".join(f"{start + 1 + number}: {line}" for number, line in enumerate(shown))
    return (
        "the SEARCH lines are not in the file. The nearest lines of the file, "
        f"each after its number, are:\n{numbered}\nCopy lines exactly, without the number."
    )


def _is_there_already(
    search: Sequence[str], replacement: Sequence[str], lines: Sequence[str], found: Place
) -> bool:
    """Tell whether lines that the block would add around the SEARCH lines are there already."""
    for before in range(len(replacement) - len(search) + 1):
        start = found.first_line - before
        is_around = replacement[before : before + len(search)] == search
        if is_around and start >= 0 and lines[start : start + len(replacement)] == replacement:
            return True
    return False


def _moved(hunk: Hunk, found: Place, lines: Sequence[str], path: WorkspacePath) -> Hunk:
    """Carry a hunk of the block's own two parts to their place in the file."""
    new_lines = []
    for line in hunk.new_lines:
        shifted = found.shift.apply(line)
        if shifted is None:
            raise EditMismatch(
                "the REPLACE lines are indented less than the file allows: indent both parts as "
                f"the file is at line {found.first_line + 1}",
                path=path,
            )
        new_lines.append(shifted)
    start, end = hunk.old_start + found.first_line, hunk.old_end + found.first_line
    return replace(
        hunk, old_start=start, old_lines=tuple(lines[start:end]), new_lines=tuple(new_lines)
    )


def _text_edits(text: str, hunks: Iterable[Hunk]) -> tuple[TextEdit, ...]:
    """Write hunks of line contents as edits of the text, with its line ends."""
    lines = split_lines(text)
    index = LineIndex(text)
    return tuple(
        TextEdit(
            TextRange(index.start_of(hunk.old_start), index.start_of(hunk.old_end)),
            _with_line_ends(hunk, lines),
        )
        for hunk in hunks
    )


def _with_line_ends(hunk: Hunk, lines: Sequence[str]) -> str:
    near = range(min(hunk.old_start, len(lines) - 1), -1, -1)
    end = next((found for number in near if (found := line_end(lines[number]))), "\n")
    text = "".join(line + end for line in hunk.new_lines)
    is_open_end = bool(lines) and hunk.old_end == len(lines) and not line_end(lines[-1])
    if not (is_open_end and text):
        return text
    # A block cannot say whether the last line has a line end, so the file's own way is kept.
    if hunk.new_lines[-1]:
        text = text.removesuffix(end)
    return end + text if hunk.old_start == len(lines) else text


def _merged(first: FileEdit, second: FileEdit) -> FileEdit:
    if first.kind is not FileEditKind.MODIFY or second.kind is not FileEditKind.MODIFY:
        raise EditMismatch("two blocks create or replace this file", path=first.path)
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
    return replace(first, edits=tuple(edits))
