"""Which lines does a unified diff change? Hunks are read for what they say, not where.

A model miscounts lines, so the numbers of a hunk are hints: its lines say what it means, and
`matching` finds them. What a diff says that no block can is refused with a reason, never dropped:
a copy, a binary file, a changed mode, a line that belongs to nothing.

A plain diff does not say how many files it has, so whoever hands one over vouches that it is whole;
only a last hunk that is shorter than it says is recognised. Within an answer the closing marker
vouches for it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pairwright.editing.blocks import (
    Block,
    DeleteFile,
    MalformedBlock,
    RenameFile,
    SearchReplace,
)
from pairwright.editing.diff_hunks import DiffHunk, DiffLines
from pairwright.editing.markers import DIFF_CLOSE, DIFF_OPEN, BlockKind, Heading
from pairwright.editing.quoted_paths import unquoted_path

_GIT_HEADING = "diff --git "
_TIMESTAMP = re.compile(r"(?<![ \t])[ \t]+\d{4}-\d\d-\d\d[ \t]+\d\d:\d\d.*$")
_OLD_PREFIXES = ("a/", "i/", "c/", "o/")
_NEW_PREFIXES = ("b/", "w/", "i/")
_NO_FILE = "/dev/null"
_REFUSED = {
    "copy from ": "a diff cannot copy a file: create the new file with its whole text",
    "old mode ": "the mode of a file cannot be changed",
    "Binary files ": "a binary file cannot be changed",
    "GIT binary patch": "a binary file cannot be changed",
    "new file mode 120000": "a symbolic link cannot be made",
    "new file mode 160000": "a submodule cannot be added",
    "deleted file mode 160000": "a submodule cannot be removed",
}


def parse_unified_diff(text: str) -> tuple[Block, ...]:
    """Return the blocks that a whole diff means, of git's form or of POSIX's.

    A file that the diff creates becomes a search/replace block with an empty search part, so that
    it never writes over one that is there. Edits of a renamed file call it by its old path.
    """
    files = _read_files(DiffLines(text.removeprefix("\ufeff"), is_framed=False))
    if not files:
        return (MalformedBlock("", "this is no unified diff: it has no '--- path' line"),)
    return tuple(block for file in files for block in _blocks_of(file, ""))


def parse_diff_body(path: str, text: str) -> tuple[Block, ...]:
    """Return the blocks of a DIFF block's text, whose hunks need no heading of their own."""
    files = _read_files(DiffLines(text, is_framed=True))
    if not files:
        return (MalformedBlock(path, "the DIFF block holds no hunk: begin each with '@@ @@'"),)
    return tuple(block for file in files for block in _blocks_of(file, path))


def _read(heading: Heading, lines: Sequence[str]) -> tuple[Block, ...]:
    return tuple(
        _with_hints(block, heading) for block in parse_diff_body(heading.path, "".join(lines))
    )


DIFF_BLOCK = BlockKind(DIFF_OPEN, DIFF_CLOSE, _read)


def _with_hints(block: Block, heading: Heading) -> Block:
    if not isinstance(block, SearchReplace):
        return block
    near_line = heading.near_line if block.near_line is None else block.near_line
    return replace(block, near_line=near_line, within=heading.within)


@dataclass(slots=True)
class _FileDiff:
    """One file's part of a diff; a name is None while nothing has said it."""

    old_name: str | None = None
    new_name: str | None = None
    renamed_from: str | None = None
    renamed_to: str | None = None
    is_created: bool = False
    is_deleted: bool = False
    refusal: str = ""
    hunks: list[DiffHunk] = field(default_factory=list)


def _read_files(lines: DiffLines) -> list[_FileDiff]:
    files: list[_FileDiff] = []
    while (line := lines.current) is not None:
        if line.startswith(_GIT_HEADING):
            files.append(_FileDiff())
            files[-1].old_name, files[-1].new_name = _git_names(line.removeprefix(_GIT_HEADING))
            lines.skip()
        elif lines.is_at_names():
            if not files or files[-1].hunks or not lines.is_below_git_heading:
                files.append(_FileDiff())
            files[-1].old_name = _name(lines.take())
            files[-1].new_name = _name(lines.take())
        elif lines.is_at_hunk():
            if not files:
                files.append(_FileDiff())
            files[-1].hunks.append(lines.take_hunk())
        else:
            if files and not files[-1].hunks:
                _read_extended_heading(line.rstrip("\r\n"), files[-1])
            lines.skip()
    return files


