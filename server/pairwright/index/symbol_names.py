"""How well does a name match a few letters?

Names are prepared in tables that are searched whole, by few calls: a name costs no Python.
"""

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from pairwright.index.letters import (
    FEW,
    LANES,
    NEWLINE,
    Bytes,
    Flags,
    Places,
    Scores,
    as_numbers,
    at_word_starts,
    each_once,
    going_on,
    in_order,
    is_in_order,
    padded,
    pair_bits,
    places_of,
    rows,
)
from pairwright.index.names import Names, Numbers

EXACT, PREFIX, INITIALS, PART, LETTERS = 1000.0, 800.0, 600.0, 400.0, 200.0
"""What a match of each kind is worth at least; the rest never makes up for the difference."""
MOST_FOR_LENGTH = 100.0
"""Added for the share of the name that was typed."""
AT_WORD_START = 30.0
"""Added for a part that begins a word, and for letters in their order that do."""

_MOST_IN_ALL = 3
"""Letters of a part that is looked for in all names; a longer one rules most of them out."""
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
_NO_LETTERS = bytes(byte for byte in range(0x80) if not chr(byte).isalnum())
_HEAD = 8
"""Letters at the beginning of a name that are compared as one number."""
_HEAD_MASKS = np.array(
    [(1 << 64) - (1 << 8 * (_HEAD - length)) for length in range(_HEAD + 1)], np.uint64
)
"""Of each length the bits that it fills."""

_NO_NUMBERS: Numbers = np.empty(0, np.uint32)


def fold(name: str) -> bytes:
    """Return a name's letters and digits in lower case, as `_letters_of` does for many."""
    plain = name if name.isascii() else _fold_letters(name)
    return plain.encode("utf-8", "surrogatepass").lower().translate(None, _NO_LETTERS)


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
        self._letters = padded(letters)[: len(letters)]
        self._is_start = padded(is_start)[: len(letters)]
        self._words = _Lines(letters)
        self._initials = _Lines(letters[is_start | (letters == NEWLINE)])
        self._counts: list[int] = np.bincount(letters, minlength=256).tolist()
        self._masks = np.bitwise_or.reduceat(_LETTER_BITS[letters], self._words.begins)
        self._pairs = np.bitwise_or.reduceat(pair_bits(letters), self._words.begins)

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

    def score_prefix(self, query: bytes, scores: Scores) -> Numbers:
        """Give points to the names that begin so, most to those that are nothing else."""
        lines = self._words.beginning(query)
        is_all = self._words.lengths[lines] == len(query)
        return self._give(scores, lines, PREFIX + (EXACT - PREFIX) * is_all, len(query))

    def score_initials(self, query: bytes, scores: Scores) -> Numbers:
        """Give points to the names whose words begin with these letters."""
        return self._give(
            scores,
            self._initials.beginning(query),
            INITIALS,
            len(query),
            self._initials.lengths,
        )

    def score_part(self, query: bytes, scores: Scores) -> Numbers:
        """Give points to the names that have this somewhere."""
        places = self._places(query)
        if not len(places):
            return _NO_NUMBERS
        lines = self._words.lines_at(places)
        new = self._give(scores, each_once(lines), PART, len(query))
        lines = each_once(lines[self._is_start[places]])
        self._give(scores, lines, PART + AT_WORD_START, len(query))
        return new

    def candidates(self, query: bytes, scores: Scores) -> tuple[Places, Numbers, Places]:
        """Return the names without points that have all the letters: lines, numbers, lengths."""
        mask = np.bitwise_or.reduce(_LETTER_BITS[np.frombuffer(query, np.uint8)])
        lines = np.flatnonzero((self._masks & mask) == mask)
        lines = lines[self._words.lengths[lines] >= len(query)]
        lines = lines[scores[self._numbers[lines]] == 0]
        return lines, self._numbers[lines], self._words.lengths[lines]

    def score_letters(self, query: bytes, lines: Places, scores: Scores) -> Numbers:
        """Give points to those of the candidates that have the letters in their order."""
        if len(lines) <= FEW:
            lines = self._one_by_one(query, lines)
            if not len(lines):
                return _NO_NUMBERS
        lengths = np.minimum(self._words.lengths[lines], _WIDTH)
        longest = int(lengths.max(initial=0))
        lane = next(lane for lane in LANES if lane[0] >= longest)
        begins = self._words.begins[lines]
        letters = rows(self._letters, begins, lane[0])
        # What stands behind the end of a name is none of its letters.
        letters *= np.arange(lane[0], dtype=np.uint8) < lengths.astype(np.uint8)[:, None]
        occurs = [as_numbers(letters == letter, lane) for letter in query]
        matching = in_order(occurs)
        if not len(matching):
            return _NO_NUMBERS
        is_start = as_numbers(rows(self._is_start, begins[matching], lane[0]), lane)
        share = at_word_starts([each[matching] for each in occurs], is_start)
        return self._give(scores, lines[matching], LETTERS + AT_WORD_START * share, len(query))

    def _one_by_one(self, query: bytes, lines: Places) -> Places:
        """Return the lines that have the letters in their order."""
        begins, lengths = self._words.begins[lines], self._words.lengths[lines]
        ends = begins + np.minimum(lengths, _WIDTH)
        letters = self._letters.data
        names = (bytes(letters[a:b]) for a, b in zip(begins.tolist(), ends.tolist(), strict=True))
        return lines[np.array([is_in_order(name, query) for name in names], np.bool_)]

    def _places(self, part: bytes) -> Places:
        """Return where something stands, in the order of the places."""
        if len(part) <= _MOST_IN_ALL:
            return places_of(self._letters, part, self._counts)
        wanted = np.bitwise_or.reduce(pair_bits(np.frombuffer(part, np.uint8)))
        lines = np.flatnonzero((self._pairs & wanted) == wanted)
        lengths = self._words.lengths[lines] + 1  # with the newline, which no match goes across
        ends = lengths.cumsum()
        places = np.repeat(self._words.begins[lines] - ends + lengths, lengths)
        places += np.arange(len(places))
        return places[places_of(self._letters[places], part, self._counts)]

    def _give(
        self,
        scores: Scores,
        lines: Places,
        base: float | Scores,
        typed: int,
        lengths: Places | None = None,
    ) -> Numbers:
        """Give points to lines, each once; return the names that had none."""
        if not len(lines):
            return _NO_NUMBERS
        numbers = self._numbers[lines]
        lengths = (self._words.lengths if lengths is None else lengths)[lines]
        points = base + MOST_FOR_LENGTH * typed / np.maximum(lengths, typed)
        before = scores[numbers]
        scores[numbers] = np.maximum(before, points)
        new: Numbers = numbers[before == 0]
        return new


