import asyncio
import random
import shutil
from pathlib import Path

import pytest

from pairwright.index.cache import OutlineCache
from pairwright.index.indexer import MOST_OVERTAKING
from pairwright.index.outliner import Outliner
from pairwright.index.workers import OutlineWorkers
from pairwright.workspace.documents import Origin
from pairwright.workspace.paths import WorkspacePath
from tests.index.workplaces import Workplace, all_of, workplace
from tests.support.inline_workers import InlineWorkers
from tests.support.waiting import eventually, within

NAMES = (
    *("a.py", "b.py", "pkg/__init__.py", "pkg/c.py", "pkg/deep/d.ts", "e.js", "notes.txt"),
    *("tsconfig.json", "pkg/tsconfig.json", "base.json"),
)
TEXTS = (
    "",
    "def f(x):\n    return g(x)\n",
    "class A:\n    def m(self):\n        return self.m()\n",
    "class A(B):\n    size: int = 1\n\n    def größe(self): ...\n",
    "def broken(:\n",
    "export function f(a) { return g(a) }\n",
    "import { f } from './e'\nexport class K { run() { f() } }\n",
    "from pkg.c import A as B\n\nB().m()\n",
    "\ufeffx = 1\r\ny = 2\r\n",
    "import { f } from '@/e'\nimport 'deep/d'\nf()\n",
)
SETTINGS = (
    '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}\n',
    '{"compilerOptions": {"paths": {"@/*": ["pkg/*"]}}}\n',
    '{"extends": "./base.json"}\n',
    '{"extends": "./base.json", "compilerOptions": {"baseUrl": "pkg"}}\n',
    '{"extends": ["../tsconfig.json", "./tsconfig"], // both\n "compilerOptions": {,}}\n',
    "{",
)


def texts_of(path: str) -> tuple[str, ...]:
    return SETTINGS if path.endswith(".json") else TEXTS


async def play(place: Workplace, dice: random.Random, steps: int) -> None:
    """Do what people, editors and version control do, in any order."""
    for _ in range(steps):
        path = WorkspacePath(dice.choice(NAMES))
        target = place.root / path
        match dice.randrange(10):
            case 0 | 1 | 2:
                place.write(path, dice.choice(texts_of(path)))
            case 3:
                target.unlink(missing_ok=True)
                place.touched.add(path)
            case 4:
                if target.exists():
                    new_path = WorkspacePath(dice.choice(NAMES))
                    (place.root / new_path).parent.mkdir(parents=True, exist_ok=True)
                    target.replace(place.root / new_path)
                    place.touched |= {path, new_path}
            case 5:
                for name in NAMES:  # a checkout of another branch
                    if dice.random() < 0.5:
                        place.write(name, dice.choice(texts_of(name)))
                    else:
                        (place.root / name).unlink(missing_ok=True)
                        place.touched.add(WorkspacePath(name))
            case 6:
                shutil.rmtree(place.root / "pkg", ignore_errors=True)
                place.touched |= {WorkspacePath(each) for each in NAMES if "/" in each}
            case 7:
                known = place.open_texts.get(path, dice.choice(texts_of(path)))
                place.type(path, known + dice.choice(("", "x = 1\n", "def h(): f()\n", "(")))
            case 8:
                if path in place.open_texts:
                    if dice.random() < 0.5:
                        place.write(path, place.open_texts[path])
                    place.let_go(path)
            case _:
                await place.end()
                await place.begin()
        if dice.random() < 0.5:
            place.notice()
        if dice.random() < 0.3:  # what was found out must not outlive what it is about
            all_of(place.indexer.analysis.index)
        if dice.random() < 0.3:
            await asyncio.sleep(0)


@pytest.mark.parametrize("hundred", range(5))
async def test_after_any_script_the_index_equals_one_built_from_nothing(
    tmp_path: Path, hundred: int
) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        directory = tmp_path / str(seed)
        async with workplace(directory) as place:
            await play(place, random.Random(seed), steps=12)
            assert await place.settle() == place.cold_hash(), f"seed {seed}"
        shutil.rmtree(directory)


async def test_the_same_holds_with_worker_processes_once_typing_has_paused(tmp_path: Path) -> None:
    caches = OutlineCache(tmp_path / "outlines")

    def make_workers(root: Path) -> Outliner:
        return OutlineWorkers(root, caches, count=2)

    for seed in range(8):
        async with workplace(tmp_path / str(seed), make_workers) as place:
            await play(place, random.Random(seed), steps=12)
            await place.settle()
            cold = place.cold_hash()
            await eventually(
                lambda place=place, cold=cold: all_of(place.indexer.analysis.index) == cold,
                what=f"seed {seed}",
            )
    caches.close()