def _read_extended_heading(line: str, file: _FileDiff) -> None:
    file.refusal = file.refusal or next(
        (reason for beginning, reason in _REFUSED.items() if line.startswith(beginning)), ""
    )
    if line.startswith("rename from "):
        file.renamed_from = unquoted_path(line.removeprefix("rename from "))
    elif line.startswith("rename to "):
        file.renamed_to = unquoted_path(line.removeprefix("rename to "))
    elif line.startswith("new file mode "):
        file.is_created = True
    elif line.startswith("deleted file mode "):
        file.is_deleted = True


def _blocks_of(file: _FileDiff, path: str) -> Iterable[Block]:
    """Return the blocks of one file; `path` is what the answer calls it, empty for a plain diff."""
    is_created = file.is_created or file.old_name == _NO_FILE
    is_deleted = file.is_deleted or file.new_name == _NO_FILE
    old_path, new_path = _paths(file, path)
    shown = path or (new_path if is_created else old_path)
    if reason := file.refusal or _contradiction(file, path, old_path, new_path):
        return (MalformedBlock(shown, reason),)
    if problems := [hunk.problem for hunk in file.hunks if hunk.problem]:
        return tuple(MalformedBlock(shown, problem) for problem in problems)
    if is_deleted:
        return (DeleteFile(old_path),)
    if is_created:
        text = "".join(line for hunk in file.hunks for line in hunk.new_lines)
        return (SearchReplace(new_path, "", text),)
    blocks: list[Block] = [_edit(old_path, hunk) for hunk in file.hunks]
    if file.renamed_to is not None:
        blocks.insert(0, RenameFile(old_path, file.renamed_to))
    return blocks or (MalformedBlock(shown, "the diff changes nothing of this file"),)


def _contradiction(file: _FileDiff, path: str, old_path: str, new_path: str) -> str:
    """Return why the headings do not name one file; empty when they do."""
    is_created = file.is_created or file.old_name == _NO_FILE
    is_deleted = file.is_deleted or file.new_name == _NO_FILE
    if is_created and is_deleted:
        return "the diff both creates and deletes this file"
    if (file.renamed_from is None) != (file.renamed_to is None):
        return "a rename needs both a 'rename from' and a 'rename to' line"
    if is_created and any(hunk.old_lines for hunk in file.hunks):
        return f"a file that comes from {_NO_FILE} has no old lines: write '+' lines only"
    if is_deleted and any(hunk.new_lines for hunk in file.hunks):
        return f"a file that goes to {_NO_FILE} has no new lines: write '-' lines only"
    if not old_path and not new_path:
        return "a hunk comes before any '--- path' and '+++ path' lines"
    if is_created or is_deleted:
        named = new_path if is_created else old_path
    elif file.renamed_from is None and old_path != new_path:
        return (
            f"the heading names two files, {old_path!r} and {new_path!r}: name one, or say "
            "'rename from' and 'rename to'"
        )
    else:
        named = old_path
    if path and named != path:
        return f"the diff's heading names {named!r}, and the FILE line another file"
    return ""


def _paths(file: _FileDiff, path: str) -> tuple[str, str]:
    """Return the old and the new path, without the prefixes that diffs give them."""
    if file.renamed_from is not None and file.renamed_to is not None:
        return file.renamed_from, file.renamed_to
    old, new = file.old_name, file.new_name
    if old is None or new is None:
        return path, path
    is_as_written = bool(path) and path in (old, new)
    if not is_as_written and _are_prefixed(old, new):
        old = old if old == _NO_FILE else old[2:]
        new = new if new == _NO_FILE else new[2:]
    return ("" if old == _NO_FILE else old), ("" if new == _NO_FILE else new)


def _are_prefixed(old: str, new: str) -> bool:
    return (old == _NO_FILE or old.startswith(_OLD_PREFIXES)) and (
        new == _NO_FILE or new.startswith(_NEW_PREFIXES)
    )


def _edit(path: str, hunk: DiffHunk) -> Block:
    if not hunk.old_lines and hunk.old_start != 0:
        return MalformedBlock(
            path,
            "a hunk holds new lines only, so that nobody can tell where they go: "
            "include the unchanged line before or after them",
        )
    near_line = hunk.old_start - 1 if hunk.old_start else None
    return SearchReplace(path, "".join(hunk.old_lines), "".join(hunk.new_lines), near_line)


def _name(line: str) -> str:
    """Return the name of a `---` or `+++` line, without its timestamp."""
    named = line[4:].rstrip("\r\n").partition("\t")[0]
    return unquoted_path(_TIMESTAMP.sub("", named))


def _git_names(names: str) -> tuple[str | None, str | None]:
    """Return both names of a `diff --git` line; None when only the lines below can tell."""
    names = names.strip()
    middle = len(names) // 2
    old, new = unquoted_path(names[:middle]), unquoted_path(names[middle + 1 :])
    is_pair = names[middle : middle + 1] == " " and old[2:] == new[2:]
    return (old, new) if is_pair else (None, None)
