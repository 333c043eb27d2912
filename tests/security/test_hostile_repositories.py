"""T19: a repository that is opened runs nothing, calls nobody, and says nothing that counts.

All traps lie in one repository here; `python -m tests.soak repositories` opens one for each, and
looks with strace, where there is one, at every program that is started.
"""

import socket
import subprocess
from pathlib import Path

import pytest

from tests.e2e.stage import staged
from tests.security.hostile_repositories import Ground, traps
from tests.security.opening import listening_trap, open_repository, tree_of_home


def test_there_are_forty_five_and_more() -> None:
    assert len(traps()) >= 45


def test_one_with_every_trap_springs_none(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        before = tree_of_home(stage.home)
        assert open_repository(stage, traps()) == []
        assert tree_of_home(stage.home) - before <= {"state", "data", ".cache"}


@pytest.mark.parametrize("name", ["program python3", "module json.py", "git core.fsmonitor"])
def test_a_trap_that_is_touched_tells(tmp_path: Path, name: str) -> None:
    """They prove something only where they work."""
    ground = Ground(tmp_path / "workspace", tmp_path / "sprung.txt", "http://127.0.0.1:1")
    traps()[name](ground, name)
    files = [path for path in ground.root.rglob("*") if path.is_file()]
    programs = [str(path) for path in files if path.stat().st_mode & 0o100]
    call = programs or ["python", "-c", "import json"]
    subprocess.run(call, cwd=ground.root, check=False, timeout=30)
    assert ground.sprung.read_text().split("\n")[0] == name


def test_who_calls_at_the_trap_is_noticed() -> None:
    with listening_trap() as (address, calls):
        _, _, port = address.rpartition(":")
        with socket.create_connection(("127.0.0.1", int(port)), timeout=2) as caller:
            caller.sendall(b"hello")
            assert caller.recv(1) == b""
        assert calls == ["b'hello'"]
