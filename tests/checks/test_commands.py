import asyncio
import sys
import time
from pathlib import Path

import psutil
import pytest

from pairwright.checks.commands import clean_environment, run_command
from pairwright.checks.verdict import TestRun
from pairwright.errors import UserError
from tests.support.waiting import eventually, within


async def python(code: str, cwd: Path, *, timeout_s: float = 10, **options: str) -> TestRun:
    argv = [sys.executable, "-c", code]
    return await run_command(argv, cwd, timeout_s, environment=clean_environment({}, {}), **options)


SPAWN = (
    "import subprocess, sys, time, pathlib\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "pathlib.Path('child').write_text(str(child.pid))\n"
)


def is_gone(pid_file: Path) -> bool:
    pid = int(pid_file.read_text())
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_output_and_exit_code_are_kept(tmp_path: Path) -> None:
    code = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)"
    run = await python(code, tmp_path)
    assert (run.exit_code, run.output, run.ran) == (3, "out\nerr\n", None)
    assert not run.is_green


async def test_standard_input_is_empty(tmp_path: Path) -> None:
    assert (await python("print(repr(input()))", tmp_path)).exit_code == 1


async def test_a_run_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    started = time.monotonic()
    run = await python(SPAWN + "time.sleep(60)", tmp_path, timeout_s=1.5)
    assert run.exit_code is None
    assert time.monotonic() - started < 5
    await eventually(lambda: is_gone(tmp_path / "child"))


async def test_children_that_outlive_a_run_are_killed(tmp_path: Path) -> None:
    run = await python(SPAWN, tmp_path)
    assert run.exit_code == 0
    await eventually(lambda: is_gone(tmp_path / "child"))


async def test_a_cancelled_run_leaves_no_process(tmp_path: Path) -> None:
    call = asyncio.ensure_future(python(SPAWN + "time.sleep(60)", tmp_path))
    child = tmp_path / "child"
    await eventually(lambda: child.exists() and child.read_text())
    call.cancel()
    async with within():
        with pytest.raises(asyncio.CancelledError):
            await call
    await eventually(lambda: is_gone(child))


async def test_a_flood_of_output_keeps_its_beginning_and_its_end(tmp_path: Path) -> None:
    run = await python("print('begin'); print('x' * 5_000_000); print('end')", tmp_path)
    assert run.output.startswith("begin\n")
    assert run.output.endswith("end\n")
    assert "bytes left out" in run.output
    assert len(run.output) < 300_000


async def test_paths_of_the_copy_become_relative(tmp_path: Path) -> None:
    code = "import os; print(os.getcwd() + '/pkg/a.py')"
    run = await python(code, tmp_path, hide=str(tmp_path))
    assert run.output == "pkg/a.py\n"


async def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no-such-program"):
        await run_command(["no-such-program"], tmp_path, 5, environment={})


def test_secrets_do_not_reach_the_command() -> None:
    parent = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "OPENAI_API_KEY": "x",
        "github_token": "x",
        "DB_PASSWORD": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "SSH_AUTH_SOCK": "x",
        "FORCE_COLOR": "1",
    }
    environment = clean_environment(parent, {"TMPDIR": "/t"})
    assert environment == {
        "PATH": "/bin",
        "HOME": "/home/me",
        "TMPDIR": "/t",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
