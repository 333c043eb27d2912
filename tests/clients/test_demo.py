"""`pairwright demo`: on a copy of the sample, with a daemon that ends with it."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pairwright.protocol.rendezvous import Rendezvous
from pairwright_client import discovery
from pairwright_client.cli import main
from pairwright_client.demo import TEST_COMMAND, may_spend, run_tests
from tests.clients.demo_daemon import pair
from tests.clients.pictures import plain
from tests.clients.tty import terminal
from tests.support.waiting import within

PROJECT = Path(__file__).parents[2]


class DemoDaemon:
    """Stands where the demo's daemon will be looked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, behaviour: str) -> None:
        command = [sys.executable, "-m", "tests.clients.demo_daemon", str(self.root), behaviour]
        process = subprocess.Popen(command, cwd=PROJECT)
        self._processes.append(process)
        deadline = time.monotonic() + 5
        while not self.is_there():
            assert time.monotonic() < deadline, "the double did not start"
            time.sleep(0.01)

    def is_there(self) -> bool:
        peer = discovery.connect(Rendezvous.for_workspace(self.root))
        if peer is not None:
            peer.close()
        return peer is not None

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[DemoDaemon]:
    double = DemoDaemon(tmp_path / "kept")
    yield double
    double.close()


def demo(daemon: DemoDaemon, *arguments: str) -> int:
    return main(["demo", "--keep", str(daemon.root), *arguments])


def test_a_demo_whose_tests_pass_in_the_end_succeeds_and_ends_its_daemon(
    daemon: DemoDaemon, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    daemon.start("mends")
    assert demo(daemon, "--record", str(tmp_path / "run.jsonl")) == 0
    assert not daemon.is_there()
    out = capsys.readouterr().out
    assert out.splitlines()[:3] == [
        "Strong  embedded/qwen2.5-coder-1.5b (runs on this machine, 1.1 GB to download first)",
        "Weak    embedded/qwen2.5-coder-0.5b (runs on this machine)",
        "Why     no key and no server was found",
    ]
    assert "Tests where it was written: ✓" in out
    assert "Receipt" in out
    assert out.endswith(f"The result lies in {daemon.root}\n")
    assert (tmp_path / "run.jsonl").exists()


def test_a_change_that_the_gate_did_not_pass_is_a_failed_demo(
    daemon: DemoDaemon, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.start("fails")
    assert demo(daemon) == 1
    out = capsys.readouterr().out
    assert "Tests where" not in out
    assert out.splitlines()[-3:-1] == [
        "The gate is not content with the best attempt.",
        "The models did not mend the sample this time.",
    ]
    assert not daemon.is_there()


def test_a_demo_believes_its_own_test_run_and_not_the_daemon(
    daemon: DemoDaemon, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.start("lies")
    assert demo(daemon) == 1
    assert "Tests where it was written: ✗" in capsys.readouterr().out


def test_what_costs_money_is_not_begun_when_nobody_can_be_asked(
    daemon: DemoDaemon, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.start("costs")
    assert demo(daemon) == 2
    assert "would cost an unknown amount and nobody can be asked: add --yes" in (
        capsys.readouterr().err
    )
    assert not daemon.is_there()


def test_yes_agrees_to_the_cost(daemon: DemoDaemon) -> None:
    daemon.start("costs")
    assert demo(daemon, "--yes") == 1


def test_ctrl_c_ends_the_demo_and_its_daemon(daemon: DemoDaemon) -> None:
    daemon.start("holds")
    with terminal("demo", "--keep", str(daemon.root)) as tty:
        tty.read_until("thinking")
        tty.interrupt()
        tty.read_until("pairwright: cancelled")
        assert tty.wait() == 130
    assert not daemon.is_there()


def test_a_directory_that_holds_something_is_not_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["demo", "--keep", str(tmp_path)]) == 2
    assert "--keep takes a new or empty directory" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["mine.txt"]


@pytest.mark.parametrize(("typed", "agreed"), [("y", True), ("", False)])
async def test_a_person_is_asked_before_money_is_spent(typed: str, agreed: bool) -> None:
    async def read_line() -> str | None:
        return typed

    paper, screen = plain()
    assert await may_spend(screen, pair(is_local=False), read_line) is agreed
    assert paper.getvalue() == "This will cost an unknown amount. Go on? [y/N] "


async def test_what_runs_on_this_machine_is_not_asked() -> None:
    paper, screen = plain()
    assert await may_spend(screen, pair(is_local=True), None)
    assert paper.getvalue() == ""


async def test_the_samples_tests_fail_before_and_name_what_is_to_be_done(tmp_path: Path) -> None:
    sample = PROJECT / "clients" / "pairwright_client" / "sample"
    copy = tmp_path / "sample"
    shutil.copytree(sample, copy)
    async with within():
        tests = await run_tests(TEST_COMMAND, copy)
    assert not tests.is_green
    assert tests.ran is not None
    assert tests.ran > 1
    assert (sample.parent / "instruction.txt").read_text().strip()


async def test_tests_that_cannot_be_found_are_not_green(tmp_path: Path) -> None:
    async with within():
        tests = await run_tests((sys.executable, "-c", "raise SystemExit(5)"), tmp_path)
    assert (tests.is_green, tests.ran) == (False, None)
