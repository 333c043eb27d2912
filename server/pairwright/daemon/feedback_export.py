"""What does `feedback` do? It counts what was remembered, and writes it for tuning programs."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pairwright.errors import PairwrightError, UserError
from pairwright.feedback.export import dpo_lines, sft_lines
from pairwright.feedback.pairs import examples, kinds_of, preference_pairs, weak_only
from pairwright.feedback.store import FeedbackStore
from pairwright.protocol.rendezvous import state_dir, workspace_around


def main(args: argparse.Namespace) -> int:
    """Run the command `feedback export`; return its exit code.

    The lines go to standard output or a file, what they are to standard error.
    """
    try:
        root = workspace_around(args.workspace or Path.cwd())
        lines, told = _export(state_dir(root) / "feedback.sqlite3", args.format, args.weak_only)
        _write(lines, args.output)
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write(told)
    return 0


def _export(path: Path, kind: str, is_weak_only: bool) -> tuple[Iterator[str], str]:
    """Give the lines, and say in words how many there are of which kinds."""
    if not path.exists():
        raise UserError("nothing is remembered of this workspace: no task was run in it yet")
    store = FeedbackStore(path)
    try:
        attempts, tasks = store.attempts(), store.tasks()
    finally:
        store.close()
    if kind == "dpo":
        pairs = preference_pairs(attempts, tasks)
        chosen = weak_only(pairs) if is_weak_only else pairs
        return dpo_lines(chosen), _told("pair", len(attempts), kinds_of(chosen).items())
    found = examples(attempts, tasks)
    counts = Counter(f"{each.sign}: {each.attempt.tier}" for each in found)
    return sft_lines(found), _told("example", len(attempts), counts.items())


def _told(what: str, attempts: int, counts: Iterable[tuple[str, int]]) -> str:
    counts = sorted(counts)
    lines = [f"  {count} signed by {kind}\n" for kind, count in counts]
    total = sum(count for _, count in counts)
    return f"{_counted(total, what)} from {_counted(attempts, 'attempt')}\n{''.join(lines)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _write(lines: Iterable[str], output: Path | None) -> None:
    if output is None:
        sys.stdout.writelines(lines)
        return
    try:
        # It holds the workspace's code: for its owner's eyes only.
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as opened:
            opened.writelines(lines)
    except OSError as error:
        raise UserError(f"{str(output)!r} cannot be written: {error.strerror}") from None
