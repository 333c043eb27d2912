"""Where are texts kept that were dear to make? One small file each, the latest ones only."""

import logging
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

MOST_NOTES = 50
_SUFFIX = ".txt"
_KEY = re.compile(r"[a-z0-9_-]{1,100}")
_log = logging.getLogger(__name__)


class Notebook:
    """Texts by their keys; keys are made of lower-case letters, digits, `-` and `_`."""

    def __init__(self, folder: Path, *, most: int = MOST_NOTES, suffix: str = _SUFFIX) -> None:
        """Keep at most so many in a folder, which is made with the first one.

        Args:
            folder: whose files are ours alone.
            most: the oldest beyond it are forgotten.
            suffix: with which the files' names end.
        """
        self._folder = folder
        self._most = most
        self._suffix = suffix

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all texts, that of the oldest first.

        Raises:
            OSError: the folder cannot be read.
        """
        if not self._folder.exists():
            return ()
        files = [file.name for file in self._by_age() if file.name.endswith(self._suffix)]
        names = [name.removesuffix(self._suffix) for name in files]
        return tuple(name for name in names if _KEY.fullmatch(name))

    def recall(self, key: str) -> str | None:
        """Return the text that was kept under a key; None when there is none."""
        try:
            return self._file(key).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def remember(self, key: str, text: str) -> None:
        """Keep a text, whole or not at all; what cannot be kept is made anew next time."""
        try:
            self.keep(key, text)
        except OSError:
            _log.exception("could not keep the note %s", key)

    def keep(self, key: str, text: str) -> None:
        """Keep a text, whole or not at all, that nobody could make anew.

        Raises:
            OSError: it is not kept; what was kept before under the key still is.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(self._file(key), text)
        self._forget_oldest()

    def file_of(self, key: str) -> Path:
        """Return where the text of a key is, or would be."""
        return self._file(key)

    def forget(self, key: str) -> None:
        """Remove a text, and the folder with the last one; harmless when there is none."""
        with suppress(OSError):
            self._file(key).unlink()
            self._folder.rmdir()

    def _write(self, target: Path, text: str) -> None:
        file, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
        try:
            # A model may write half a character, which no file can hold.
            with os.fdopen(file, "w", encoding="utf-8", errors="replace") as opened:
                opened.write(text)
                opened.flush()
                os.fsync(opened.fileno())
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise

    def _file(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a note")
        return self._folder / f"{key}{self._suffix}"

    def _by_age(self) -> list[Path]:
        return sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime_ns)

    def _forget_oldest(self) -> None:
        for file in self._by_age()[: -self._most]:
            with suppress(OSError):
                file.unlink()
