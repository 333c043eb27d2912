"""Which files speak of the same things as a text? By the words in names, comments and strings.

BM25 over fields: a word in a path or a definition's name counts for more than one in a name that is
merely used, or in a comment. A file that changes costs what it holds, not what the workspace holds.

Source: Robertson, Zaragoza, Taylor: Simple BM25 Extension to Multiple Weighted Fields (2004).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from pairwright.index.words import NAME, words_of
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.paths import WorkspacePath

IN_FILE_NAME = 6.0
IN_DIRECTORY = 2.0
IN_DEFINITION = 3.0
IN_USE = 1.0
IN_IMPORT = 0.5
IN_DOC = 0.3
IN_PROSE = 1.0
"""How much an occurrence in each field counts; a word that only comments and strings have counts
once a file."""
SATURATION = 3.0
LENGTH_SHARE = 0.5
"""BM25's k1 and b."""
MAX_SEGMENT_FILES = 2048
"""Sorting one is a single call that other threads may have to wait for."""
Words = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FileText:
    """What is read of a file."""

    packed: PackedOutline
    text: str = ""
    """Empty: its comments and strings are not searched for."""


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A file that has words of a text."""

    path: WorkspacePath
    score: float
    """Only comparable within one answer."""
    words: tuple[str, ...]
    """The words that count most, at most three, the most important first."""


class LexicalIndex:
    """The words of a workspace's files; never changes."""

    def __init__(self) -> None:
        """Make an index of no file; `with_files` makes others."""
        self._segments: tuple[_Segment, ...] = ()
        self._alive: tuple[npt.NDArray[np.bool_], ...] = ()

    @cached_property
    def file_count(self) -> int:
        """How many files there are."""
        return sum(int(alive.sum()) for alive in self._alive)

    def with_files(self, changes: Mapping[WorkspacePath, "FileText | None"]) -> "LexicalIndex":
        """Return an index in which files are these; None: the file is gone. Safe in any thread."""
        alive = list(self._alive)
        for number, segment in enumerate(self._segments):
            rows = [segment.row_of[path] for path in changes if path in segment.row_of]
            if rows:
                alive[number] = alive[number].copy()
                alive[number][rows] = False
        segments = [*self._segments]
        added = [(path, file) for path, file in changes.items() if file is not None]
        for start in range(0, len(added), MAX_SEGMENT_FILES):
            segments.append(_segment_of(dict(added[start : start + MAX_SEGMENT_FILES])))
            alive.append(np.ones(len(segments[-1].paths), dtype=np.bool_))
        changed = LexicalIndex()
        changed._segments, changed._alive = _tidied(segments, alive)
        return changed

    def importance(self, words: Iterable[str]) -> dict[str, float]:
        """Return how much each word tells: the rarer, the more; of a word nowhere, 0."""
        return {word: self._importance(self._postings(word)) for word in words}

    def rank(self, weights: Mapping[str, float], limit: int) -> tuple[LexicalHit, ...]:
        """Return the files that have the words, the best first; ties by path.

        Args:
            weights: the words as `words_sought` gives them, each with its weight.
            limit: how many files at most.
        """
        starts = np.cumsum([0, *(len(segment.paths) for segment in self._segments)])
        scores = np.zeros(starts[-1], dtype=np.float64)
        gains: dict[str, tuple[Rows, Scores]] = {}
        for word, weight in weights.items():
            postings = self._postings(word)
            importance = self._importance(postings) * weight
            if not importance:
                continue
            rows = np.concatenate([rows + starts[at] for at, rows, _ in postings])
            gain = importance * np.concatenate([self._saturated(*found) for found in postings])
            scores[rows] += gain
            gains[word] = (rows, gain)
        return tuple(self._hits(scores, starts, gains, limit))

    def _hits(
        self,
        scores: Scores,
        starts: Rows,
        gains: Mapping[str, tuple[Rows, Scores]],
        limit: int,
    ) -> Iterator[LexicalHit]:
        found = np.flatnonzero(scores)
        if len(found) > 4 * limit:
            found = found[np.argpartition(-scores[found], 4 * limit)[: 4 * limit]]
        best = sorted(found.tolist(), key=lambda row: (-scores[row], self._path(row, starts)))
        best = best[:limit]
        words: dict[int, list[tuple[float, str]]] = {row: [] for row in best}
        wanted = np.array(sorted(best), dtype=np.int64)
        for word, (rows, gain) in gains.items():
            for at in np.flatnonzero(np.isin(rows, wanted)).tolist():
                words[int(rows[at])].append((-float(gain[at]), word))
        for row in best:
            shown = tuple(word for _, word in sorted(words[row])[:3])
            yield LexicalHit(self._path(row, starts), float(scores[row]), shown)

    def _path(self, row: int, starts: Rows) -> WorkspacePath:
        at = int(np.searchsorted(starts, row, side="right")) - 1
        return self._segments[at].paths[row - int(starts[at])]

    def _postings(self, word: str) -> list[tuple[int, Rows, Numbers]]:
        """Return where a word occurs, and how much: segment, rows, counts."""
        found = []
        number = _number_of(word)
        for at, segment in enumerate(self._segments):
            rows, counts = segment.postings(number)
            is_alive = self._alive[at][rows]
            if is_alive.any():
                found.append((at, rows[is_alive], counts[is_alive]))
        return found

    def _importance(self, postings: Sequence[tuple[int, Rows, Numbers]]) -> float:
        count = sum(len(rows) for _, rows, _ in postings)
        if not count:
            return 0.0
        return float(np.log(1 + (self.file_count - count + 0.5) / (count + 0.5)))

    def _saturated(self, at: int, rows: Rows, counts: Numbers) -> Scores:
        length = 1 - LENGTH_SHARE + LENGTH_SHARE * self._segments[at].lengths[rows] / self._mean
        return np.asarray(counts * (SATURATION + 1) / (counts + SATURATION * length), np.float64)

    @cached_property
    def _mean(self) -> float:
        pairs = zip(self._segments, self._alive, strict=True)
        total = sum(float(segment.lengths[alive].sum()) for segment, alive in pairs)
        return total / max(self.file_count, 1) or 1.0