async def test_a_start_on_unchanged_files_parses_nothing(tmp_path: Path) -> None:
    async with workplace(tmp_path) as place:
        for name, text in zip(NAMES, TEXTS, strict=False):
            place.write(name, text)
        first = await place.settle()
        assert place.indexer.progress.parsed > 0
        await place.end()
        await place.begin()
        assert place.indexer.progress.is_complete
        assert place.indexer.progress.parsed == 0
        assert all_of(place.indexer.analysis.index) == first


async def test_what_is_not_read_yet_is_said_to_be_pending(tmp_path: Path) -> None:
    async with workplace(tmp_path) as place:
        place.write("a.py", TEXTS[1])
        place.notice()
        progress = place.indexer.progress
        assert (progress.files, progress.pending, progress.is_complete) == (1, 1, False)
        await place.settle()
        progress = place.indexer.progress
        assert (progress.files, progress.pending, progress.is_complete) == (1, 0, True)


async def test_very_many_files_count_before_the_first_of_them_is_looked_at(
    tmp_path: Path,
) -> None:
    root, state = tmp_path / "workspace", tmp_path / "state"
    root.mkdir()
    for number in range(600):
        (root / f"f{number}.txt").touch()
    place = Workplace(root, state, InlineWorkers)
    await place.begin()
    progress = place.indexer.progress
    assert (progress.files, progress.pending, progress.is_complete) == (600, 600, False)
    await place.settle()
    progress = place.indexer.progress
    assert (progress.files, progress.pending, progress.is_complete) == (600, 0, True)
    await place.end()


async def test_an_unsaved_text_is_seen_at_once_and_outlined_soon(tmp_path: Path) -> None:
    path = WorkspacePath("a.py")
    async with workplace(tmp_path) as place:
        place.write("a.py", "def old(): ...\n")
        await place.settle()
        place.type(path, "def fresh(): ...\n")
        analysis = place.indexer.analysis
        assert analysis.snapshot.documents[path].text == "def fresh(): ...\n"
        assert place.indexer.progress.pending == 1
        analysis = await place.indexer.complete()
        assert [symbol.name for symbol in analysis.index.symbols_in(path)] == ["fresh"]
        place.let_go(path)
        analysis = await place.indexer.complete()
        assert [symbol.name for symbol in analysis.index.symbols_in(path)] == ["old"]


async def test_a_change_that_nobody_told_of_is_healed_when_it_is_asked_about(
    tmp_path: Path,
) -> None:
    path = WorkspacePath("a.py")
    async with workplace(tmp_path) as place:
        place.write("a.py", "def old(): ...\n")
        await place.settle()
        place.write("a.py", "def changed_behind_our_back(): ...\n")
        assert await place.indexer.heal([path])
        symbols = place.indexer.analysis.index.symbols_in(path)
        assert [symbol.name for symbol in symbols] == ["changed_behind_our_back"]
        assert not await place.indexer.heal([path])
        (place.root / "a.py").unlink()
        assert await place.indexer.heal([path])
        assert path not in place.indexer.analysis.snapshot.documents


async def test_a_path_that_is_nowhere_needs_no_healing(tmp_path: Path) -> None:
    async with workplace(tmp_path) as place:
        assert not await place.indexer.heal([WorkspacePath("missing.py")])


async def test_the_editor_keeps_its_text_while_the_disk_changes(tmp_path: Path) -> None:
    path = WorkspacePath("a.py")
    async with workplace(tmp_path) as place:
        place.write("a.py", "def disk(): ...\n")
        await place.settle()
        place.type(path, "def editor(): ...\n")
        place.write("a.py", "def disk_again(): ...\n")
        await place.settle()
        analysis = place.indexer.analysis
        assert analysis.snapshot.documents[path].origin is Origin.OVERLAY
        assert [symbol.name for symbol in analysis.index.symbols_in(path)] == ["editor"]


