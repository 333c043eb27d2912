"""Where do letters stand in many names? Each question is answered by few calls for all of them.

Names are lines of one column of bytes, a newline before each and after the last.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

NEWLINE = 10
FEW = 40
"""So many names or places are looked at one by one: a call for all costs as much."""
LANES: tuple[tuple[int, str], ...] = ((16, "<u2"), (32, "<u4"), (64, "<u8"))
"""Widths in letters, each with the number that has a bit for every letter."""
_PAIR_BITS = 64

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
Scores = NDArray[np.float64]
Bits = NDArray[np.unsignedinteger]
"""Of each row a number, with a bit for each of its letters, the lowest for the first."""
_Item = TypeVar("_Item", np.uint8, np.bool_)


def places_of(letters: Bytes, part: bytes, counts: Sequence[int]) -> Places:
    """Return where something stands among letters; its rarest one is looked for first."""
    rarity = [counts[letter] for letter in part]
    first = rarity.index(min(rarity))
    is_there = letters == part[first]
    if first + 1 < len(part):  # by whole columns, as long as there are many places
        is_there[:-1] &= letters[1:] == part[first + 1]
    elif first:
        is_there[1:] &= letters[:-1] == part[first - 1]
    places = np.flatnonzero(is_there) - first
    return going_on(letters, places[places >= 0], part)


def going_on(letters: Bytes, places: Places, part: bytes) -> Places:
    """Return the places from which the letters go on so."""
    for distance, letter in enumerate(part):
        if len(places) <= FEW:
            plain = letters.data
            is_it = [plain[each : each + len(part)] == part for each in places.tolist()]
            return places[np.array(is_it, np.bool_)]
        # No place leaves the letters: the newline after the last line is none of a query's.
        places = places[letters.take(places + distance, mode="clip") == letter]
    return places


def each_once(lines: Places) -> Places:
    """Return sorted lines, each once."""
    is_new = np.ones(len(lines), np.bool_)
    np.not_equal(lines[1:], lines[:-1], out=is_new[1:])
    return lines[is_new]


def is_in_order(name: bytes, query: bytes) -> bool:
    """Tell whether a name has the letters in their order."""
    at = 0
    for letter in query:
        at = name.find(letter, at) + 1
        if not at:
            return False
    return True


def pair_bits(letters: Bytes) -> NDArray[np.uint64]:
    """Return of each letter one bit, for it and the next; none at the end of a line."""
    pairs = np.zeros(len(letters), np.uint64)
    number = (letters[:-1] * np.uint8(31) + letters[1:]) % np.uint8(_PAIR_BITS)
    is_pair = (letters[:-1] != NEWLINE) & (letters[1:] != NEWLINE)
    pairs[:-1] = np.left_shift(np.uint64(1), number.astype(np.uint64)) * is_pair
    return pairs


def padded(column: NDArray[_Item]) -> NDArray[_Item]:
    """Return a column after whose end a row of any width can still be read."""
    return np.concatenate((column, np.zeros(LANES[-1][0], column.dtype)))


def rows(column: NDArray[_Item], begins: Places, width: int) -> NDArray[_Item]:
    """Return a row of so many items from each place of a padded column on."""
    window = np.ndarray((len(column), width), column.dtype, column.base, strides=(1, 1))
    return window[begins]


def as_numbers(flags: NDArray[np.bool_], lane: tuple[int, str]) -> Bits:
    """Return the rows of flags as numbers."""
    packed: Bits = np.packbits(flags.ravel(), bitorder="little").view(lane[1])
    return packed


def in_order(occurs: Sequence[Bits]) -> Places:
    """Return the rows that have all letters, each behind the one before."""
    here = occurs[0]
    for each in occurs[1:]:
        here = each & ~_up_to_lowest(here)
    return np.flatnonzero(here)


def at_word_starts(occurs: Sequence[Bits], is_start: Bits) -> Scores:
    """Return which share of the letters begins a word or follows the letter before.

    The nearest such place is taken, which now and then leaves no place for the letters after it:
    such a row has what was counted until then.

    Args:
        occurs: of each letter, where it stands in the rows.
        is_start: where in the rows words begin.
    """
    behind, near = ~np.zeros_like(is_start), np.zeros_like(is_start)
    good = np.zeros(len(is_start))
    for each in occurs:
        here = each & behind
        best = here & (is_start | near)
        is_good = best != 0
        good += is_good
        passed = _up_to_lowest(np.where(is_good, best, here))
        behind, near = ~passed, passed + 1
    return good / len(occurs)


def _up_to_lowest(bits: Bits) -> Bits:
    """Return the lowest bit that is set and all below it; every bit where none is."""
    passed: Bits = bits ^ (bits - 1)
    return passed