@dataclass(frozen=True, eq=False)
class _Segment:
    """The words of some files, by word."""

    paths: tuple[WorkspacePath, ...]
    lengths: Numbers
    """Of each file, the sum of its words' counts."""
    words: Words
    """Sorted, each once."""
    starts: Rows
    """Of each word, where its rows begin; one more for the end."""
    rows: Rows
    counts: Numbers

    @cached_property
    def row_of(self) -> Mapping[WorkspacePath, int]:
        return {path: row for row, path in enumerate(self.paths)}

    def postings(self, word: int) -> tuple[Rows, Numbers]:
        at = int(np.searchsorted(self.words, np.uint32(word)))
        if at == len(self.words) or self.words[at] != word:
            return self.rows[:0], self.counts[:0]
        part = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return self.rows[part], self.counts[part]


def _segment_of(files: Mapping[WorkspacePath, FileText]) -> _Segment:
    words: list[Words] = []
    counts: list[Numbers] = []
    for path, file in files.items():
        found = _file_words(path, file)
        words.append(np.fromiter(found, dtype=np.uint32, count=len(found)))
        counts.append(np.fromiter(found.values(), dtype=np.float32, count=len(found)))
    rows = np.repeat(np.arange(len(files)), [len(each) for each in words])
    return _sorted_segment(tuple(files), rows, np.concatenate(words), np.concatenate(counts))


def _sorted_segment(
    paths: tuple[WorkspacePath, ...], rows: Rows, words: Words, counts: Numbers
) -> _Segment:
    order = np.argsort(words, kind="stable")
    unique, starts = np.unique(words[order], return_index=True)
    lengths = np.bincount(rows, weights=counts, minlength=len(paths)).astype(np.float32)
    ends = np.append(starts, len(words))
    return _Segment(paths, lengths, unique, ends, rows[order], counts[order])


def _tidied(
    segments: list[_Segment], alive: list[npt.NDArray[np.bool_]]
) -> tuple[tuple[_Segment, ...], tuple[npt.NDArray[np.bool_], ...]]:
    """Return segments of which each has over twice the files of the next, or is full.

    So there are few, and a file is moved seldom.
    """
    kept: list[tuple[_Segment, npt.NDArray[np.bool_]]] = []
    for segment, is_alive in zip(segments, alive, strict=True):
        count = int(is_alive.sum())
        if not count:
            continue
        merged = [(segment, is_alive)]
        while kept:
            last = int(kept[-1][1].sum())
            if last > 2 * count or last + count > MAX_SEGMENT_FILES:
                break
            merged.insert(0, kept.pop())
            count += last
        if len(merged) > 1 or 2 * count < len(is_alive):  # or half of it is dead
            segment = _merged(merged)
            is_alive = np.ones(len(segment.paths), dtype=np.bool_)
        kept.append((segment, is_alive))
    return tuple(segment for segment, _ in kept), tuple(is_alive for _, is_alive in kept)


def _merged(parts: Sequence[tuple[_Segment, npt.NDArray[np.bool_]]]) -> _Segment:
    paths: list[WorkspacePath] = []
    rows: list[Rows] = []
    words: list[Words] = []
    counts: list[Numbers] = []
    for segment, alive in parts:
        new_row = np.cumsum(alive) - 1 + len(paths)
        is_kept = alive[segment.rows]
        rows.append(new_row[segment.rows[is_kept]])
        words.append(np.repeat(segment.words, np.diff(segment.starts))[is_kept])
        counts.append(segment.counts[is_kept])
        paths += [path for path, is_alive in zip(segment.paths, alive, strict=True) if is_alive]
    return _sorted_segment(
        tuple(paths), np.concatenate(rows), np.concatenate(words), np.concatenate(counts)
    )


