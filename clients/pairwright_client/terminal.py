"""How is a terminal written to? Coloured when it may be, with one line that changes."""

import os
import shutil
from collections.abc import Mapping
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Screen:
    """A place to write lines; what it is given must be `visible` already."""

    def __init__(self, stream: TextIO, *, is_terminal: bool, has_colour: bool, width: int) -> None:
        """Take a text stream; `width` in columns."""
        self._stream = stream
        self._has_colour = has_colour
        self._has_status = False
        self._is_mid_line = False
        self._is_below_gap = True
        self.is_terminal = is_terminal
        self.width = width

    @classmethod
    def of(cls, stream: TextIO, environment: Mapping[str, str] = os.environ) -> "Screen":
        """Return the screen that a stream is: colours need a terminal and no `NO_COLOR`."""
        is_terminal = stream.isatty() and environment.get("TERM") != "dumb"
        has_colour = is_terminal and not environment.get("NO_COLOR")
        width = max(40, shutil.get_terminal_size().columns)
        return cls(stream, is_terminal=is_terminal, has_colour=has_colour, width=width)

    def paint(self, text: str, *styles: str) -> str:
        """Return the text in colours, when there are any."""
        if not self._has_colour or not text or not styles:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"

    def line(self, text: str = "", *styles: str) -> None:
        """Write one line, below what was streamed and in place of the status.

        An empty one is a gap: there is none at the beginning, and never two.
        """
        self._make_room()
        if not text and self._is_below_gap:
            return
        self._is_below_gap = not text
        self._stream.write(self.paint(text, *styles) + "\n")
        self._stream.flush()

    def stream(self, text: str, *styles: str) -> None:
        """Write a piece of text that goes on."""
        if not text:
            return
        self._clear_status()
        self._is_below_gap = False
        lines = text.split("\n")
        self._stream.write("\n".join(self.paint(line, *styles) for line in lines))
        self._stream.flush()
        self._is_mid_line = bool(lines[-1]) or (len(lines) == 1 and self._is_mid_line)

    def status(self, text: str) -> None:
        """Show a line that the next output replaces; nothing where lines cannot be replaced."""
        if self.is_terminal and not self._is_mid_line:
            self._clear_status()
            self._stream.write(self.paint(text[: self.width - 1], "dim"))
            self._stream.flush()
            self._has_status = True

    def prompt(self, text: str) -> None:
        """Write a question; the answer follows on its line."""
        self._make_room()
        self._is_below_gap = False
        self._stream.write(text)
        self._stream.flush()

    def _make_room(self) -> None:
        self._clear_status()
        if self._is_mid_line:
            self._stream.write("\n")
            self._is_mid_line = False

    def _clear_status(self) -> None:
        if self._has_status:
            self._stream.write("\r\x1b[K")
            self._has_status = False
