"""Does the journal keep its word at every system call? Killed, refused and watched from outside.

T6 by SIGKILL at every call that the kernel sees, T7 by errors that the kernel gives, T8 from its
log; all through strace. Where that is missing, only the journal's own announcements are used.
"""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pairwright.journal.journal import Journal
from tests.journal.changes import leftovers, undo
from tests.journal.durability import broken_rules, calls_of_strace
from tests.journal.kill_points import kill_everywhere
from tests.journal.scenarios import SCENARIOS, Prepared, Scenario, prepare
from tests.soak.figures import Figures

KILL_POINTS = 1_000
_ROOT = Path(__file__).parents[2]
_MEMORY = Path("/dev/shm")
_CALLS = "openat,write,fsync,fchmod,/^rename,/^unlink,/^mkdir,/^rmdir"
_ERRORS = ("ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE", "EDQUOT", "EXDEV")
_REFUSED = re.compile("openat|write|fsync|rename")
_LOGGED = re.compile(r"^(?:\d+ +)?(?P<call>[a-z_0-9]+)\((?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class CallPoint:
    """One system call of a change, by its number among those of its name since the start."""

    call: str
    number: int


async def run(figures: Figures, *, points: int) -> None:
    """Interrupt every scenario; from outside at about so many points each, spread evenly."""
    await asyncio.to_thread(_run, figures, points)


def _run(figures: Figures, points: int) -> None:
    old_mask = os.umask(0o022)
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        _interrupt(figures, Path(name) / "base", points)
    os.umask(old_mask)


def _interrupt(figures: Figures, base: Path, points: int) -> None:
    _announced_kills(figures, base)
    if shutil.which("strace") is None:
        figures.say("       strace is not installed: nothing is tried from outside")
        return
    _system_kills(figures, base, points)
    _system_errors(figures, base, points)
    _order_of_calls(figures, base)


def _announced_kills(figures: Figures, base: Path) -> None:
    began = time.monotonic()
    left: Counter[str] = Counter()
    broken = []
    for scenario in SCENARIOS:
        for action in scenario.actions:
            try:
                left.update(kill_everywhere(base, scenario, action, stride=1))
            except AssertionError as error:
                broken.append(str(error))
    detail = f"{dict(left)} in {time.monotonic() - began:.0f} s; {broken[:3] or ''}"
    figures.at_least("T6 announced kill points", sum(left.values()), KILL_POINTS, detail=detail)
    figures.at_most("T6 scenarios with a partial tree", len(broken), 0)


def _system_kills(figures: Figures, base: Path, points: int) -> None:
    """T6: kill at system calls of every scenario, and at those of a recovery."""
    began = time.monotonic()
    left: Counter[str] = Counter()
    broken = []
    share = max(1, points // len(SCENARIOS))
    for number, scenario in enumerate(SCENARIOS):
        action = scenario.actions[number % len(scenario.actions)]
        found = _points(base, scenario, action)
        for turn, point in enumerate(_spread(found, share)):
            prepared = prepare(scenario, action, base)
            done = _inject(base, scenario, action, point, "signal=SIGKILL")
            left["killed"] += done.returncode == -signal.SIGKILL
            if turn % 3 == 0:
                # Recovery is killed as well, at a call of its own.
                recovery = _points(base, scenario, "recover", keeps=True)
                point = recovery[turn % len(recovery)]
                done = _inject(base, scenario, "recover", point, "signal=SIGKILL")
                left["killed"] += done.returncode == -signal.SIGKILL
            problem = _problem(prepared, scenario)
            left[prepared.state() if not problem else "broken"] += 1
            if problem:
                broken.append(f"{scenario.name}, {action}, {point}: {problem}")
    detail = f"{dict(left)} in {time.monotonic() - began:.0f} s; {broken[:3] or ''}"
    figures.at_least("T6 system calls killed at", left["killed"], points, detail=detail)
    figures.at_most("T6 partial trees, leftovers, lost undos", len(broken), 0)


def _system_errors(figures: Figures, base: Path, points: int) -> None:
    """T7: every error at calls of a change of four files."""
    began = time.monotonic()
    scenario = SCENARIOS[-1]
    found = [p for p in _points(base, scenario, "commit") if _REFUSED.match(p.call)]
    tried, reported = 0, 0
    broken, silent = [], []
    for number, error in enumerate(_ERRORS):
        for point in _spread(found, max(1, points // len(_ERRORS)), offset=number):
            prepared = prepare(scenario, "commit", base)
            done = _inject(base, scenario, "commit", point, f"error={error}")
            tried += 1
            state = prepared.state()
            named = error in done.stderr and str(base) not in done.stderr
            if named if done.returncode else state == "new":
                reported += 1
            else:
                silent.append(f"{point} {error}: {done.stderr[-200:]}")
            problem = ""
            if done.returncode not in (0, 1):
                problem = f"ended with {done.returncode}: {done.stderr[-200:]}"
            elif state != ("old" if done.returncode else "new"):
                problem = f"left {state}"
            if problem := problem or _problem(prepared, scenario):
                broken.append(f"{point} {error}: {problem}")
    detail = f"{tried} errors in {time.monotonic() - began:.0f} s; {broken[:3] or ''}"
    figures.at_most("T7 partial states", len(broken), 0, detail=detail)
    figures.at_least(
        "T7 reported with path and error",
        100 * reported / tried,
        100,
        "%",
        detail=f"{silent[:3] or ''}",
    )


def _order_of_calls(figures: Figures, base: Path) -> None:
    """T8: the kernel's log of every scenario and action."""
    traces, broken = 0, []
    for scenario in SCENARIOS:
        for action in scenario.actions if not scenario.is_refused else ():
            prepared = prepare(scenario, action, base)
            log = base / "log"
            _strace(base, scenario, action, ["-y", "-o", str(log), "-e", f"trace={_CALLS}"])
            trace = calls_of_strace(log.read_text(), prepared.root, prepared.state_dir)
            traces += 1
            broken += [f"{scenario.name}, {action}: {rule}" for rule in broken_rules(trace)]
    figures.at_most(
        "T8 orders that a power cut breaks", len(broken), 0, detail=f"{traces} traces {broken[:3]}"
    )


def _problem(prepared: Prepared, scenario: Scenario) -> str:
    """Recover twice and undo; return what is wrong, if anything is."""
    journal = Journal(prepared.state_dir, prepared.root)
    journal.recover()
    state = prepared.state()
    if state not in ("old", "new"):
        return state
    journal.recover()
    if prepared.state() != state:
        return "recovery is not idempotent"
    if found := leftovers(prepared.root, prepared.state_dir):
        return f"left {found}"
    if scenario.is_refused:
        return ""
    if state == "old":
        prepared.act(journal)
        return "" if prepared.state() == "new" else "it cannot be done again"
    undo(journal, journal.entries()[-1])
    return "" if prepared.state() == "old" else "undo does not work"


def _points(base: Path, scenario: Scenario, action: str, *, keeps: bool = False) -> list[CallPoint]:
    """Return the calls of an action, but not those of the program's own start."""
    if not keeps:
        prepare(scenario, action, base)
    copy = base.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(base, copy, symlinks=True)
    log = base.with_name("log")
    done = _strace(copy, scenario, action, ["-o", str(log), "-e", f"trace={_CALLS}"])
    if done.returncode and not scenario.is_refused:
        raise AssertionError(f"{scenario.name}, {action} does not work: {done.stderr}")
    seen: Counter[str] = Counter()
    points = []
    has_begun = False
    for line in log.read_text().splitlines():
        match = _LOGGED.match(line)
        if match is None:
            continue
        seen[match["call"]] += 1
        if has_begun:
            points.append(CallPoint(match["call"], seen[match["call"]]))
        has_begun = has_begun or (match["call"].startswith("mkdir") and "/begin" in match["rest"])
    return points


def _spread(points: list[CallPoint], most: int, *, offset: int = 0) -> Iterator[CallPoint]:
    """Give at most so many of the points, evenly."""
    step = max(1, -(-len(points) // most))
    yield from points[offset % step :: step]


def _inject(
    base: Path, scenario: Scenario, action: str, point: CallPoint, fault: str
) -> subprocess.CompletedProcess[str]:
    when = f"inject={point.call}:{fault}:when={point.number}"
    return _strace(base, scenario, action, ["-o", os.devnull, "-e", when])


def _strace(
    base: Path, scenario: Scenario, action: str, options: list[str]
) -> subprocess.CompletedProcess[str]:
    with suppress(FileNotFoundError):
        (base / "begin").rmdir()
    path = os.pathsep.join([str(_ROOT), str(_ROOT / "server")])
    program = [sys.executable, "-S", "-m", "tests.journal.one_change"]
    return subprocess.run(
        ["strace", "-f", *options, *program, str(base), action, scenario.name],
        cwd=_ROOT,
        env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
