"""How does text reach a terminal? Safely, coloured when it may be, with one line that changes.

Whatever models, tools and files say is passed through `visible` first: a terminal obeys control
characters, and a reviewer must see what is there.
"""

import os
import re
import shutil
from collections.abc import Mapping
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_CONTROL = re.compile(
    # C0 but tab and line feed, DEL, C1, lone surrogates, and what reorders or hides text.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def visible(text: str) -> str:
    """Return the text with every control character written out, such as `\\x1b`."""
    return _CONTROL.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class Screen:
    """A place to write lines; what it is given must be `visible` already."""

    def __init__(self, stream: TextIO, *, is_terminal: bool, has_colour: bool, width: int) -> None:
        """Take a text stream; `width` in columns."""
        self._stream = stream
        self._has_colour = has_colour
        self._has_status = False
        self._is_mid_line = False
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
        """Write one line, below what was streamed and in place of the status."""
        self._make_room()
        self._stream.write(self.paint(text, *styles) + "\n")
        self._stream.flush()

    def stream(self, text: str, *styles: str) -> None:
        """Write a piece of text that goes on."""
        if not text:
            return
        self._clear_status()
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
