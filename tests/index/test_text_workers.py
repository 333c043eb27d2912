"""How are texts outlined that are no files of the disk? Open documents, and what models write."""

import asyncio
from pathlib import Path

import pytest

from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.packing import unpack
from tests.index.worker_stage import FATAL, LITTLE_MEMORY, workers_at
from tests.support.waiting import within

FUNCTIONS = [
    f"def f{number}(a):\n    if a:\n        a = 1\n    return g(a, {number})\n\n"
    for number in range(600)
]
SOUND = "".join(FUNCTIONS)
TORN = SOUND.replace(FUNCTIONS[300], FUNCTIONS[300].replace("        a", "else\n        a"))
"""Of which the parser alone understands the smaller part."""

TYPED = [
    "def f():\n    return 1\n",
    "def f():\n    return g(1)\n",
    "é = 1\ndef f():\n    return g(1)\n",
    "é = '🙂'\ndef f():\n    return g(1)\n",
    "def f(:\n    return g(1)\n",
    "def f():\n    return g(1)\n\nclass A(f.B):\n    x: int = 2\n",
    "",
    "a = '\ud800'\n",
    "class A: pass\n",
]


async def test_an_open_text_is_outlined_as_a_file_of_that_text_would_be(tmp_path: Path) -> None:
    async with workers_at(tmp_path) as workers, within(10):
        for is_exact in (False, True):
            for text in TYPED:
                packed = await workers.outline_text("a.py", text, exact=is_exact)
                assert packed is not None
                assert packed.content == packed_outline_of(PYTHON, text).content


async def test_a_pause_in_a_line_that_tears_the_text_does_not_lose_what_it_said_before(
    tmp_path: Path,
) -> None:
    async with workers_at(tmp_path) as workers, within(10):
        for text, is_exact in ((SOUND, False), (TORN, False), (TORN, True), (TORN, False)):
            packed = await workers.outline_text("a.py", text, exact=is_exact)
            assert packed is not None
            has_all = len(unpack(packed, "a.py", "").symbols) >= 600
            assert has_all is not is_exact


async def test_a_text_that_is_no_documents_is_outlined_beside_the_document_of_that_name(
    tmp_path: Path,
) -> None:
    async with workers_at(tmp_path) as workers, within(10):
        await workers.outline_text("a.py", SOUND)
        alone = await workers.outline_alone("a.py", "x = (")
        assert alone is not None
        assert alone.content == packed_outline_of(PYTHON, "x = (").content
        packed = await workers.outline_text("a.py", TORN)
        assert packed is not None
        assert len(unpack(packed, "a.py", "").symbols) >= 600
        assert await workers.outline_alone("a.unknown", "x") is None


async def test_a_text_that_ends_its_worker_has_a_problem(tmp_path: Path) -> None:
    async with workers_at(tmp_path, max_memory_bytes=LITTLE_MEMORY) as workers, within(10):
        packed = await workers.outline_alone("a.py", FATAL)
        assert packed is not None
        (problem,) = unpack(packed, "a.py", "").problems
        assert "its parser died" in problem.message


async def test_an_outline_that_nobody_waits_for_any_more_is_not_taken_for_the_next(
    tmp_path: Path,
) -> None:
    async with workers_at(tmp_path) as workers, within(10):
        await workers.outline_text("a.py", "x = 1\n")
        asking = asyncio.ensure_future(workers.outline_text("a.py", "first()\n" * 5000))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        packed = await workers.outline_text("a.py", "second()\n")
        assert packed is not None
        assert packed.names[1:] == ["second"]


async def test_an_open_text_that_ends_its_worker_is_not_parsed(tmp_path: Path) -> None:
    async with workers_at(tmp_path, max_memory_bytes=LITTLE_MEMORY) as workers, within(10):
        packed = await workers.outline_text("a.py", FATAL)
        assert packed is not None
        assert "its parser died" in packed.not_parsed
        packed = await workers.outline_text("a.py", "x = 1\n")
        assert packed is not None
        assert packed.not_parsed == ""


async def test_many_texts_at_once_are_each_answered_with_their_own(tmp_path: Path) -> None:
    async with workers_at(tmp_path) as workers, within(10):
        asked = [
            asyncio.ensure_future(workers.outline_text(f"{number}.py", f"name_{number} = 1\n"))
            for number in range(30)
        ]
        await asyncio.sleep(0)
        for number in (3, 4, 20):
            asked[number].cancel()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for number, answer in enumerate(answers):
            if number in (3, 4, 20):
                assert isinstance(answer, asyncio.CancelledError)
            else:
                assert not isinstance(answer, BaseException)
                assert answer is not None
                assert answer.names[1:] == [f"name_{number}"]
        assert len(workers.pids) == 1


async def test_a_text_that_ends_its_worker_harms_none_that_are_asked_at_the_same_time(
    tmp_path: Path,
) -> None:
    async with workers_at(tmp_path, max_memory_bytes=LITTLE_MEMORY) as workers, within(20):
        texts = {f"{number}.py": f"name_{number} = 1\n" for number in range(10)} | {"f.py": FATAL}
        answers = await asyncio.gather(*(workers.outline_text(*each) for each in texts.items()))
        for path, answer in zip(texts, answers, strict=True):
            assert answer is not None
            assert bool(answer.not_parsed) is (path == "f.py")
