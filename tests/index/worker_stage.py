"""Where do workers work in these tests? In an empty workspace of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pairwright.index.cache import OutlineCache
from pairwright.index.workers import MAX_MEMORY_BYTES, OutlineWorkers

FATAL = "f(" * 400_000
"""Takes the parser some two hundred megabytes."""
LITTLE_MEMORY = 64 * 1024 * 1024


@asynccontextmanager
async def workers_at(
    tmp_path: Path,
    *,
    count: int = 1,
    idle_stop_s: float = 60,
    text_idle_stop_s: float = 60,
    stall_s: float = 5,
    max_memory_bytes: int = MAX_MEMORY_BYTES,
) -> AsyncIterator[OutlineWorkers]:
    cache = OutlineCache(tmp_path / "cache")
    root = tmp_path / "root"
    root.mkdir(exist_ok=True)
    workers = OutlineWorkers(
        root,
        cache,
        count=count,
        idle_stop_s=idle_stop_s,
        text_idle_stop_s=text_idle_stop_s,
        stall_s=stall_s,
        max_memory_bytes=max_memory_bytes,
    )
    try:
        yield workers
    finally:
        await workers.close()
        cache.close()
