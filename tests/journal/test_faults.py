"""T7: whatever call the system refuses, nothing is half-done, and the refusal is reported."""

import errno
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from pairwright.errors import PairwrightError, UserError
from pairwright.journal.calls import OnStep
from pairwright.journal.journal import Journal
from tests.journal.changes import leftovers
from tests.journal.kill_points import CHANGING
from tests.journal.scenarios import SCENARIOS, Prepared, Scenario, prepare

ERRORS = (
    *(errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EMFILE, errno.EDQUOT),
    errno.EXDEV,
)
ALL_AT_ONCE = SCENARIOS[-1]


def failing(
    number: int, code: int, *, calls: Collection[str] | None = None, lasting: bool = False
) -> OnStep:
    """Refuse the call of that number, of those named; and all later ones, if it lasts."""
    numbers = count(1)

    def on_step(step: str) -> None:
        if calls is not None and step.partition(" ")[0] not in calls:
            return
        reached = next(numbers)
        if reached == number or (lasting and reached > number):
            raise OSError(code, os.strerror(code))

    return on_step


def fail_everywhere(
    base: Path,
    scenario: Scenario,
    action: str,
    on_step_of: Callable[[int], OnStep],
    numbers: Iterator[int],
) -> Iterator[tuple[Prepared, PairwrightError | None]]:
    """Give the workspace and the error after each refused call, until there is none to refuse."""
    for number in numbers:
        prepared = prepare(scenario, action, base)
        steps: list[str] = []
        refuse = on_step_of(number)

        def on_step(step: str, refuse: OnStep = refuse, steps: list[str] = steps) -> None:
            try:
                refuse(step)
            except OSError:
                steps.append(step)
                raise

        error = None
        try:
            prepared.act(Journal(prepared.state_dir, prepared.root, on_step=on_step))
        except PairwrightError as raised:
            error = raised
        if not steps:
            return
        yield prepared, error


def recovered(prepared: Prepared) -> str:
    Journal(prepared.state_dir, prepared.root).recover()
    assert leftovers(prepared.root, prepared.state_dir) == []
    return prepared.state()


def names_of(prepared: Prepared) -> list[str]:
    return ["journal", "the workspace", *(path for path in {**prepared.old, **prepared.new})]


@pytest.mark.parametrize("code", ERRORS, ids=lambda code: errno.errorcode[code])
def test_one_refused_call_changes_nothing_and_is_named(quick: Path, code: int) -> None:
    """T7: each call of a change of four files, with each error; no descriptor stays open."""
    refused = 0
    opened = len(os.listdir("/dev/fd"))
    for prepared, error in fail_everywhere(
        quick / "base",
        ALL_AT_ONCE,
        "commit",
        lambda number: failing(number, code),
        count(1),
    ):
        refused += 1
        if error is None:
            # Only tidying up afterwards was refused.
            assert prepared.state() == "new"
            continue
        assert prepared.state() == "old"
        assert errno.errorcode[code] in str(error)
        assert any(name in str(error) for name in names_of(prepared))
        assert str(quick) not in str(error)
        assert recovered(prepared) == "old"
    assert refused >= 80
    assert len(os.listdir("/dev/fd")) == opened


@pytest.mark.parametrize("action", ["undo", "redo"])
@pytest.mark.parametrize("scenario", SCENARIOS[3:8], ids=lambda scenario: scenario.name)
def test_an_undo_or_redo_is_refused_as_a_whole_as_well(
    quick: Path, scenario: Scenario, action: str
) -> None:
    """T7: the errors take turns."""
    for prepared, error in fail_everywhere(
        quick / "base",
        scenario,
        action,
        lambda number: failing(number, ERRORS[number % len(ERRORS)], calls=CHANGING),
        count(1, 2),
    ):
        assert prepared.state() == ("old" if error else "new")
        assert recovered(prepared) == ("old" if error else "new")


