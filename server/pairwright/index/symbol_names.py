"""How well does a name match a few letters?

Names are prepared in tables that are searched whole, by few calls: a name costs no Python.
"""

from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pairwright.index.names import Names, Numbers

EXACT, PREFIX, INITIALS, PART, LETTERS = 1000.0, 800.0, 600.0, 400.0, 200.0
"""What a match of each kind is worth at least; the rest never makes up for the difference."""
MOST_FOR_LENGTH = 100.0
"""Added for the share of the name that was typed."""
AT_WORD_START = 30.0
"""Added for a part that begins a word, and for letters in their order that do."""

_NEWLINE = 10
_BATCH = 8000
"""New names that are not left to wait for whoever asks next."""
_MOST_BY_LETTERS = 3000
"""Names that are compared letter by letter: the shortest."""
_WIDTH = 48
"""Letters of a name that are compared so."""
_LETTER_BITS = np.zeros(256, np.uint64)
"""Of each byte of a folded name one bit; a bit for each letter and digit of ASCII."""
for _bit, _byte in enumerate(b"abcdefghijklmnopqrstuvwxyz0123456789"):
    _LETTER_BITS[_byte] = 1 << _bit
_LETTER_BITS[0x80:] = 1 << 36

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
Scores = NDArray[np.float64]


def fold(name: str) -> bytes:
    """Return a name's letters and digits in lower case."""
    return _letters_of([name])[0].tobytes().strip()


class SymbolNames:
    """The names of all definitions that any index of a lineage ever had. Safe with threads."""

    def __init__(self, names: Names) -> None:
        """Take the names; which of them are definitions' is told by `add`."""
        self._names = names
        self._is_known: Flags = np.zeros(0, np.bool_)
        self._pending: list[int] = []
        self._tables: tuple[NameTable, ...] = ()
        self._lock = Lock()

    def add(self, columns: Sequence[Numbers]) -> None:
        """Note names of definitions, each column sorted; many new ones are prepared at once."""
        with self._lock:
            if len(self._is_known) < len(self._names):
                grown = np.zeros(2 * len(self._names), np.bool_)
                grown[: len(self._is_known)] = self._is_known
                self._is_known = grown
            for numbers in columns:
                new = numbers[~self._is_known[numbers]]
                self._is_known[new] = True
                self._pending += new[np.diff(new, prepend=0) > 0].tolist()
            if len(self._pending) >= _BATCH:
                self._prepare()

    def tables(self) -> "tuple[NameTable, ...]":
        """Return all the names, prepared."""
        with self._lock:
            if self._pending:
                self._prepare()
            return self._tables

    def _prepare(self) -> None:
        numbers, self._pending = self._pending, []
        letters, is_start = _letters_of(self._names.strings(numbers))
        tables = [*self._tables, NameTable(np.array(numbers, np.uint32), letters, is_start)]
        while len(tables) > 1 and tables[-2].size <= 2 * tables[-1].size:
            tables[-2:] = [tables[-2].joined(tables[-1])]
        self._tables = tuple(tables)


class NameTable:
    """Some names, as letters that stand one behind the other."""

    def __init__(self, numbers: Numbers, letters: Bytes, is_start: Flags) -> None:
        """Take the names.

        Args:
            numbers: of the names.
            letters: the names folded, a newline before each and after the last.
            is_start: of each letter, whether it begins a word.
        """
        self._numbers = numbers
        self._letters = letters
        self._is_start = is_start
        self._words = _Lines(letters)
        self._initials = _Lines(letters[is_start | (letters == _NEWLINE)])
        self._masks = np.bitwise_or.reduceat(_LETTER_BITS[letters], self._words.begins)

    @property
    def size(self) -> int:
        """How many names there are."""
        return len(self._numbers)

    def joined(self, other: "NameTable") -> "NameTable":
        """Return the names of two tables as one."""
        return NameTable(
            np.concatenate((self._numbers, other._numbers)),
            np.concatenate((self._letters, other._letters[1:])),
            np.concatenate((self._is_start, other._is_start[1:])),
        )

    def score_prefix(self, query: bytes, scores: Scores) -> None:
        """Give points to the names that begin so, most to those that are nothing else."""
        lines, lengths = self._words.beginning(query)
        is_all = lengths == len(query)
        self._give(scores, lines, lengths, PREFIX + (EXACT - PREFIX) * is_all, len(query))

    def score_initials(self, query: bytes, scores: Scores) -> None:
        """Give points to the names whose words begin with these letters."""
        self._give(scores, *self._initials.beginning(query), INITIALS, len(query))

    def score_part(self, query: bytes, scores: Scores) -> None:
        """Give points to the names that have this somewhere."""
        places = self._words.places(query)
        lines = self._words.lines_at(places)
        self._give(scores, lines, self._words.lengths[lines], PART, len(query))
        lines = lines[self._is_start[places]]
        self._give(scores, lines, self._words.lengths[lines], PART + AT_WORD_START, len(query))

    def candidates(self, query: bytes, is_open: Flags) -> tuple[Places, Places]:
        """Return the names that have all the letters, with their lengths.

        Args:
            query: the letters.
            is_open: by number, whether a name may be a candidate.
        """
        mask = np.bitwise_or.reduce(_LETTER_BITS[np.frombuffer(query, np.uint8)])
        found = ((self._masks & mask) == mask) & is_open[self._numbers]
        lines = np.flatnonzero(found & (self._words.lengths >= len(query)))
        return lines, self._words.lengths[lines]

    def score_letters(self, query: bytes, lines: Places, scores: Scores) -> None:
        """Give points to those of the candidates that have the letters in their order."""
        lengths = np.minimum(self._words.lengths[lines], _WIDTH)
        width = int(lengths.max(initial=0))
        columns = np.arange(width)
        places = np.minimum(self._words.begins[lines][:, None] + columns, len(self._letters) - 1)
        is_inside = columns < lengths[:, None]
        letters = np.where(is_inside, self._letters[places], 0).astype(np.uint8)
        matching = _in_order(letters, query)
        lines, letters = lines[matching], letters[matching]
        share = _at_word_starts(letters, self._is_start[places[matching]], query)
        base = LETTERS + AT_WORD_START * share
        self._give(scores, lines, self._words.lengths[lines], base, len(query))

    def _give(
        self, scores: Scores, lines: Places, lengths: Places, base: float | Scores, typed: int
    ) -> None:
        numbers = self._numbers[lines]
        points = base + MOST_FOR_LENGTH * typed / np.maximum(lengths, typed)
        scores[numbers] = np.maximum(scores[numbers], points)


