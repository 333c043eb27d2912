"""What can no index beat? Processes that parse and query the same texts and keep nothing.

Texts are in memory, grammars and queries are compiled, and what `parse` refuses is left out before
the clock starts.
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from pairwright.bench.children import hear, measuring, say
from pairwright.errors import UnreadableFile
from pairwright.syntax.languages.language import Language
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.parser import MissingGrammar, parse, parse_bare
from pairwright.workspace.files import DiskFileSystem, FileStat
from pairwright.workspace.paths import WorkspacePath

LEAST_PROCESSES = 2


def process_count() -> int:
    """Return how many processes the floor has: one a core, at least two."""
    return max(os.cpu_count() or 1, LEAST_PROCESSES)


async def floor_s(root: Path, files: Iterable[FileStat]) -> float:
    """Return the seconds that bare parsing and querying of some files takes, all cores at work.

    Raises:
        MeasurementFailed: a process died.
    """
    async with AsyncExitStack() as stack:
        children = []
        for paths in balanced(files, process_count()):
            request = {"root": str(root), "paths": paths}
            children.append(await stack.enter_async_context(measuring("floor", request)))
        await asyncio.gather(*(child.receive() for child in children))
        began_at = time.monotonic()
        for child in children:
            child.send({"go": True})
        ends = await asyncio.gather(*(child.receive() for child in children))
        return max(ended_at for _, ended_at in ends) - began_at


def balanced(files: Iterable[FileStat], count: int) -> list[list[WorkspacePath]]:
    """Return the files in so many parts of about the same size."""
    parts: list[list[WorkspacePath]] = [[] for _ in range(count)]
    sizes = [0] * count
    for stat in sorted(files, key=lambda each: (-each.size, each.path)):
        least = sizes.index(min(sizes))
        parts[least].append(stat.path)
        sizes[least] += stat.size
    return parts


def main() -> int:
    """Be one of the floor's processes."""
    request = hear()
    texts = list(_readable(Path(request["root"]), request["paths"]))
    gc.disable()  # as in the worker processes: nothing that is made here has cycles
    say({"ready": len(texts)})
    if not hear():
        return 1
    for language, source in texts:
        parse_bare(language, source)
    say({"done": True})
    return 0


def _readable(root: Path, paths: Sequence[Any]) -> Iterable[tuple[Language, bytes]]:
    """Give the texts that can be parsed; parsing them once also compiles all that is needed."""
    files = DiskFileSystem(root)
    for path in map(WorkspacePath, paths):
        language = language_of(path)
        if language is None:
            continue
        try:
            text = files.read(path).text
            if parse(language, text) is None:
                continue
            parse_bare(language, b"")
        except (UnreadableFile, MissingGrammar):
            continue
        yield language, text.encode("utf-8", "surrogatepass")


if __name__ == "__main__":
    sys.exit(main())