class _Lines:
    """Lines of letters, a newline before each and after the last."""

    def __init__(self, letters: Bytes) -> None:
        newlines = np.flatnonzero(letters == NEWLINE)
        self.begins: Places = newlines[:-1] + 1
        self.lengths: Places = np.diff(newlines) - 1
        self._letters = letters
        heads = _heads(letters, self.begins, self.lengths)
        order = heads.argsort()
        self._heads = heads[order]
        self._by_head = order.astype(np.uint32)

    def beginning(self, query: bytes) -> Places:
        """Return the lines that begin so, in any order."""
        head = query[:_HEAD]
        least = int.from_bytes(head.ljust(_HEAD, b"\0"), "big")
        # No byte of a name is 0xFF, so that there always is a next number.
        most = least + (1 << 8 * (_HEAD - len(head)))
        first, end = self._heads.searchsorted(np.array((least, most), np.uint64))
        lines = self._by_head[first:end].astype(np.int64)
        if len(query) <= _HEAD:
            return lines
        return self.lines_at(going_on(self._letters, self.begins[lines], query))

    def lines_at(self, places: Places) -> Places:
        """Return the lines of places."""
        return self.begins.searchsorted(places, "right") - 1


def shortest(
    tables: Sequence[NameTable],
    query: bytes,
    scores: Scores,
    count: Callable[[Numbers], NDArray[np.integer]],
) -> list[tuple[NameTable, Places]]:
    """Return the candidates for letters in their order, of too many only the shortest names.

    Args:
        tables: of names.
        query: the letters.
        scores: of the names; one that has points is no candidate.
        count: tells of names how many definitions are called so.
    """
    found = []
    for table in tables:
        lines, numbers, lengths = table.candidates(query, scores)
        is_used = count(numbers) > 0
        found.append((table, lines[is_used], lengths[is_used]))
    lengths = np.concatenate([np.empty(0, np.int64), *(lengths for *_, lengths in found)])
    if len(lengths) > _MOST_BY_LETTERS:
        longest = np.flatnonzero(np.cumsum(np.bincount(lengths)) <= _MOST_BY_LETTERS)
        most = int(longest[-1]) if len(longest) else 0
        found = [(table, lines[length <= most], length) for table, lines, length in found]
    return [(table, lines) for table, lines, _ in found if len(lines)]


def _heads(letters: Bytes, begins: Places, lengths: Places) -> NDArray[np.uint64]:
    """Return the first letters of lines as one number each, nothing after the end of a line."""
    padded = np.concatenate((letters, np.zeros(_HEAD, np.uint8)))
    window = np.ndarray((len(letters),), ">u8", padded, strides=(1,))
    return window[begins].astype(np.uint64) & _HEAD_MASKS[np.minimum(lengths, _HEAD)]


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
    stays = is_kept | (raw == NEWLINE)
    return folded[stays], is_start[stays]


def _fold_letters(name: str) -> str:
    # What is not ASCII is folded here, so that the rest still shows where words begin.
    return "".join(each if each.isascii() else each.casefold() for each in name)
