"""Does an instruction find the files and symbols that must change? Measured on real commits.

A commit's message is the instruction, its parent's tree is the workspace, and what the commit
changes is the answer. Files that only hold data or documentation take no part; tests do, and are
never the answer.
"""

import argparse
import re
import sys
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

from pairwright.bench.commits import Commit, LineSpan, Repository, find_repositories
from pairwright.bench.rankings import MOST_RANKED, Ranker, Workspace, rankers_of_files
from pairwright.errors import UserError
from pairwright.index.index import Index, IndexedFile
from pairwright.index.lexical import FileText, LexicalIndex
from pairwright.index.retrieval import EVERY_PART, Part, Retrieval, rank
from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.paths import WorkspacePath

DEPTHS = (1, 5, 10)
BUDGET_TOKENS = 8_000
TUNED_ON = ("axios", "celery", "click", "scrapy", "tornado")
"""Repositories on which the weights were chosen; figures are reported apart from theirs."""
_CHARACTERS_A_TOKEN = 3.5
_RESAMPLES = 1_000
_LINE_END = re.compile(r"\r\n|\r|\n")

Place = tuple[WorkspacePath, int]
"""A definition: its file, and its row in the outline."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How well one ranking did on one commit."""

    recall: tuple[float, ...]
    """The share of the answer among the first, at each of `DEPTHS`."""
    found: tuple[float, ...]
    """1 when some of the answer is among the first, else 0; at each of `DEPTHS`."""
    reciprocal_rank: float
    tokens: float = 0.0
    """Of the files that fit the budget, best first."""
    recall_in_budget: float = 0.0
    seconds: float = 0.0


@dataclass(slots=True)
class Measurement:
    """Outcomes by ranking, one for each commit."""

    commits: int = 0
    repositories: list[str] = field(default_factory=list)
    files: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    symbols: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))

    def table(self) -> str:
        """Return the figures as Markdown, means with the half width of their 95 % interval."""
        return "\n".join(
            [
                f"{self.commits} commits of {', '.join(self.repositories)}.",
                "",
                *_table("files", self.files, has_context=True),
                "",
                *_table("symbols", self.symbols, has_context=False),
            ]
        )


class Trees:
    """Turns commits of one repository into workspaces; a blob is read and parsed once."""

    def __init__(self, repository: Repository) -> None:
        """Start with an empty workspace."""
        self._repository = repository
        self._outlines: dict[tuple[str, str], PackedOutline] = {}
        self._texts: dict[str, str] = {}
        self._workspace = Workspace({}, {}, Index(), LexicalIndex(), LexicalIndex())

    def parent_of(self, commit: Commit) -> Workspace:
        """Return the workspace that a commit changes."""
        before = self._workspace
        blobs = self._repository.source_files(commit.parent)
        index: dict[WorkspacePath, IndexedFile | None] = {}
        words: dict[WorkspacePath, FileText | None] = {}
        names: dict[WorkspacePath, FileText | None] = {}
        for path in before.blobs:
            if path not in blobs:
                index[path] = words[path] = names[path] = None
        for path, blob in blobs.items():
            if before.blobs.get(path) != blob:
                packed = self._outline(path, blob)
                index[path] = IndexedFile(path, blob, packed)
                words[path] = FileText(packed, self._texts[blob])
                names[path] = FileText(packed)
        self._workspace = Workspace(
            {path: self._texts[blob] for path, blob in blobs.items()},
            blobs,
            before.index.with_files(index),
            before.lexical.with_files(words),
            before.names_only.with_files(names),
        )
        return self._workspace

    def _outline(self, path: WorkspacePath, blob: str) -> PackedOutline:
        language = language_of(path)
        if language is None:
            raise ValueError(f"{path!r} is no source file")
        key = (language.name, blob)
        if key not in self._outlines:
            if blob not in self._texts:
                self._texts[blob] = self._repository.blob(blob)
            self._outlines[key] = packed_outline_of(language, self._texts[blob])
        return self._outlines[key]


def measure(directories: Iterable[Path], *, limit: int) -> Measurement:
    """Return how well each ranking does on commits of some repositories.

    Args:
        directories: git repositories; they are only read.
        limit: how many commits of each, spread evenly over its history.

    Raises:
        UserError: git cannot read one of them.
    """
    measurement = Measurement()
    for directory in directories:
        with Repository(directory) as repository:
            commits = repository.commits(limit)
            if not commits:
                continue
            measurement.repositories.append(f"{repository.name} ({len(commits)})")
            trees, rankers = Trees(repository), rankers_of_files()
            for commit in commits:
                _measure_commit(measurement, trees.parent_of(commit), commit, rankers)
    return measurement


def changed_symbols(packed: PackedOutline, text: str, spans: Sequence[LineSpan]) -> frozenset[int]:
    """Return the rows of the innermost definitions that a change touches.

    An insertion touches the definition whose lines are on both sides of it.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    parents = packed.symbol_column("parent")
    columns = zip(packed.symbol_column("start"), packed.symbol_column("end"), strict=True)
    touched = set()
    for row, (start, end) in enumerate(columns):
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, max(end - 1, start)) - 1
        if any(_touches(first, last, span) for span in spans):
            touched.add(row)
    return frozenset(touched - {parents[row] - 1 for row in touched})


def outcome(ranked: Sequence[Any], answer: frozenset[Any]) -> Outcome:
    """Return how well a ranking finds an answer that is not empty."""
    places = [at for at, each in enumerate(ranked) if each in answer]
    counts = [sum(at < depth for at in places) for depth in DEPTHS]
    return Outcome(
        recall=tuple(count / len(answer) for count in counts),
        found=tuple(float(count > 0) for count in counts),
        reciprocal_rank=1 / (places[0] + 1) if places else 0.0,
    )


def half_width(values: Sequence[float]) -> float:
    """Return half of the mean's 95 % interval, from resamples drawn with a fixed seed."""
    random = Random(1)  # noqa: S311
    means = sorted(fmean(random.choices(values, k=len(values))) for _ in range(_RESAMPLES))
    return (means[int(_RESAMPLES * 0.975)] - means[int(_RESAMPLES * 0.025)]) / 2


