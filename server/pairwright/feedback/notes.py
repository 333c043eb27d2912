"""Where are texts kept that were dear to make? One small file each, the latest ones only."""

import logging
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

MOST_NOTES = 50
_KEY = re.compile(r"[a-z0-9_-]{1,100}")
_log = logging.getLogger(__name__)


class Notebook:
    """Texts by their keys; keys are made of lower-case letters, digits, `-` and `_`."""

    def __init__(self, folder: Path) -> None:
        """Keep them in a folder, which is made with the first one."""
        self._folder = folder

    def recall(self, key: str) -> str | None:
        """Return the text that was kept under a key; None when there is none."""
        try:
            return self._file(key).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def remember(self, key: str, text: str) -> None:
        """Keep a text, whole or not at all; what cannot be kept is made anew next time."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self._file(key), text)
            self._forget_oldest()
        except OSError:
            _log.exception("could not keep the note %s", key)

    def _write(self, target: Path, text: str) -> None:
        file, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
        try:
            # A model may write half a character, which no file can hold.
            with os.fdopen(file, "w", encoding="utf-8", errors="replace") as opened:
                opened.write(text)
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise

    def _file(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a note")
        return self._folder / f"{key}.txt"

    def _forget_oldest(self) -> None:
        by_age = sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime_ns)
        for file in by_age[:-MOST_NOTES]:
            with suppress(OSError):
                file.unlink()
