"""Which files come, go or move? Operations that are a line, or two, and no text.

### DELETE path
### RENAME path
### TO new path

A file is created by a whole-file block, or by a search/replace block without SEARCH lines.
"""

from pairwright.editing.blocks import Block, DeleteFile, MalformedBlock, RenameFile
from pairwright.editing.markers import DELETE_MARKER, RENAME_MARKER, TO_MARKER
from pairwright.editing.quoted_paths import unquoted_path


class FileOperations:
    """Reads the lines of operations; a rename is one once its second line is there."""

    def __init__(self) -> None:
        """Begin without an open rename."""
        self._renamed: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether a rename still waits for its second line."""
        return self._renamed is not None

    def read(self, word: str, path: str) -> tuple[Block, ...]:
        """Read a line of the marker `word`; return the blocks that it finished."""
        if word == TO_MARKER:
            return (self._close_rename(path),)
        unfinished = self.give_up()
        path = unquoted_path(path)
        if word == RENAME_MARKER:
            self._renamed = path
            return unfinished
        return (*unfinished, DeleteFile(path))

    def give_up(self) -> tuple[Block, ...]:
        """Return the complaint about a rename that another marker interrupts, if there is one."""
        if self._renamed is None:
            return ()
        path, self._renamed = self._renamed, None
        return (
            MalformedBlock(path, f"a '{RENAME_MARKER}' line needs '{TO_MARKER} new path' next"),
        )

    def _close_rename(self, new_path: str) -> Block:
        if self._renamed is None:
            reason = f"a '{TO_MARKER}' line needs '{RENAME_MARKER} path' before it"
            return MalformedBlock(unquoted_path(new_path), reason)
        path, self._renamed = self._renamed, None
        return RenameFile(path, unquoted_path(new_path))


OPERATION_MARKERS = (DELETE_MARKER, RENAME_MARKER, TO_MARKER)