class Busy(InlineWorkers):
    """Workers that have read the disk and cannot tell of it yet."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.begun, self.may_tell = asyncio.Event(), asyncio.Event()

    async def outline_files(self, paths, on_read) -> None:  # type: ignore[no-untyped-def]
        told: list[object] = []
        await super().outline_files(paths, told.append)
        self.begun.set()
        await self.may_tell.wait()
        for readings in told:
            on_read(readings)


async def test_what_is_asked_for_overtakes_all_that_is_being_read(tmp_path: Path) -> None:
    path = WorkspacePath("a.py")
    busy: list[Busy] = []

    def make_workers(root: Path) -> Busy:
        busy.append(Busy(root))
        return busy[-1]

    async with workplace(tmp_path, make_workers) as place:
        place.write("a.py", "def asked(): ...\n")
        place.write("b.py", TEXTS[1])
        place.notice()
        async with within():
            await busy[-1].begun.wait()
            assert await place.indexer.heal([path])
        analysis = place.indexer.analysis
        assert [symbol.name for symbol in analysis.index.symbols_in(path)] == ["asked"]
        assert analysis.snapshot.pending == {"b.py"}
        # What the workers still tell of it is older than what was read since.
        place.write("a.py", "def changed(): ...\n")
        assert await place.indexer.heal([path])
        busy[-1].may_tell.set()
        assert await place.settle() == place.cold_hash()
        analysis = place.indexer.analysis
        assert [symbol.name for symbol in analysis.index.symbols_in(path)] == ["changed"]


class Failing(InlineWorkers):
    """Workers that cannot be started, twice."""

    failures = 2

    async def outline_files(self, paths, on_read) -> None:  # type: ignore[no-untyped-def]
        if self.failures:
            self.failures -= 1
            raise OSError("no process can be started")
        await super().outline_files(paths, on_read)


async def test_work_that_failed_is_tried_again(tmp_path: Path) -> None:
    async with workplace(tmp_path, Failing) as place:
        place.write("a.py", TEXTS[1])
        assert await place.settle() == place.cold_hash()
        assert place.indexer.progress.is_complete


class Rough(InlineWorkers):
    """Workers whose quick outlines are wrong until they are made exactly."""

    async def outline_text(self, path, text, *, exact=False):  # type: ignore[no-untyped-def]
        return await super().outline_text(path, text if exact else "rough = 1\n")


async def test_an_outline_that_is_not_exact_is_not_kept_for_the_next_start(tmp_path: Path) -> None:
    path = WorkspacePath("a.py")
    async with workplace(tmp_path, Rough) as place:
        place.write("a.py", TEXTS[1])
        await place.settle()
        place.type(path, TEXTS[2])
        place.write("a.py", TEXTS[2])
        await place.settle()
        await place.end()
        place.open_texts.clear()
        await place.begin()
        assert await place.settle() == place.cold_hash()


async def test_what_came_again_while_very_many_files_went_is_there(tmp_path: Path) -> None:
    paths = [WorkspacePath(f"m{number}.py") for number in range(40)]
    again, typed = paths[7], paths[8]
    async with workplace(tmp_path) as place:
        for path in paths:
            place.write(path, "def before(): ...\n")
        await place.settle()
        for path in paths:
            (place.root / path).unlink()
        async with place.indexer._live._lock:  # as if a thread worked on the index
            place.notice()
            await asyncio.sleep(0)
            place.write(again, "def after(): ...\n")
            place.type(typed, "def before(): ...\n")
            async with within():
                assert await place.indexer.heal([again])
            assert not place.indexer.is_complete
        await eventually(lambda: place.indexer.is_complete)
        analysis = place.indexer.analysis
        assert sorted(analysis.index.files) == sorted(analysis.snapshot.documents) == [again, typed]
        assert [symbol.name for symbol in analysis.index.symbols_in(again)] == ["after"]
        assert await place.settle() == place.cold_hash()


async def test_an_answer_of_many_files_overtakes_where_very_many_are_read(tmp_path: Path) -> None:
    asked = [WorkspacePath(f"a{number}.py") for number in range(MOST_OVERTAKING + 1)]
    busy: list[Busy] = []

    def make_workers(root: Path) -> Busy:
        busy.append(Busy(root))
        return busy[-1]

    async with workplace(tmp_path, make_workers) as place:
        for path in (*asked, *(f"b{number}.py" for number in range(80))):
            place.write(path, "def f(): ...\n")
        place.notice()
        async with within():
            await busy[-1].begun.wait()
            assert await place.indexer.heal(asked)
        assert place.indexer.analysis.snapshot.pending.isdisjoint(asked)
        busy[-1].may_tell.set()
        assert await place.settle() == place.cold_hash()
