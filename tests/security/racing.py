"""What if a directory becomes a link while a file in it is read or written? As often as possible.

One thread swaps a directory of the workspace and a symbolic link to one outside; meanwhile others
read and write through that name. What they get, and what lies outside, is looked at in the end.
"""

import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import cast

from pairwright.errors import PairwrightError
from pairwright.journal.calls import Calls
from pairwright.journal.entries import FileWrite
from pairwright.journal.journal import Journal
from pairwright.journal.tree import Tree, digest_bytes
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath
from tests.security.escapes import SECRET, Place

_READ = cast("WorkspacePath", "swapped/canary.txt")
_BEGIN_S = 5.0
_JOIN_S = 60.0
_SWITCH_INTERVAL_S = 1e-5
"""So short that a thread is interrupted between any two steps."""


@dataclass
class Outcome:
    """What came of a race."""

    swaps: int = 0
    done: Counter[str] = field(default_factory=Counter)
    """How often what was carried out."""
    refused: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    """Reads that gave what lies outside."""
    surprises: list[str] = field(default_factory=list)
    """Errors that are none of ours."""


def race(place: Place, swaps: int) -> Outcome:
    """Swap so many times while everything reads and writes; call it once for a place."""
    outcome = Outcome()
    swapped = place.root / "swapped"
    swapped.mkdir()
    (swapped / "canary.txt").write_text("inside\n")
    (place.root / "link").symlink_to(place.outside)
    ended = threading.Event()
    journal = Journal(place.state, place.root)
    calls = Calls(lambda step: None)
    numbers = count()
    roles: tuple[dict[str, Callable[[], object]], ...] = (
        {
            "read": lambda: DiskFileSystem(place.root).read(_READ).text,
            "stat": lambda: DiskFileSystem(place.root).stat(_READ),
            "list": lambda: list(DiskFileSystem(place.root).list_files()),
            "read by the tree": lambda: Tree(place.root, calls).read(_READ),
        },
        {"write by the tree": lambda: _write(Tree(place.root, calls), next(numbers))},
        {
            "write by the journal": lambda: _commit(journal, _written(next(numbers))),
            "make directories": lambda: _commit(
                journal, _written(next(numbers), "swapped/deep/er")
            ),
        },
    )
    threads = [
        threading.Thread(target=_repeat, args=(deeds, outcome, ended), daemon=True)
        for deeds in roles
    ]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    try:
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + _BEGIN_S
        while outcome.swaps < swaps or (
            not _has_begun(outcome, roles) and time.monotonic() < deadline
        ):
            _swap_twice(swapped, place)
            outcome.swaps += 2
    finally:
        ended.set()
        for thread in threads:
            thread.join(_JOIN_S)
        sys.setswitchinterval(interval)
    return outcome


def _has_begun(outcome: Outcome, roles: Iterable[Iterable[str]]) -> bool:
    """Tell whether each deed was tried, however busy the machine is."""
    return all(outcome.done[name] + outcome.refused[name] for deeds in roles for name in deeds)


def _swap_twice(swapped: Path, place: Place) -> None:
    spare, link = place.root / "spare", place.root / "link"
    os.rename(swapped, spare)
    _put(link, swapped)
    os.rename(swapped, link)
    _put(spare, swapped)


def _put(source: Path, target: Path) -> None:
    """Rename, also over a directory that somebody made because he found none."""
    while True:
        try:
            os.rename(source, target)
            return
        except OSError:
            made = target.with_name(f"made-{os.urandom(8).hex()}")
            os.rename(target, made)
            shutil.rmtree(made, ignore_errors=True)


def _repeat(
    deeds: Mapping[str, Callable[[], object]], outcome: Outcome, ended: threading.Event
) -> None:
    for name, deed in cycle(deeds.items()):
        if ended.is_set():
            return
        try:
            found = deed()
        except (PairwrightError, OSError) as error:
            outcome.refused[name] += 1
            if SECRET in str(error):
                outcome.leaks.append(f"{name}: {error}")
        except Exception as error:
            outcome.surprises.append(f"{name}: {error!r}")
        else:
            outcome.done[name] += 1
            if SECRET in repr(found):
                outcome.leaks.append(f"{name}: {found!r}")


def _write(tree: Tree, number: int) -> None:
    path, temporary = _written(number), f".written{number}.tmp"
    try:
        tree.write_beside(path, temporary, b"by the tree\n", 0o644)
        tree.replace(path, temporary)
    finally:
        tree.remove_beside(path, temporary)
        tree.remove(path)


def _commit(journal: Journal, path: WorkspacePath) -> None:
    content = b"by the journal\n"
    journal.commit([FileWrite(path, None, content)])
    journal.commit([FileWrite(path, digest_bytes(content), None)])


def _written(number: int, folder: str = "swapped") -> WorkspacePath:
    # Each time another name: what a refusal left behind refuses nothing else.
    return cast("WorkspacePath", f"{folder}/new{number}.txt")
