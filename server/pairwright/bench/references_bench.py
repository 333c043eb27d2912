"""How well are references found? Measured against those of a real type checker."""

import argparse
import asyncio
import contextlib
import itertools
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pairwright.bench.oracles import BASEDPYRIGHT, ORACLES, Oracle, Place, asked_of
from pairwright.errors import UserError
from pairwright.index.builder import index_of
from pairwright.index.imports.settings import may_hold_settings
from pairwright.index.index import Index
from pairwright.index.resolution import Confidence, references_to
from pairwright.syntax.languages.registry import is_test_path
from pairwright.syntax.outline import Reference, Symbol, SymbolKind
from pairwright.workspace.paths import WorkspacePath

BARE_NAME = "the name alone"
FLOORS = {
    "EXACT": Confidence.EXACT,
    "EXACT + LIKELY": Confidence.LIKELY,
    "all": Confidence.BY_NAME,
}
_MOST_BYTES = 1_000_000
_MOST_SHOWN = 12
_OTHERS = "node_modules"
"""The folder of the packages that one needs."""


@dataclass(slots=True)
class Score:
    """How two sets of places compare, over many definitions."""

    both: int = 0
    only_ours: int = 0
    only_oracle: int = 0
    in_strings: int = 0
    """Of the places that only the oracle names, those that no outline reads as names."""

    def add(
        self, ours: set[Place], oracle: set[Place], in_strings: frozenset[Place] = frozenset()
    ) -> None:
        """Count one definition."""
        self.in_strings += len(in_strings - ours)
        self.both += len(ours & oracle)
        self.only_ours += len(ours - oracle)
        self.only_oracle += len(oracle - ours)

    @property
    def precision(self) -> float:
        """Of the places that we name, how many the oracle names."""
        return self.both / max(self.both + self.only_ours, 1)

    @property
    def recall(self) -> float:
        """Of the places that the oracle names, how many we do."""
        return self.both / max(self.both + self.only_oracle, 1)

    @property
    def recall_in_code(self) -> float:
        """The recall without the places in strings, such as quoted annotations."""
        return self.both / max(self.both + self.only_oracle - self.in_strings, 1)


@dataclass(slots=True)
class Measurement:
    """Scores by kind of definition (`all kinds` among them) and by confidence floor."""

    definitions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    scores: dict[tuple[str, str], Score] = field(default_factory=lambda: defaultdict(Score))
    surprises: list[str] = field(default_factory=list)
    """Where EXACT + LIKELY and the oracle differ."""

    def table(self) -> str:
        """Return the figures as a Markdown table."""
        lines = [
            "| definitions | | floor | precision | recall | recall in code | places |",
            "|---|---|---|---|---|---|---|",
        ]
        for kind, floor in itertools.product(self.definitions, (BARE_NAME, *FLOORS)):
            score = self.scores[kind, floor]
            places = score.both + score.only_oracle
            lines.append(
                f"| {kind} | {self.definitions[kind]} | {floor} | {score.precision:.3f} "
                f"| {score.recall:.3f} | {score.recall_in_code:.3f} | {places} |"
            )
        return "\n".join(lines)


async def measure(
    package_root: Path, *, oracle: Oracle = BASEDPYRIGHT, sample: int = 150, seed: int = 1
) -> Measurement:
    """Return how our references of some definitions of a package compare with the oracle's.

    Args:
        package_root: a folder with files of the oracle's language; it is only read.
        oracle: who knows better.
        sample: how many definitions are drawn, outside of tests.
        seed: what they are drawn with.

    Raises:
        MissingOracle: it is not installed.
    """
    oracle.found()
    texts = dict(_texts(package_root, oracle))
    index = index_of(texts)
    drawn = _draw(index, oracle, sample, seed)
    measurement = Measurement()
    async with asked_of(oracle, texts) as server:
        for symbols in drawn:
            joined = [*symbols, *_constructors(index, symbols[0])]
            _compare(measurement, index, texts, symbols, await server.references(joined))
    return measurement


