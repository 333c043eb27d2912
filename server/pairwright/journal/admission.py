"""Which writes are refused before anything is decided?"""

from collections.abc import Collection

from pairwright.errors import UserError
from pairwright.journal.entries import FileWrite
from pairwright.journal.tree import MAX_CHANGED_BYTES, FileState, digest_bytes
from pairwright.workspace.paths import (
    Protection,
    WorkspacePath,
    parse_path,
    protection_of,
    require_editable,
)


def require_writable(path: WorkspacePath, approved: Collection[WorkspacePath]) -> None:
    """Return when a change may write the path, given the files that a person allowed by name.

    Raises:
        PathOutsideWorkspace, ProtectedPath: it may not; the message says why.
    """
    parsed = parse_path(path)
    if parsed in approved and protection_of(parsed) is Protection.ONLY_WITH_APPROVAL:
        return
    require_editable(parsed)


def require_sound(write: FileWrite, approved: Collection[WorkspacePath]) -> None:
    """Return when a write may be tried at all, whatever is on the disk.

    Raises:
        UserError: it may not; the message says why.
        ValueError: it contradicts itself.
    """
    require_writable(write.path, approved)
    if write.content is not None and len(write.content) > MAX_CHANGED_BYTES:
        raise UserError(
            f"{write.path!r} would be larger than {MAX_CHANGED_BYTES // 1_000_000} MB: nothing "
            "was written"
        )
    if write.in_editor:
        old = None if write.old_content is None else digest_bytes(write.old_content)
        if old != write.before:
            raise ValueError(f"{write.path!r}: the old content is not what `before` says")


def require_replaceable(write: FileWrite, old: FileState) -> None:
    """Return when a file may be replaced, as it is on the disk.

    Raises:
        UserError: it may not; the message says why.
    """
    if old.links > 1:
        raise UserError(
            f"{write.path!r} is one file under {old.links} names (hard links): to replace it here "
            "would part them; nothing was written"
        )
    if not old.mode & 0o222 and write.mode is None:
        raise UserError(
            f"{write.path!r} is read-only: make it writable if it may change; nothing was written"
        )
