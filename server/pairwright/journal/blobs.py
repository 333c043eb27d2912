"""Where are old and new bytes kept? Once each, compressed, under their digest."""

import os
import re
import zlib
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from pairwright.errors import UserError
from pairwright.journal.calls import Calls, system_reason
from pairwright.journal.tree import digest_bytes

_SHOWN = "journal/blobs"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobStore:
    """The contents that entries of a journal speak of."""

    def __init__(self, folder: Path, calls: Calls) -> None:
        """Keep them in that directory; one writer at a time."""
        self._folder = folder
        self._calls = calls

    def put(self, contents: Iterable[bytes]) -> None:
        """Keep contents, and return when all are on the disk; a damaged copy is replaced."""
        with self._calls.opened(self._folder, _SHOWN) as directory:
            for content in contents:
                digest = digest_bytes(content)
                if self._holds(digest):
                    continue
                temporary = f"{digest}.new"
                shown = f"{_SHOWN}/{digest}"
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=directory)
                self._calls.write_new(
                    directory, temporary, zlib.compress(content), mode=0o600, shown=shown
                )
                self._calls.rename(directory, temporary, digest, shown=shown)
            self._calls.sync(directory, shown=_SHOWN)

    def get(self, digest: str) -> bytes:
        """Return the content of that digest.

        Raises:
            UserError: it is missing, damaged or cannot be read; it is never given back wrong.
        """
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest!r} is no digest")
        try:
            with self._calls.announced("read", f"{_SHOWN}/{digest}"):
                content = zlib.decompress((self._folder / digest).read_bytes())
        except FileNotFoundError:
            raise UserError(
                f"the journal no longer holds the content {digest[:12]}: what needs it cannot be "
                "taken back"
            ) from None
        except OSError as error:
            raise UserError(
                f"the journal's content cannot be read: {system_reason(error)}"
            ) from error
        except zlib.error:
            raise _damaged(digest) from None
        if digest_bytes(content) != digest:
            raise _damaged(digest)
        return content

    def sizes(self) -> dict[str, int]:
        """Return how many bytes each content takes on the disk."""
        with self._calls.announced("list", _SHOWN), os.scandir(self._folder) as found:
            return {
                file.name: file.stat().st_size for file in found if _DIGEST.fullmatch(file.name)
            }

    def keep_only(self, digests: Collection[str]) -> None:
        """Remove what is of none of these digests, and what a crash left."""
        with self._calls.opened(self._folder, _SHOWN) as directory:
            for name in sorted(set(os.listdir(directory)) - set(digests)):
                self._calls.unlink(directory, name, shown=f"{_SHOWN}/{name}")

    def _holds(self, digest: str) -> bool:
        try:
            self.get(digest)
        except UserError:
            return False
        return True


def _damaged(digest: str) -> UserError:
    return UserError(
        f"the journal's content {digest[:12]} is damaged on the disk: what needs it cannot be "
        "taken back, everything else can"
    )