def main(args: argparse.Namespace) -> int:
    """Run the command `bench references`: print the figures of one package."""
    asked = measure(
        args.directory, oracle=ORACLES[args.language], sample=args.sample, seed=args.seed
    )
    try:
        measured = asyncio.run(asked)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    shown = [measured.table(), *(measured.surprises if args.surprises else ())]
    sys.stdout.write("\n".join(shown) + "\n")
    return 0


def _texts(root: Path, oracle: Oracle) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        is_read = name.endswith(oracle.suffixes) or may_hold_settings(name)
        if not is_read or _OTHERS in path.parts or not path.is_file():
            continue
        if path.stat().st_size <= _MOST_BYTES:
            with contextlib.suppress(UnicodeDecodeError):
                yield name, path.read_bytes().decode()


def _draw(index: Index, oracle: Oracle, sample: int, seed: int) -> list[list[Symbol]]:
    """Return definitions of one qualified name each, outside of tests."""
    groups: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    for path, outline in index.outlines.items():
        if path.endswith(oracle.suffixes) and not is_test_path(path):
            for symbol in outline.symbols:
                groups[path, symbol.qualified_name].append(symbol)
    everything = [groups[key] for key in sorted(groups)]
    return random.Random(seed).sample(everything, min(sample, len(everything)))  # noqa: S311


def _constructors(index: Index, symbol: Symbol) -> Iterator[Symbol]:
    """Give the constructors of a class: checkers lead from its calls to these."""
    name = f"{symbol.qualified_name}.constructor"
    for each in index.symbols_in(WorkspacePath(symbol.path)):
        if each.qualified_name == name:
            yield each


def _kind(symbol: Symbol) -> str:
    if symbol.kind is SymbolKind.VARIABLE:
        return "attribute" if "." in symbol.qualified_name else "module variable"
    return str(symbol.kind)


def _compare(
    measurement: Measurement,
    index: Index,
    texts: Mapping[str, str],
    symbols: list[Symbol],
    oracle: set[Place],
) -> None:
    own = {(symbol.path, symbol.name_range.start) for symbol in symbols}
    oracle = oracle - own
    found = references_to(index, symbols[0])
    named = _uses_of_name(index, symbols[0].name)
    in_strings = frozenset(place for place in oracle if not _is_reference(index, place))
    by_floor = {
        BARE_NAME: named,
        **{
            label: {_place(each.reference) for each in found if each.confidence >= floor}
            for label, floor in FLOORS.items()
        },
    }
    for kind in ("all kinds", _kind(symbols[0])):
        measurement.definitions[kind] += 1
        for label, places in by_floor.items():
            measurement.scores[kind, label].add(places - own, oracle, in_strings)
    ours = by_floor["EXACT + LIKELY"] - own
    measurement.surprises += _surprises(texts, symbols[0], ours, oracle)


def _surprises(
    texts: Mapping[str, str], symbol: Symbol, ours: set[Place], oracle: set[Place]
) -> Iterator[str]:
    for label, places in (("only ours", ours - oracle), ("only oracle", oracle - ours)):
        for path, offset in sorted(places)[:_MOST_SHOWN]:
            text = texts[path]
            line = text.count("\n", 0, offset)
            shown = text.splitlines()[line].strip() if text else ""
            yield (
                f"{label}: {_kind(symbol)} {symbol.path}:{symbol.qualified_name}"
                f" <- {path}:{line + 1}: {shown}"
            )


def _uses_of_name(index: Index, name: str) -> set[Place]:
    return {
        _place(reference)
        for path in index.files_with(name)
        for reference in index.outlines[path].references
        if reference.name.rpartition(".")[2] == name
    }


def _place(reference: Reference) -> Place:
    """Return where the last part of a name begins."""
    last = reference.name.rpartition(".")[2]
    return reference.path, reference.range.end - len(last)


def _is_reference(index: Index, place: Place) -> bool:
    outline = index.outlines.get(WorkspacePath(place[0]))
    if outline is None:
        return False
    return any(_place(each) == place for each in outline.references) or any(
        each.name_range.start == place[1] for each in outline.symbols
    )