def main(args: argparse.Namespace) -> int:
    """Run the command `bench retrieval`: print the figures of a folder of repositories."""
    tuned_on = TUNED_ON if args.tuned_on is None else args.tuned_on
    try:
        sys.stdout.write(report(args.directory, args.limit, tuned_on))
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def report(directory: Path, limit: int, tuned_on: Sequence[str]) -> str:
    """Return the figures of a folder of repositories, those that were tuned on apart.

    Raises:
        UserError: there is no repository, or git cannot read one.
    """
    repositories = find_repositories(directory)
    if not repositories:
        raise UserError(f"there is no git repository in {str(directory)!r}")
    tuned = [each for each in repositories if any(name in str(each) for name in tuned_on)]
    fresh = [each for each in repositories if each not in tuned]
    parts = []
    for title, chosen in (("Not tuned on", fresh), ("Tuned on", tuned)):
        if chosen:
            measurement = measure(chosen, limit=limit)
            table = measurement.table() if measurement.commits else "no commits to measure on"
            parts.append(f"## {title}\n\n{table}\n")
    return "\n".join(parts)


def _measure_commit(
    measurement: Measurement, workspace: Workspace, commit: Commit, rankers: Mapping[str, Ranker]
) -> None:
    measurement.commits += 1
    answer = frozenset(commit.changes)
    for name, ranker in rankers.items():
        started = time.perf_counter()
        ranked = ranker(workspace, commit.message)
        seconds = time.perf_counter() - started
        measurement.files[name].append(
            _with_context(outcome(ranked, answer), workspace, ranked, answer, seconds)
        )
    places = frozenset(_places(workspace, commit))
    if places:
        for name, parts in _SYMBOL_ROWS.items():
            retrieval = rank(
                workspace.index, workspace.lexical, commit.message, limit=MOST_RANKED, parts=parts
            )
            measurement.symbols[name].append(outcome(_symbols(workspace, retrieval), places))


_SYMBOL_ROWS = {"words": Part.WORDS, "all of ours": EVERY_PART}


def _places(workspace: Workspace, commit: Commit) -> Iterator[Place]:
    for path, spans in commit.changes.items():
        packed = workspace.index.packed[path]
        if packed is not None:
            for row in changed_symbols(packed, workspace.texts[path], spans):
                yield path, packed.symbol_column("start")[row]


def _symbols(workspace: Workspace, retrieval: Retrieval) -> list[Place]:
    found = (each.symbol for each in retrieval.symbols)
    return [(WorkspacePath(symbol.path), symbol.range.start) for symbol in found]


def _with_context(
    result: Outcome,
    workspace: Workspace,
    ranked: Sequence[WorkspacePath],
    answer: frozenset[WorkspacePath],
    seconds: float,
) -> Outcome:
    """Add what a model would be shown: whole files, the best first, while they fit."""
    left, shown = BUDGET_TOKENS, set()
    for path in ranked:
        tokens = int(len(workspace.texts[path]) / _CHARACTERS_A_TOKEN) + 1
        if tokens <= left:
            left -= tokens
            shown.add(path)
    return Outcome(
        result.recall,
        result.found,
        result.reciprocal_rank,
        tokens=BUDGET_TOKENS - left,
        recall_in_budget=len(shown & answer) / len(answer),
        seconds=seconds,
    )


def _touches(first: int, last: int, span: LineSpan) -> bool:
    if span.count:
        return first < span.first + span.count and span.first <= last
    return first < span.first <= last


def _table(
    title: str, rows: Mapping[str, Sequence[Outcome]], *, has_context: bool
) -> Iterator[str]:
    head = ["MRR", *(f"recall@{depth}" for depth in DEPTHS), *(f"any@{depth}" for depth in DEPTHS)]
    if has_context:
        head += [f"recall in {BUDGET_TOKENS} tokens", "tokens", "ms, median"]
    yield f"| {title} | {' | '.join(head)} |"
    yield "|---" * (len(head) + 1) + "|"
    for name, outcomes in rows.items():
        cells = [_mean(each.reciprocal_rank for each in outcomes)]
        cells += [_mean(each.recall[at] for each in outcomes) for at in range(len(DEPTHS))]
        cells += [f"{fmean(each.found[at] for each in outcomes):.2f}" for at in range(len(DEPTHS))]
        if has_context:
            cells.append(_mean(each.recall_in_budget for each in outcomes))
            cells.append(f"{fmean(each.tokens for each in outcomes):.0f}")
            cells.append(
                f"{1000 * sorted(each.seconds for each in outcomes)[len(outcomes) // 2]:.1f}"
            )
        yield f"| {name} | {' | '.join(cells)} |"


def _mean(values: Iterable[float]) -> str:
    known = list(values)
    return f"{fmean(known):.3f} ± {half_width(known):.3f}"
