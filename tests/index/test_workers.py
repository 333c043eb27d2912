import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from pairwright.errors import UserError
from pairwright.index.outliner import FileReading
from pairwright.index.workers import OutlineWorkers
from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.python import PYTHON
from pairwright.workspace.documents import digest_text
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath
from tests.index.worker_stage import FATAL, LITTLE_MEMORY, workers_at
from tests.support.waiting import eventually, within


def write(root: Path, files: dict[str, str | bytes]) -> tuple[WorkspacePath, ...]:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tuple(map(WorkspacePath, files))


async def read(workers: OutlineWorkers, paths: tuple[WorkspacePath, ...]) -> dict[str, FileReading]:
    found: list[FileReading] = []
    async with within(20):
        await workers.outline_files(paths, found.extend)
    assert sorted(each.fact.path for each in found) == sorted(paths)
    return {each.fact.path: each for each in found}


def content(reading: FileReading) -> bytes:
    return reading.packed.content if reading.packed is not None else b""


def not_parsed(reading: FileReading) -> str:
    return reading.packed.not_parsed if reading.packed is not None else "no outline"


async def test_files_are_read_outlined_and_told_with_what_the_disk_says(tmp_path: Path) -> None:
    async with workers_at(tmp_path, count=2) as workers:
        files: dict[str, str | bytes] = {f"pkg/m{i}.py": f"def f{i}(): pass\n" for i in range(70)}
        files |= {"notes.unknown": "text", "é.py": "x = 'ü'\r\n", "empty.py": ""}
        paths = write(tmp_path / "root", files)
        found = await read(workers, paths)
        disk = DiskFileSystem(tmp_path / "root")
        for path, text in files.items():
            assert isinstance(text, str)
            assert found[path].fact.digest == digest_text(text)
            assert found[path].fact.stat == disk.stat(WorkspacePath(path))
        assert found["notes.unknown"].packed is None
        expected = packed_outline_of(PYTHON, "def f7(): pass\n").content
        packed = found["pkg/m7.py"].packed
        assert packed is not None
        assert packed.content == expected
        assert len(workers.pids) == 2


async def test_what_has_no_text_for_us_is_told_with_the_reason(tmp_path: Path) -> None:
    async with workers_at(tmp_path) as workers:
        write(
            tmp_path / "root", {"binary.py": b"\0\1", "bad.py": b"\xff", "big.py": "#" * 1_000_001}
        )
        (tmp_path / "root/link.py").symlink_to("bad.py")
        os.mkfifo(tmp_path / "root/pipe.py")
        names = ("binary.py", "bad.py", "big.py", "link.py", "pipe.py", "gone.py")
        found = await read(workers, tuple(map(WorkspacePath, names)))
        assert all(each.fact.digest is None and each.packed is None for each in found.values())
        assert found["gone.py"].fact.stat is None
        assert all(found[name].fact.problem for name in names[:-1])


async def test_an_outline_that_is_kept_is_not_made_again(tmp_path: Path) -> None:
    paths = write(tmp_path / "root", {"a.py": "x = 1\n", "b.py": "y = 1\n"})
    async with workers_at(tmp_path) as workers:
        first = await read(workers, paths)
        assert all(each.was_parsed for each in first.values())
    async with workers_at(tmp_path) as workers:
        again = await read(workers, paths)
    assert all(each.was_cached and not each.was_parsed for each in again.values())
    assert {path: not_parsed(each) for path, each in again.items()} == dict.fromkeys(paths, "")
    assert {path: content(each) for path, each in again.items()} == {
        path: content(each) for path, each in first.items()
    }


async def test_a_worker_that_is_killed_costs_no_file(tmp_path: Path) -> None:
    paths = write(
        tmp_path / "root", {f"m{i}.py": f"x{i} = {'f(' * 300 + ')' * 300}\n" for i in range(200)}
    )
    async with workers_at(tmp_path, count=2) as workers:
        found: list[FileReading] = []
        killed: list[int] = []

        def take(readings: tuple[FileReading, ...]) -> None:
            found.extend(readings)
            for pid in workers.pids if not killed else ():
                killed.append(pid)
                os.kill(pid, signal.SIGKILL)

        async with within(20):
            await workers.outline_files(paths, take)
    assert killed
    assert sorted(each.fact.path for each in found) == sorted(paths)
    assert {not_parsed(each) for each in found} == {""}


async def test_a_file_that_ends_its_worker_is_set_aside_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    files: dict[str, str | bytes] = {f"m{i}.py": f"x{i} = 1\n" for i in range(10)}
    files["m5x.py"] = FATAL
    paths = write(tmp_path / "root", files)
    async with workers_at(tmp_path, max_memory_bytes=LITTLE_MEMORY) as workers:
        found = await read(workers, paths)
    assert "its parser died" in not_parsed(found.pop("m5x.py"))
    assert {not_parsed(each) for each in found.values()} == {""}


async def test_files_that_end_a_worker_side_by_side_cost_none_of_those_sent_with_them(
    tmp_path: Path,
) -> None:
    files: dict[str, str | bytes] = {f"m{i:02}.py": f"x{i} = 1\n" for i in range(64)}
    files |= {"m05.py": FATAL, "m06.py": FATAL}
    paths = write(tmp_path / "root", files)
    async with workers_at(tmp_path, max_memory_bytes=LITTLE_MEMORY) as workers:
        found = await read(workers, paths)
    set_aside = {path for path, reading in found.items() if not_parsed(reading)}
    assert set_aside == {"m05.py", "m06.py"}


