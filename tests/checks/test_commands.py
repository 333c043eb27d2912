import asyncio
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from pairwright.checks.commands import (
    CommandRun,
    Reach,
    clean_environment,
    read_test_run,
    run_program,
)
from pairwright.checks.verdict import TestRun
from pairwright.errors import UserError
from tests.support.waiting import eventually, within


async def python(code: str, cwd: Path, *, timeout_s: float = 10, **options: str) -> TestRun:
    argv = [sys.executable, "-c", code]
    environment = clean_environment({}, {})
    run = await run_program(argv, cwd, timeout_s, environment=environment, reach=Reach(), **options)
    return read_test_run(run)


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
        await run_program(["no-such-program"], tmp_path, 5, environment={}, reach=Reach())


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


async def confined(code: str, cwd: Path, **reach: Any) -> CommandRun:
    argv = [sys.executable, "-c", code]
    environment = clean_environment({}, {})
    return await run_program(argv, cwd, 10, environment=environment, reach=Reach(**reach))


async def offline(code: str, cwd: Path, **reach: Any) -> CommandRun:
    run = await confined(code, cwd, is_offline=True, **reach)
    if run.not_denied:
        pytest.skip(f"this system grants no namespaces: {run.not_denied}")
    return run


LISTEN = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"


async def test_without_the_network_nothing_outside_is_reached(tmp_path: Path) -> None:
    with socket.socket() as outside:
        outside.bind(("127.0.0.1", 0))
        outside.listen()
        port = outside.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        reached = await confined(code, tmp_path)
        denied = await offline(code, tmp_path)
        far = await offline(
            "import socket; socket.create_connection(('192.0.2.1', 80), 2)", tmp_path
        )
    assert reached.exit_code == 0
    assert "Connection refused" in denied.output
    assert "Network is unreachable" in far.output


async def test_without_the_network_the_loopback_device_is_there(tmp_path: Path) -> None:
    code = LISTEN + "socket.create_connection(s.getsockname(), 2); print('connected')"
    assert (await offline(code, tmp_path)).output == "connected\n"


async def test_a_confined_command_is_who_it_was(tmp_path: Path) -> None:
    code = "import os; open('made', 'w'); print(os.getuid(), os.stat('made').st_uid)"
    me = os.getuid()
    assert (await offline(code, tmp_path)).output == f"{me} {me}\n"
    assert (tmp_path / "made").stat().st_uid == me


async def test_a_directory_that_is_read_only_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "a").write_text("old")
    code = f"open({str(tmp_path / 'kept' / 'a')!r}, 'w')"
    run = await offline(code, tmp_path, read_only=(tmp_path / "kept",))
    assert "Read-only file system" in run.output
    assert (tmp_path / "kept" / "a").read_text() == "old"


async def test_a_borrowed_directory_is_seen_and_not_written(tmp_path: Path) -> None:
    for name in ("theirs", "here"):
        (tmp_path / name).mkdir()
    (tmp_path / "theirs" / "a").write_text("theirs")
    code = "print(open('here/a').read(), flush=True); open('here/b', 'w')"
    places = ((tmp_path / "theirs", tmp_path / "here"),)
    run = await offline(code, tmp_path, borrowed=places)
    assert run.output.startswith("theirs\n")
    assert "Read-only file system" in run.output
    assert list((tmp_path / "here").iterdir()) == []


async def test_where_confinement_fails_the_command_runs_and_that_is_said(tmp_path: Path) -> None:
    run = await confined(
        "print('ran')", tmp_path, is_offline=True, read_only=(tmp_path / "missing",)
    )
    assert run.output == "ran\n"
    assert run.not_denied


async def test_a_confined_command_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", SPAWN + "time.sleep(60)"]
    async with within():
        run = await run_program(argv, tmp_path, 1.5, environment={}, reach=Reach(is_offline=True))
    assert run.exit_code is None
    await eventually(lambda: is_gone(tmp_path / "child"))


async def test_memory_is_bounded(tmp_path: Path) -> None:
    code = "x = bytearray(300 << 20); print('all of it')"
    bounded = await confined(code, tmp_path, memory_bytes=200 << 20)
    assert "MemoryError" in bounded.output
    assert (await confined(code, tmp_path, memory_bytes=2 << 30)).output == "all of it\n"


async def test_reserved_address_space_is_no_memory(tmp_path: Path) -> None:
    code = "import mmap; mmap.mmap(-1, 8 << 30, prot=mmap.PROT_READ); print('reserved')"
    run = await confined(code, tmp_path, memory_bytes=200 << 20)
    assert run.output == "reserved\n"


async def test_files_and_core_dumps_are_bounded(tmp_path: Path) -> None:
    code = (
        "import resource as r\n"
        "print(r.getrlimit(r.RLIMIT_CORE)[1], r.getrlimit(r.RLIMIT_FSIZE)[1] <= 1 << 30)"
    )
    assert (await confined(code, tmp_path)).output == "0 True\n"


async def test_errors_can_be_kept_apart(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr)"
    run = await run_program(
        [sys.executable, "-c", code],
        tmp_path,
        10,
        environment={},
        reach=Reach(),
        keeps_errors_apart=True,
    )
    assert (run.output, run.errors) == ("out\n", "err\n")


@pytest.mark.parametrize("is_offline", [False, True])
async def test_a_file_that_is_no_program_is_told(tmp_path: Path, is_offline: bool) -> None:
    (tmp_path / "text").write_text("no program")
    reach = Reach(is_offline=is_offline)
    with pytest.raises(UserError, match=r"text.*Permission denied.*checks\.linters"):
        await run_program(
            ["./text"], tmp_path, 5, environment={}, reach=reach, setting="checks.linters"
        )
    (tmp_path / "text").chmod(0o755)
    with pytest.raises(UserError, match="Exec format error"):
        await run_program(["./text"], tmp_path, 5, environment={}, reach=reach)
