"""How near is the index to what the machine can do? The figures of its targets, in one run.

Everything is measured on the real engine in fresh processes with empty folders for what they keep.
What is edited is a copy: nothing of the given trees is changed.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from pairwright.bench.index_rows import Amounts, IndexRows
from pairwright.bench.samples import sample_of
from pairwright.bench.table import Table, to_text
from pairwright.bench.trees import MILLION, fetch_trees
from pairwright.bench.workbench import Workbench, say
from pairwright.errors import PairwrightError


def main(args: argparse.Namespace) -> int:
    """Run the command `bench index`."""
    amounts = Amounts(rounds=args.rounds, switches=args.runs)
    names = [*args.packages, *(MILLION if args.is_million else ())]
    try:
        with ExitStack() as stack:
            roots = list(args.paths)
            if names:
                keep = args.keep or Path(stack.enter_context(_scratch()))
                roots.append(fetch_trees(names, keep, say))
            if not roots:
                sys.stderr.write("name a folder, --packages or --million\n")
                return 2
            tables = [asyncio.run(measure(root, amounts)) for root in roots]
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(to_text(tables, is_json=args.is_json))
    return 0


async def measure(root: Path, amounts: Amounts) -> Table:
    """Return the figures of one tree, which is only read.

    Raises:
        UserError: it is no folder, or nothing in it is code.
        MeasurementFailed: a process ended before it had measured.
    """
    with _scratch() as name:
        say(f"{root}: looking at what there is")
        sample = sample_of(root)
        rows_of = IndexRows(sample, amounts, Workbench(sample, Path(name)))
        rows = [
            *await rows_of.cold(),
            *await rows_of.asked_while_cold(),
            *await rows_of.starts(),
            *await rows_of.answers(),
            *await rows_of.edits(),
            await rows_of.saves(),
            await rows_of.switches(),
            *await rows_of.memory(),
        ]
        return Table(sample.root.name, (*rows, rows_of.worst_lag()), rows_of.facts)


def _scratch() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="pairwright-", ignore_cleanup_errors=True)