@pytest.mark.parametrize("code", [errno.EROFS, errno.ENOSPC, errno.EIO], ids=str)
def test_a_disk_that_stays_broken_is_reported_and_mended_later(quick: Path, code: int) -> None:
    """T7: from some call on everything fails; what cannot be put back at once is put back later."""
    stuck = 0
    for prepared, error in fail_everywhere(
        quick / "base",
        ALL_AT_ONCE,
        "commit",
        lambda number: failing(number, code, calls=CHANGING, lasting=True),
        count(1),
    ):
        if error is None:
            assert recovered(prepared) == "new"
            continue
        assert errno.errorcode[code] in str(error)
        if "tried again" in str(error):
            stuck += 1
        else:
            assert prepared.state() == "old"
        assert recovered(prepared) in ("old", "new")
    assert stuck


def test_what_could_not_be_made_durable_is_never_used(quick: Path) -> None:
    """T7: a failed fsync is a lost file: it is not tried again, and not given its name."""
    for prepared, error in fail_everywhere(
        quick / "base",
        ALL_AT_ONCE,
        "commit",
        lambda number: failing(number, errno.EIO, calls={"fsync"}),
        count(1),
    ):
        assert isinstance(error, UserError)
        assert prepared.state() == "old"
        assert recovered(prepared) == "old"
    steps: list[str] = []

    def on_step(step: str) -> None:
        steps.append(step)
        if step == "fsync pkg/b.py":
            raise OSError(errno.EIO, "I/O error")

    prepared = prepare(ALL_AT_ONCE, "commit", quick / "base")
    with pytest.raises(UserError, match=r"pkg/b\.py: .* \(EIO\)"):
        prepared.act(Journal(prepared.state_dir, prepared.root, on_step=on_step))
    assert "rename pkg/b.py" not in steps
    assert steps.count("fsync pkg/b.py") == 1


@contextmanager
def somebody(owned: Path) -> Iterator[None]:
    """Be a user to whom something can be forbidden, who owns the directory."""
    if os.geteuid() != 0:
        yield
        return
    for path in (owned, *owned.rglob("*")):
        os.chown(path, _SOMEBODY, _SOMEBODY)
    os.seteuid(_SOMEBODY)
    try:
        yield
    finally:
        os.seteuid(0)


_SOMEBODY = 65534


def test_a_read_only_directory_refuses_the_whole_change(quick: Path) -> None:
    prepared = prepare(ALL_AT_ONCE, "commit", quick / "base")
    directory = prepared.root / "pkg"
    with somebody(quick):
        directory.chmod(0o555)
        with pytest.raises(UserError, match=r"pkg/b\.py: .* \(EACCES\)"):
            prepared.act(Journal(prepared.state_dir, prepared.root))
        directory.chmod(0o755)
        assert prepared.state() == "old"
        assert recovered(prepared) == "old"


def test_a_file_that_may_not_be_read_refuses_the_whole_change(quick: Path) -> None:
    prepared = prepare(ALL_AT_ONCE, "commit", quick / "base")
    with somebody(quick):
        (prepared.root / "a.py").chmod(0)
        with pytest.raises(UserError, match=r"a\.py: .* \(EACCES\)"):
            prepared.act(Journal(prepared.state_dir, prepared.root))
        (prepared.root / "a.py").chmod(0o644)
        assert recovered(prepared) == "old"


def test_a_file_that_cannot_be_read_while_putting_back_is_not_taken_for_somebody_elses(
    quick: Path,
) -> None:
    """T7: a passing shortage must not leave one file new among old ones."""
    prepared = prepare(ALL_AT_ONCE, "commit", quick / "base")
    seen: list[str] = []

    def on_step(step: str) -> None:
        seen.append(step)
        if step == "rename new/c.py":
            raise OSError(errno.ENOSPC, "No space left on device")
        if "rename new/c.py" in seen and step == "read a.py":
            raise OSError(errno.EMFILE, "Too many open files")

    with pytest.raises(UserError, match=r"a\.py: .* \(EMFILE\).*tried again"):
        prepared.act(Journal(prepared.state_dir, prepared.root, on_step=on_step))
    assert recovered(prepared) == "old"
