"""What does it cost to read a model's answer and to place its blocks? On real files.

An answer that a model could have written of the files is fed in pieces of a token's size, as it
streams; each block is placed when it is finished. Then blocks are placed in one long file, by each
way that lines are found. Times are the processor's, so that what else runs does not count.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pairwright
from pairwright.bench.samples import Sample, sample_of
from pairwright.bench.table import Row, Table, p95_row, to_text
from pairwright.bench.workbench import say
from pairwright.editing.blocks import SearchReplace
from pairwright.editing.frame import new_parser
from pairwright.editing.lines import lines_of
from pairwright.editing.markers import DIVIDER, END_MARKER, FILE_MARKER, REPLACE_CLOSE, SEARCH_OPEN
from pairwright.editing.matching import combine, place
from pairwright.errors import EditMismatch, UnreadableFile, UserError
from pairwright.workspace.documents import Document, Origin, digest_text
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath
from pairwright.workspace.snapshot import Snapshot

TOKEN_CHARACTERS = 4
"""Of code and English, by the tokenizers in use."""
TOKENS_A_SECOND = 200
MOST_SHARE_PERCENT = 1.0
LONG_LINES = 10_000
MOST_MATCHING_MS = 5.0

_FILES = 60
_QUOTED_LINES = 6
_MARKED = "  # marked"
_SEED = 4
_PROSE = "The next file needs a small change, so that the two agree.\n\n"


@dataclass(frozen=True, slots=True)
class _Cost:
    """Seconds of this process."""

    parsing_s: float
    placing_s: float
    tokens: int
    blocks: int


def main(args: argparse.Namespace) -> int:
    """Run the command `bench edits`."""
    roots = args.paths or [Path(pairwright.__file__).parent]
    try:
        tables = [measure(root, args.rounds) for root in roots]
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(to_text(tables, is_json=args.is_json))
    return 0


def measure(root: Path, rounds: int = 1, long_lines: int = LONG_LINES) -> Table:
    """Return the figures of one tree, which is only read.

    Args:
        root: where the files are.
        rounds: how often the answer is read; the cheapest time counts.
        long_lines: how long the file is in which single blocks are placed.

    Raises:
        UserError: it is no folder, or nothing in it is code.
    """
    say(f"{root}: looking at what there is")
    sample = sample_of(root)
    draw = random.Random(_SEED)  # noqa: S311 - the same answer every time
    documents = _documents(sample)
    snapshot = _snapshot(documents)
    blocks = [block for each in documents if (block := _block_of(each, draw)) is not None]
    if not blocks:
        raise UserError(f"no file of {str(root)!r} has lines that are there once")
    say("an answer, token by token")
    answer = _answer(blocks)
    cost = min((_stream(answer, snapshot) for _ in range(rounds)), key=_total_s)
    say(f"a file of {long_lines} lines")
    long_document = _long_document(sample, long_lines)
    rows = (*_token_rows(cost), *_matching_rows(long_document, draw))
    facts = {
        "files": len(documents),
        "blocks": cost.blocks,
        "tokens": cost.tokens,
        "lines of the long file": len(lines_of(long_document.text).contents),
    }
    return Table(f"edits in {sample.root.name}", rows, facts)


def _token_rows(cost: _Cost) -> Iterator[Row]:
    total = _total_s(cost)
    yield Row(
        f"reading and placing, of one core at {TOKENS_A_SECOND} tokens/s",
        total / cost.tokens * TOKENS_A_SECOND * 100,
        "%",
        limit=MOST_SHARE_PERCENT,
        note=f"placing is {cost.placing_s / total:.0%} of it",
    )
    yield Row("reading, a token", cost.parsing_s / cost.tokens * 1e6, "µs")
    yield Row("placing, a block", cost.placing_s / cost.blocks * 1e3, "ms")


def _matching_rows(document: Document, draw: random.Random) -> Iterator[Row]:
    parts = [part for _ in range(_FILES) if (part := _part_of(document, draw))]
    ways: dict[str, Callable[[Sequence[str]], Sequence[str]]] = {
        "as they are": lambda lines: lines,
        "with other blanks behind": lambda lines: [f"{line}  " for line in lines],
        "indented otherwise": lambda lines: [f"    {line}" if line else line for line in lines],
    }
    snapshot = _snapshot([document])
    for way, quote in ways.items():
        for order in ("first", "next"):
            times = [
                _place_ms(_changed(document, quote(part)), snapshot, is_first=order == "first")
                for part in parts
            ]
            yield p95_row(f"the {order} block, quoted {way}", times, MOST_MATCHING_MS)
    blocks = [_changed(document, [f"{line} += 1" for line in part]) for part in parts]
    times = [_place_ms(block, snapshot, is_first=False) for block in blocks]
    yield p95_row("a refusal with the nearest lines", times, limit=MOST_MATCHING_MS * 10)


def _documents(sample: Sample) -> list[Document]:
    disk = DiskFileSystem(sample.root)
    documents = []
    for path in sample.usual_files(_FILES):
        try:
            documents.append(_document(path, disk.read(path).text))
        except UnreadableFile:
            continue
    return documents


def _long_document(sample: Sample, line_count: int) -> Document:
    """Return whole files as one, with marks: where they repeat, lines are there once all the same.

    One character is not ASCII, as in many files: evening those out takes longer.
    """
    text, suffix = sample.long_text(line_count)
    lines = [
        line if number % _QUOTED_LINES else f"{line} # {number}"
        for number, line in enumerate(text.splitlines())
    ]
    return _document(f"long{suffix}", _text([*lines, "# na\u00efve"]))


def _document(path: str, text: str) -> Document:
    return Document(WorkspacePath(path), text, digest_text(text), None, Origin.DISK)


def _snapshot(documents: Sequence[Document]) -> Snapshot:
    return Snapshot(1, {each.path: each for each in documents}, {})


def _block_of(document: Document, draw: random.Random) -> SearchReplace | None:
    part = _part_of(document, draw)
    return _changed(document, part) if part else None


def _part_of(document: Document, draw: random.Random) -> Sequence[str]:
    """Return lines that are in a document once; none when there are hardly any."""
    lines = lines_of(document.text)
    for _ in range(20):
        start = draw.randrange(max(len(lines.contents) - _QUOTED_LINES, 1))
        part = lines.contents[start : start + _QUOTED_LINES]
        stripped = "\n".join(["", *(line.strip() for line in part), ""])
        if stripped.strip() and lines.joined_stripped.count(stripped) == 1 and part[0].strip():
            return part
    return ()


def _changed(document: Document, part: Sequence[str]) -> SearchReplace:
    """Return a block that marks the middle one of some lines."""
    middle = len(part) // 2
    new = [*part[:middle], part[middle].rstrip() + _MARKED, *part[middle + 1 :]]
    return SearchReplace(document.path, _text(part), _text(new))


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _answer(blocks: Sequence[SearchReplace]) -> str:
    parts = [
        f"{_PROSE}{FILE_MARKER} {block.path}\n{SEARCH_OPEN}\n{block.search}{DIVIDER}\n"
        f"{block.replace}{REPLACE_CLOSE}\n\n"
        for block in blocks
    ]
    return "".join([*parts, f"{END_MARKER} {len(blocks)}\n"])


def _stream(answer: str, snapshot: Snapshot) -> _Cost:
    lines_of.cache_clear()
    parser = new_parser()
    pieces = [
        answer[start : start + TOKEN_CHARACTERS]
        for start in range(0, len(answer), TOKEN_CHARACTERS)
    ]
    placing_s = 0.0
    edits = []
    began = time.process_time()
    for piece in pieces:
        if blocks := parser.feed(piece):
            placing_began = time.process_time()
            edits += [place(block, snapshot, None) for block in blocks]
            placing_s += time.process_time() - placing_began
    parser.finish()
    placing_began = time.process_time()
    combine(snapshot.revision, edits)
    ended = time.process_time()
    placing_s += ended - placing_began
    return _Cost(ended - began - placing_s, placing_s, len(pieces), len(edits))


def _total_s(cost: _Cost) -> float:
    return cost.parsing_s + cost.placing_s


def _place_ms(block: SearchReplace, snapshot: Snapshot, *, is_first: bool) -> float:
    if is_first:
        lines_of.cache_clear()
    began = time.thread_time()
    with suppress(EditMismatch):
        place(block, snapshot, None)
    return (time.thread_time() - began) * 1e3
