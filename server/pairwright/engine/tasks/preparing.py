"""How do models get ready for a task? Downloads and starts, with their progress told as events."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from pairwright.engine.tasks.events import to_progress
from pairwright.llm.model import OnProgress, Progress, Provider
from pairwright.protocol import messages

EmitTask = Callable[[messages.TaskEvent], Awaitable[None]]


async def prepare(providers: Iterable[Provider], emit: EmitTask) -> None:
    """Get every provider ready, in their order; each step of progress goes to `emit`.

    Raises:
        UserError, ModelError: one cannot be asked.
    """
    try:
        async with _progress_to(emit) as on_progress:
            for provider in providers:
                await provider.prepare(on_progress)
    except ExceptionGroup as failures:
        # Whoever asked knows a model's or a client's error, and not that two coroutines ran.
        raise failures.exceptions[0] from None


@asynccontextmanager
async def _progress_to(emit: EmitTask) -> AsyncGenerator[OnProgress, None]:
    """Carry progress from a plain callback, in any thread, to the client; the latest wins."""
    loop = asyncio.get_running_loop()
    has_news = asyncio.Event()
    latest: Progress | None = None
    is_over = False

    def note(progress: Progress) -> None:
        nonlocal latest
        latest = progress
        has_news.set()

    async def forward() -> None:
        nonlocal latest
        while not is_over or latest is not None:
            if latest is None:
                await has_news.wait()
                has_news.clear()
            elif progress := latest:
                latest = None
                await emit(to_progress(progress))

    def on_progress(progress: Progress) -> None:
        loop.call_soon_threadsafe(note, progress)

    async with asyncio.TaskGroup() as group:
        group.create_task(forward())
        try:
            yield on_progress
            # What was said last is still on its way from the callback.
            await asyncio.sleep(0)
        finally:
            is_over = True
            has_news.set()