def _file_words(path: WorkspacePath, file: FileText) -> dict[int, float]:
    """Return the numbers of a file's words, each with how much it occurs."""
    packed = file.packed
    names, strings = packed.names, packed.strings
    uses = np.bincount(np.asarray(packed.reference_column("name"), dtype=np.int64), minlength=1)
    use_counts = np.log1p(uses) * IN_USE
    found: dict[int, float] = {}

    def add(name: str, count: float) -> None:
        for number in _numbers_of(name):
            found[number] = found.get(number, 0.0) + count

    directory, _, file_name = path.rpartition("/")
    add(file_name.partition(".")[0], IN_FILE_NAME)
    for part in directory.split("/"):
        add(part, IN_DIRECTORY)
    for name_id in packed.symbol_column("name"):
        add(names[name_id], IN_DEFINITION)
    for name_id in np.flatnonzero(use_counts).tolist():
        add(names[name_id], float(use_counts[name_id]))
    for name_id in packed.import_column("module"):
        add(names[name_id], IN_IMPORT)
    for string_id in packed.symbol_column("doc"):
        if string_id:
            for word in NAME.findall(strings[string_id]):
                add(word, IN_DOC)
    for word in set(NAME.findall(file.text)).difference(names):
        add(word, IN_PROSE)
    return found


def _number_of(word: str) -> int:
    """Return the number that stands for a word: two of 100,000 may share one, and do no harm."""
    return crc32(word.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=16_384)
def _numbers_of(name: str) -> tuple[int, ...]:
    return tuple(map(_number_of, words_of(name)))


NAME_WEIGHT = 3.0
AROUND_WEIGHT = 1.0
SIGNATURE_WEIGHT = 1.0
DOC_WEIGHT = 0.7
BODY_WEIGHT = 1.0
"""How much a word counts in a definition's own name, in the names around it, and so on."""
_TYPICAL_LENGTH = 1500
"""Characters of a definition; in a longer one, a word tells less."""


def score_symbols(packed: PackedOutline, importance: Mapping[str, float]) -> Scores:
    """Return how much each definition of a file, by its row, has to do with some words.

    Args:
        packed: the file's outline.
        importance: the words, each with what finding it is worth.
    """
    count = packed.symbol_count
    scores = np.zeros(count)
    if not count:
        return scores
    roots = sorted({_root(word) for word in importance})
    packed_strings = packed.strings
    worth = _worths(packed.names, importance, roots)
    starts, ends = _column(packed, "start"), _column(packed, "end")
    scores += NAME_WEIGHT * worth[_column(packed, "name")]
    parents = _column(packed, "parent")
    around = np.append(0.0, worth[_column(packed, "name")])
    scores += AROUND_WEIGHT * around[parents]
    used = np.asarray(packed.reference_column("name"), dtype=np.int64)
    used_at = np.asarray(packed.reference_column("start"), dtype=np.int64)
    body = np.zeros(count)
    for name_id in np.flatnonzero(worth).tolist():
        places = used_at[used == name_id]
        is_used = np.searchsorted(places, starts) < np.searchsorted(places, ends)
        body += worth[name_id] * is_used
    scores += BODY_WEIGHT * body / (0.5 + 0.5 * np.sqrt((ends - starts) / _TYPICAL_LENGTH))
    for column, weight in (("doc", DOC_WEIGHT), ("signature", SIGNATURE_WEIGHT)):
        used_ids, at = np.unique(_column(packed, column), return_inverse=True)
        said = [packed_strings[string_id] for string_id in used_ids.tolist()]
        scores += weight * _worths(said, importance, roots)[at]
    return scores


def _worths(strings: list[str], importance: Mapping[str, float], roots: Sequence[str]) -> Scores:
    """Return what is found in each string; only those that have a word's root are looked at."""
    joined = "\0".join(strings).lower()
    starts = np.cumsum([0, *(len(string) + 1 for string in joined.split("\0"))])
    found = [at for root in roots for at in _places(root, joined)]
    worth = np.zeros(len(strings))
    for at in np.unique(np.searchsorted(starts, found, side="right") - 1).tolist():
        words = {word for name in set(NAME.findall(strings[at])) for word in words_of(name)}
        worth[at] = sum(importance.get(word, 0.0) for word in words)
    return worth


def _places(root: str, text: str) -> Iterator[int]:
    at = text.find(root)
    while at >= 0:
        yield at
        at = text.find(root, at + 1)


def _root(word: str) -> str:
    """Return what all words with this common form begin with."""
    return word.removesuffix("y") if len(word) > 3 else word


def _column(packed: PackedOutline, column: str) -> Rows:
    return np.asarray(packed.symbol_column(column), dtype=np.int64)
