"""How is a picture of the terminal checked? Against a file that a person can look at.

To draw them anew, delete the files, run the tests twice, and look at the difference.
"""

import io
from pathlib import Path

from pairwright_client.terminal import Screen

_GOLDEN = Path(__file__).parent / "golden"


class Paper(io.StringIO):
    """A stream that is no terminal, or says that it is one."""

    def __init__(self, *, is_terminal: bool = False) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def plain() -> tuple[Paper, Screen]:
    paper = Paper()
    return paper, Screen(paper, is_terminal=False, has_colour=False, width=80)


def coloured() -> tuple[Paper, Screen]:
    paper = Paper(is_terminal=True)
    return paper, Screen(paper, is_terminal=True, has_colour=True, width=80)


def check_picture(name: str, drawn: str) -> None:
    """Compare with `golden/NAME.txt`; escapes are written out so that the file can be read."""
    drawn = drawn.replace("\x1b", "␛").replace("\r", "␍")
    path = _GOLDEN / f"{name}.txt"
    if not path.exists():
        path.write_text(drawn, "utf-8")
        raise AssertionError(f"{path.name} was missing; it is drawn now: look at it")
    assert drawn == path.read_text("utf-8")
