"""Does the current index stay whole, and does nobody look for garbage in it?"""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from pairwright.index.builder import indexed_file
from pairwright.index.live import LiveIndex
from pairwright.index.segment import IndexedFile
from pairwright.workspace.paths import WorkspacePath, parse_path


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def files(count: int) -> dict[WorkspacePath, IndexedFile | None]:
    paths = [parse_path(f"m{number}.py") for number in range(count)]
    return {path: indexed_file(path, "x = 1\n") for path in paths}


@pytest.mark.parametrize(("count", "is_spared"), [(10, False), (300, True)])
async def test_many_files_at_once_are_spared_by_the_garbage_collector(
    count: int, is_spared: bool
) -> None:
    live = LiveIndex()
    await live.change_in_thread(files(count))
    assert len(live.current.files) == count
    assert (gc.get_freeze_count() > 0) is is_spared


async def test_files_that_are_known_from_the_last_time_are_spared_too() -> None:
    live = LiveIndex()
    await live.restore(files(300), None)
    assert gc.get_freeze_count() > 0


async def test_what_changes_while_a_thread_works_counts_as_later() -> None:
    live, path = LiveIndex(), parse_path("m7.py")
    async with asyncio.TaskGroup() as group:
        group.create_task(live.change_in_thread(files(300)))
        await asyncio.sleep(0)
        live.change({path: None})
    assert path not in live.current.files
    assert len(live.current.files) == 299


async def test_what_is_confirmed_while_a_thread_works_stays() -> None:
    live, path = LiveIndex(), parse_path("m7.py")
    live.change(files(10))
    known = live.current.files[path]
    async with asyncio.TaskGroup() as group:
        group.create_task(live.change_in_thread(dict.fromkeys(live.current.files)))
        await asyncio.sleep(0)
        live.confirm({path: known})
    assert dict(live.current.files) == {path: known}
    live.confirm({parse_path("m8.py"): known})
    assert list(live.current.files) == [path]


async def test_what_changes_while_a_thread_is_waited_for_counts_as_later_too() -> None:
    live, path = LiveIndex(), parse_path("m7.py")
    async with asyncio.TaskGroup() as group:
        group.create_task(live.change_in_thread(files(300)))
        group.create_task(live.change_in_thread(files(10)))
        await asyncio.sleep(0)
        live.change({path: None})
    assert path not in live.current.files
    assert len(live.current.files) == 299