class _Lines:
    """Lines of letters, a newline before each and after the last."""

    def __init__(self, letters: Bytes) -> None:
        newlines = np.flatnonzero(letters == _NEWLINE)
        self.begins: Places = newlines[:-1] + 1
        self.lengths: Places = np.diff(newlines) - 1
        self._letters = letters

    def beginning(self, query: bytes) -> tuple[Places, Places]:
        """Return the lines that begin so, and their lengths."""
        lines = self.lines_at(self._going_on(self.begins, query))
        return lines, self.lengths[lines]

    def places(self, part: bytes) -> Places:
        """Return where something stands."""
        is_there = self._letters == part[0]
        if len(part) > 1:  # by whole columns, as long as there are many places
            is_there[:-1] &= self._letters[1:] == part[1]
        return self._going_on(np.flatnonzero(is_there), part)

    def _going_on(self, places: Places, part: bytes) -> Places:
        """Return the places from which the letters go on so."""
        for distance, letter in enumerate(part):
            # No place leaves the letters: the newline after the last line is none of a query's.
            places = places[self._letters[places + distance] == letter]
        return places

    def lines_at(self, places: Places) -> Places:
        """Return the lines of places."""
        return self.begins.searchsorted(places, "right") - 1


def shortest(
    tables: Sequence[NameTable], query: bytes, is_open: Flags
) -> list[tuple[NameTable, Places]]:
    """Return the candidates for letters in their order, of too many only the shortest names."""
    found = [(table, *table.candidates(query, is_open)) for table in tables]
    lengths = np.concatenate([np.empty(0, np.int64), *(lengths for *_, lengths in found)])
    if len(lengths) > _MOST_BY_LETTERS:
        longest = np.flatnonzero(np.cumsum(np.bincount(lengths)) <= _MOST_BY_LETTERS)
        most = int(longest[-1]) if len(longest) else 0
        found = [(table, lines[length <= most], length) for table, lines, length in found]
    return [(table, lines) for table, lines, _ in found if len(lines)]


def _in_order(letters: Bytes, query: bytes) -> Places:
    """Return the rows that have the letters in their order."""
    rows = np.arange(len(letters))
    at = np.full(len(letters), -1)
    columns = np.arange(letters.shape[1])
    for letter in query:
        is_next = (letters[rows] == letter) & (columns > at[:, None])
        at = is_next.argmax(axis=1)
        goes_on = is_next[np.arange(len(rows)), at]
        rows, at = rows[goes_on], at[goes_on]
    return rows


def _at_word_starts(letters: Bytes, is_start: Flags, query: bytes) -> Scores:
    """Return which share of the letters begins a word or follows the letter before.

    The nearest such place is taken, which now and then leaves no place for the letters after it:
    such a row has what was counted until then.
    """
    everyone = np.arange(len(letters))
    columns = np.arange(letters.shape[1])
    at = np.full(len(letters), -1)
    good = np.zeros(len(letters))
    for letter in query:
        is_next = (letters == letter) & (columns > at[:, None])
        is_good = is_next & (is_start | (columns == at[:, None] + 1))
        best = np.where(is_good.any(axis=1), is_good.argmax(axis=1), is_next.argmax(axis=1))
        good += is_good[everyone, best]
        at = np.where(is_next[everyone, best], best, letters.shape[1])
    return good / len(query)


def _letters_of(names: Sequence[str]) -> tuple[Bytes, Flags]:
    """Return names folded, a newline before each and after the last, and where words begin."""
    plain = [name if name.isascii() else _fold_letters(name) for name in names]
    lines = "\n".join(["", *plain, ""])
    if lines.count("\n") > len(names) + 1:
        lines = "\n".join(["", *(name.replace("\n", " ") for name in plain), ""])
    raw = np.frombuffer(lines.encode("utf-8", "surrogatepass"), np.uint8)
    is_upper = (raw >= ord("A")) & (raw <= ord("Z"))
    is_lower = (raw >= ord("a")) & (raw <= ord("z")) | (raw >= 0x80)
    is_digit = (raw >= ord("0")) & (raw <= ord("9"))
    is_kept = is_upper | is_lower | is_digit
    # The first and the last are newlines, so that every letter has a neighbour.
    before, after = np.roll(is_kept, 1), np.roll(is_lower, -1)
    was_upper = np.roll(is_upper, 1)
    is_start = is_kept & (~before | (is_upper & (~was_upper | after)))
    folded = np.where(is_upper, raw + 32, raw).astype(np.uint8)
    stays = is_kept | (raw == _NEWLINE)
    return folded[stays], is_start[stays]


def _fold_letters(name: str) -> str:
    # What is not ASCII is folded here, so that the rest still shows where words begin.
    return "".join(each if each.isascii() else each.casefold() for each in name)
