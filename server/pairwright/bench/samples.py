"""What can be asked about a tree? Files, names and queries of its own, the same ones every time."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from pairwright.errors import UnreadableFile, UserError
from pairwright.syntax.extraction import outline_of
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.outline import Symbol
from pairwright.workspace.files import MAX_FILE_BYTES, DiskFileSystem, FileStat
from pairwright.workspace.paths import WorkspacePath

T = TypeVar("T")

_MOST_OUTLINED = 80
_SHORTEST_NAME = 4
_WORD_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_DJANGO_VERSION = re.compile(r"^VERSION = \((\d+), (\d+), (\d+)", re.MULTILINE)


class EmptyTree(UserError):
    """There is nothing to measure with."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A tree, and some of what it defines."""

    root: Path
    listed: tuple[FileStat, ...]
    """Every file that is not ignored and that can be read."""
    parsed: tuple[FileStat, ...]
    """Those of them that the index parses."""
    size: int
    """Bytes of the parsed files."""
    lines: int
    symbols: tuple[Symbol, ...]
    """Spread over the tree, one of each name, never empty."""
    django: tuple[int, ...] | None
    """The version, when the tree is Django's own."""

    def queries(self, count: int) -> list[str]:
        """Return what someone may type: names, initials, pieces, dotted names and slips."""
        kinds = (_name, _initials, _piece, _dotted, _slip)
        found = []
        for number, symbol in enumerate(_spread(self.symbols, count)):
            # Each time around, every symbol is asked for in another way.
            turn = number + number // len(self.symbols)
            found.append(kinds[turn % len(kinds)](symbol))
        return found

    def focuses(self, count: int) -> list[str]:
        """Return different places to draw a map of: files and definitions in turn."""
        found: dict[str, None] = {}
        for number, symbol in enumerate(self.symbols):
            name = f"{symbol.path}:{symbol.qualified_name}"
            found[symbol.path if number % 2 else name] = None
        return list(_spread(tuple(found), min(count, len(found))))

    def landmark(self) -> Symbol:
        """Return the definition whose name is the least likely to be another's too."""
        return max(self.symbols, key=lambda each: (len(each.name), each.path, each.name))

    def usual_files(self, count: int) -> list[WorkspacePath]:
        """Return files of the most frequent language, neither small nor large."""
        files = sorted(self._main_files(), key=lambda each: (each.size, each.path))
        upper = files[len(files) // 2 : max(len(files) * 9 // 10, len(files) // 2 + 1)]
        return [stat.path for stat in _spread(upper, min(count, len(upper)))]

    def long_text(self, line_count: int) -> tuple[str, str]:
        """Return whole files of one language, joined to so many lines or a few more.

        Returns:
            The text, and the suffix of such files.
        """
        paths = self.usual_files(len(self.parsed))
        texts = [DiskFileSystem(self.root).read(path).text for path in paths]
        chosen: list[str] = []
        for text in cycle(texts):
            chosen.append(text if text.endswith("\n") else f"{text}\n")
            line_count -= chosen[-1].count("\n")
            if line_count <= 0:
                break
        return "".join(chosen), Path(paths[0]).suffix

    def _main_files(self) -> list[FileStat]:
        suffixes = Counter(Path(stat.path).suffix for stat in self.parsed if stat.size)
        main = suffixes.most_common(1)[0][0]
        return [stat for stat in self.parsed if stat.size and Path(stat.path).suffix == main]


def sample_of(root: Path) -> Sample:
    """Look a tree over; nothing is changed.

    Raises:
        UserError: it is no folder, or the index would find no definition in it.
    """
    root = root.resolve()
    disk = DiskFileSystem(root)
    listed = tuple(stat for stat in disk.list_files() if not stat.problem)
    parsed = tuple(stat for stat in listed if language_of(stat.path) and _is_small(stat))
    size = lines = 0
    for stat in parsed:
        content = (root / stat.path).read_bytes()
        size, lines = size + len(content), lines + content.count(b"\n")
    symbols = {each.name: each for each in _symbols(disk, parsed)}
    if not symbols:
        raise EmptyTree(f"{str(root)!r} defines nothing: there is nothing to measure")
    return Sample(root, listed, parsed, size, lines, tuple(symbols.values()), _django(root))


def _is_small(stat: FileStat) -> bool:
    return stat.size <= MAX_FILE_BYTES


def _symbols(disk: DiskFileSystem, parsed: Sequence[FileStat]) -> Iterator[Symbol]:
    for stat in _spread(parsed, min(_MOST_OUTLINED, len(parsed))):
        try:
            outline = outline_of(stat.path, disk.read(stat.path).text)
        except UnreadableFile:
            continue
        for symbol in outline.symbols:
            if len(symbol.name) >= _SHORTEST_NAME and symbol.name.isidentifier():
                yield symbol


def _django(root: Path) -> tuple[int, ...] | None:
    version = root / "django" / "__init__.py"
    match = _DJANGO_VERSION.search(version.read_text("utf-8")) if version.is_file() else None
    return tuple(map(int, match.groups())) if match else None


def _spread(items: Sequence[T], count: int) -> Iterator[T]:
    """Give so many items, from the first to the last at even steps; again when there are few."""
    for number in range(count):
        yield items[number * len(items) // count if count <= len(items) else number % len(items)]


def _name(symbol: Symbol) -> str:
    return symbol.name


def _initials(symbol: Symbol) -> str:
    parts = _WORD_PARTS.findall(symbol.name)
    return "".join(part[0] for part in parts).lower() if len(parts) > 1 else symbol.name[:3]


def _piece(symbol: Symbol) -> str:
    return symbol.name[1 : max(len(symbol.name) // 2, 4)]


def _dotted(symbol: Symbol) -> str:
    around = symbol.qualified_name.rpartition(".")[0].rpartition(".")[2]
    start = symbol.name[: max(len(symbol.name) // 2, 2)]
    return f"{around}.{start}" if around else start


def _slip(symbol: Symbol) -> str:
    middle = len(symbol.name) // 2
    name = symbol.name
    return name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]
