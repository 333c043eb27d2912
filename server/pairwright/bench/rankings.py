"""Which rankings of files are compared? Those of others, and ours with some parts left out."""

import importlib
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pairwright.index.index import Index
from pairwright.index.lexical import LexicalIndex
from pairwright.index.ranking import MapFocus, rank_files
from pairwright.index.retrieval import EVERY_PART, Part, Retrieval, rank
from pairwright.syntax.languages.registry import is_test_path
from pairwright.workspace.paths import WorkspacePath

MOST_RANKED = 50
_WORD = re.compile(r"\w\w+")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The files of a commit's parent."""

    texts: Mapping[WorkspacePath, str]
    blobs: Mapping[WorkspacePath, str]
    index: Index
    lexical: LexicalIndex
    names_only: LexicalIndex
    """Without the words of comments and strings."""


Ranker = Callable[[Workspace, str], Sequence[WorkspacePath]]


def rankers_of_files() -> dict[str, Ranker]:
    """Return the rankings to compare, for one repository."""
    rankers: dict[str, Ranker] = {}
    try:
        peer = _Bm25(importlib.import_module("bm25s"))
    except ImportError:
        sys.stderr.write("bm25s is not installed: no comparison with it\n")
    else:
        rankers["BM25 over files (bm25s)"] = lambda *asked: peer.rank(*asked, with_tests=True)
        rankers["the same, tests left out"] = lambda *asked: peer.rank(*asked, with_tests=False)
    rankers["PageRank, no focus"] = lambda workspace, _: _source(
        rank_files(workspace.index, _NOWHERE)
    )
    rankers["names only"] = lambda workspace, message: _paths(
        rank(workspace.index, workspace.names_only, message, limit=MOST_RANKED, parts=Part.WORDS)
    )
    for name, parts in _FILE_ROWS.items():
        rankers[name] = _ours(parts)
    rankers["words, then PageRank from them"] = _from_words
    return rankers


_NOWHERE = MapFocus()
_FILE_ROWS = {
    "words": Part.WORDS,
    "words, mentions": Part.WORDS | Part.MENTIONS,
    "words, neighbours": Part.WORDS | Part.NEIGHBOURS,
    "all of ours": EVERY_PART,
}


def _ours(parts: Part) -> Ranker:
    return lambda workspace, message: _paths(
        rank(workspace.index, workspace.lexical, message, limit=MOST_RANKED, parts=parts)
    )


def _from_words(workspace: Workspace, message: str) -> list[WorkspacePath]:
    """Rank by the sum of reciprocal ranks by words, and by PageRank that begins at the best."""
    by_words = _ours(Part.WORDS | Part.MENTIONS)(workspace, message)
    by_rank = _source(rank_files(workspace.index, MapFocus(paths=tuple(by_words[:5]))))
    scores: dict[WorkspacePath, float] = defaultdict(float)
    for ranked, weight in ((by_words, 1.0), (by_rank, 0.3)):
        for at, path in enumerate(ranked[:MOST_RANKED]):
            scores[path] += weight / (at + 2)
    return sorted(scores, key=lambda path: (-scores[path], path))


def _paths(retrieval: Retrieval) -> list[WorkspacePath]:
    return [file.path for file in retrieval.files]


def _source(ranked: Iterable[tuple[WorkspacePath, float]]) -> list[WorkspacePath]:
    return [path for path, _ in ranked if not is_test_path(path)][:MOST_RANKED]


class _Bm25:
    """The peer: BM25 over whole files, as its library does it out of the box."""

    def __init__(self, library: Any) -> None:
        self._library = library
        self._words: dict[str, list[str]] = {}

    def rank(self, workspace: Workspace, message: str, *, with_tests: bool) -> list[WorkspacePath]:
        paths = [path for path in workspace.blobs if with_tests or not is_test_path(path)]
        query = _WORD.findall(message.lower())
        if not paths or not query:
            return []
        ranker = self._library.BM25()
        ranker.index([self._words_of(workspace, path) for path in paths], show_progress=False)
        found, _ = ranker.retrieve([query], k=min(MOST_RANKED, len(paths)), show_progress=False)
        return [paths[at] for at in found[0].tolist()]

    def _words_of(self, workspace: Workspace, path: WorkspacePath) -> list[str]:
        key = f"{workspace.blobs[path]} {path}"
        if key not in self._words:
            self._words[key] = _WORD.findall(f"{path} {workspace.texts[path]}".lower())
        return self._words[key]