async def test_a_file_that_was_set_aside_is_not_tried_again_at_the_next_start(
    tmp_path: Path,
) -> None:
    paths = write(tmp_path / "root", {"a.py": FATAL})
    async with workers_at(tmp_path, max_memory_bytes=LITTLE_MEMORY) as workers:
        reading = (await read(workers, paths))["a.py"]
        assert reading.fact.digest == digest_text(FATAL)
    async with workers_at(tmp_path) as workers:
        reading = (await read(workers, paths))["a.py"]
    assert reading.was_cached
    assert "its parser died" in not_parsed(reading)


async def test_a_worker_that_is_silent_is_ended_and_replaced(tmp_path: Path) -> None:
    paths = write(tmp_path / "root", {"a.py": "x = 1\n", "b.py": "y = 1\n"})
    async with workers_at(tmp_path, stall_s=0.3) as workers:
        await read(workers, paths)
        (pid,) = workers.pids
        os.kill(pid, signal.SIGSTOP)
        found = await read(workers, paths)
        assert {not_parsed(each) for each in found.values()} == {""}
        assert pid not in workers.pids


async def test_a_worker_that_ended_while_it_rested_is_replaced(tmp_path: Path) -> None:
    paths = write(tmp_path / "root", {"a.py": "x = 1\n"})
    async with workers_at(tmp_path) as workers:
        await read(workers, paths)
        os.kill(workers.pids[0], signal.SIGKILL)
        assert not_parsed((await read(workers, paths))["a.py"]) == ""


async def test_workers_end_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    paths = write(tmp_path / "root", {"a.py": "x = 1\n"})
    async with workers_at(tmp_path, idle_stop_s=0.05, text_idle_stop_s=0.1) as workers:
        await read(workers, paths)
        await workers.outline_text("a.py", "y = 1\n")
        await eventually(lambda: not workers.pids)
        assert (await read(workers, paths))["a.py"].was_cached


async def test_who_pauses_while_typing_finds_the_worker_of_open_documents_again(
    tmp_path: Path,
) -> None:
    paths = write(tmp_path / "root", {"a.py": "x = 1\n"})
    async with workers_at(tmp_path, idle_stop_s=0.05) as workers:
        await workers.outline_text("a.py", "y = 1\n")
        (of_texts,) = workers.pids
        await read(workers, paths)
        assert len(workers.pids) == 2
        await eventually(lambda: workers.pids == (of_texts,))
        await workers.outline_text("a.py", "y = 12\n")
        assert workers.pids == (of_texts,)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such priority")
async def test_whoever_reads_many_files_leaves_the_processors_to_what_a_person_waits_for(
    tmp_path: Path,
) -> None:
    paths = write(tmp_path / "root", {"a.py": "x = 1\n"})
    async with workers_at(tmp_path) as workers, within(10):
        await read(workers, paths)
        readers = workers.pids
        await workers.outline_text("a.py", "y = 1\n")
        own = os.getpriority(os.PRIO_PROCESS, 0)
        for pid in workers.pids:
            has_less = os.getpriority(os.PRIO_PROCESS, pid) > own
            assert has_less is (pid in readers)


async def test_workers_end_when_whoever_started_them_ends(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, sys, pathlib\n"
        "from pairwright.index.cache import OutlineCache\n"
        "from pairwright.index.workers import OutlineWorkers\n"
        "async def main():\n"
        "    root = pathlib.Path(sys.argv[1])\n"
        "    workers = OutlineWorkers(root, OutlineCache(root / 'cache'), count=1)\n"
        "    await workers.outline_text('a.py', 'x = 1')\n"
        "    print(*workers.pids, flush=True)\n"
        "    os._exit(0)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    async with within():
        output, _ = await process.communicate()
    pid = int(output)
    await eventually(lambda: not is_running(pid))


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def test_reading_that_is_cancelled_leaves_the_workers_of_use(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"m{i}.py": "f(" * 2000 + ")" * 2000 for i in range(100)}
    paths = write(tmp_path / "root", files)
    async with workers_at(tmp_path, count=2) as workers:
        began = asyncio.Event()
        reading = asyncio.ensure_future(workers.outline_files(paths, lambda readings: began.set()))
        async with within(10):
            await began.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert len(await read(workers, paths)) == 100


async def test_files_come_a_few_at_a_time_and_never_too_many(tmp_path: Path) -> None:
    paths = write(tmp_path / "root", {f"m{i}.py": "" for i in range(300)})
    sizes: list[int] = []
    async with workers_at(tmp_path) as workers, within(10):
        await workers.outline_files(paths, lambda readings: sizes.append(len(readings)))
    assert sum(sizes) == 300
    assert max(sizes) <= 64


async def test_no_files_need_no_worker(tmp_path: Path) -> None:
    async with workers_at(tmp_path) as workers:
        assert await read(workers, ()) == {}
        assert await workers.outline_text("a.unknown", "x") is None
        assert workers.pids == ()


async def test_a_workspace_that_is_gone_is_an_error_that_says_so(tmp_path: Path) -> None:
    async with workers_at(tmp_path) as workers:
        paths = write(tmp_path / "root", {"a.py": ""})
        (tmp_path / "root/a.py").unlink()
        (tmp_path / "root").rmdir()
        with pytest.raises(UserError, match="no worker process can be started"):
            await read(workers, paths)
