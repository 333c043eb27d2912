"""Where does a secret of our own lie? In a file that only this user can read, made once."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from pairwright.errors import InvalidSettings

KEY_BYTES = 32


def write_token(path: Path) -> str:
    """Put a new token of 256 bits into a file, and return it; what lay there is replaced.

    Raises:
        InvalidSettings: it cannot be written.
    """
    token = secrets.token_urlsafe(KEY_BYTES)
    _write_new(path, token.encode())
    return token


def persistent_key(path: Path) -> bytes:
    """Return the key in a file, which is made when there is none.

    Raises:
        InvalidSettings: it cannot be read or made, or is no key of ours.
    """
    if not path.exists():
        _write_new(path, secrets.token_bytes(KEY_BYTES))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            info = os.fstat(descriptor)
            key = file.read(KEY_BYTES + 1)
    except OSError as error:
        raise InvalidSettings(f"cannot read {str(path)!r}: {error.strerror}") from None
    if len(key) != KEY_BYTES or info.st_uid != os.getuid() or info.st_mode & 0o077:
        raise InvalidSettings(f"{str(path)!r} is not the key that we made: remove it")
    return key


def remove(path: Path) -> None:
    """Remove a token that opens nothing any more."""
    with suppress(FileNotFoundError):
        path.unlink()


def _write_new(path: Path, content: bytes) -> None:
    """Write a file beside it and rename: nobody sees half of it, and no link is followed."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise InvalidSettings(f"cannot write {str(path)!r}: {error.strerror}") from None
