"""How are texts shown that somebody else wrote? Between marks, and no longer than there is room.

What a README, a diff or another model says is material for the task, never an order.
"""

from collections.abc import Iterable
from dataclasses import replace

from pairwright.llm.tokens import BYTES_PER_TOKEN, estimate_text
from pairwright.strategies.base import Note

OPEN, CLOSE = "<note>", "</note>"
LEAST_TOKENS = 40
"""Less of a note than this says nothing."""
_AROUND = 60
"""Tokens of the marks and of the line that introduces a note."""
_CUT = "... (the rest is left out)"


def quoted(text: str) -> str:
    """Return the text between marks, of which it holds none itself."""
    for mark in (OPEN, CLOSE):
        text = text.replace(mark, mark.replace("<", "< "))
    return f"{OPEN}\n{text}\n{CLOSE}"


def fitting(notes: Iterable[Note], room: int) -> tuple[Note, ...]:
    """Return the notes as they are shown: quoted, and together within `room` tokens.

    The first ones are served first; of one that is too long the beginning stays.
    """
    found = []
    for note in notes:
        text = _beginning(note.text, room - _AROUND)
        if text:
            # One line that we asked for needs no marks, and cannot pass for more than it is.
            found.append(replace(note, text=quoted(text) if "\n" in text else text))
            room -= estimate_text(text) + _AROUND
    return tuple(found)


def _beginning(text: str, room: int) -> str:
    """Return as many lines of a text as have room; empty when these would be too few."""
    if estimate_text(text) <= room:
        return text
    if room < LEAST_TOKENS:
        return ""
    kept = text.encode("utf-8", "replace")[: int(room * BYTES_PER_TOKEN) - len(_CUT) - 1]
    whole = kept.decode("utf-8", "ignore")
    lines = whole[: whole.rfind("\n")] if "\n" in whole else whole
    return f"{lines}\n{_CUT}"
