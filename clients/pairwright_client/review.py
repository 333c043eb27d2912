"""Which hunks does the person keep? Asked one by one, on a terminal."""

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from pairwright.protocol.messages import HunkView, VerdictView
from pairwright_client.render import show_hunk
from pairwright_client.terminal import Screen

ReadLine = Callable[[], Awaitable[str | None]]
"""Returns the next line of the person's answers; None when there are no more."""

_CHUNK_BYTES = 4096
_HELP = (
    "y  keep this hunk",
    "n  discard this hunk",
    "a  keep this hunk and all that follow",
    "q  discard this hunk and all that follow",
    "?  show this list",
)


async def choose_hunks(
    screen: Screen, read_line: ReadLine, hunks: Sequence[HunkView], verdict: VerdictView
) -> tuple[str, ...]:
    """Return the ids of the hunks that the person keeps."""
    if not verdict.is_sound:
        screen.line()
        screen.line("The gate did not pass this change: look closely.", "yellow")
    kept: list[str] = []
    for position, hunk in enumerate(hunks):
        screen.line()
        show_hunk(screen, hunk)
        if hunk.needs_approval:
            screen.line("  ! builds, tests or assistants obey this file", "yellow")
        answer = await ask_about_hunk(
            screen, read_line, f"Keep hunk {position + 1} of {len(hunks)}?", _HELP
        )
        if answer == "y":
            kept.append(hunk.hunk_id)
        elif answer == "a":
            return (*kept, *(hunk.hunk_id for hunk in hunks[position:]))
        elif answer == "q":
            break
    return tuple(kept)


async def confirm(screen: Screen, read_line: ReadLine, question: str) -> bool:
    """Return whether the person says yes; anything else is no."""
    screen.prompt(f"{screen.paint(question, 'bold')} [y/N] ")
    return (await read_line() or "").strip().lower() in ("y", "yes")


async def ask_about_hunk(
    screen: Screen, read_line: ReadLine, question: str, meanings: Sequence[str]
) -> str:
    """Return `y`, `n`, `a` or `q`, which is also what no answer means; `?` shows the meanings."""
    while True:
        screen.prompt(f"{screen.paint(question, 'bold')} [y,n,a,q,?] ")
        line = await read_line()
        if line is None:
            screen.line()
            return "q"
        answer = line.strip().lower()[:1]
        if answer in ("y", "n", "a", "q"):
            return answer
        for text in meanings:
            screen.line(f"  {text}", "dim")


class TypedLines:
    """Lines from a file descriptor, awaited: Ctrl-C is heard while nobody types."""

    def __init__(self, descriptor: int) -> None:
        """Take a descriptor that can be watched: a terminal or a pipe."""
        self._descriptor = descriptor
        self._lines: deque[str] = deque()
        self._rest = b""
        self._is_ended = False

    async def __call__(self) -> str | None:
        """Return the next line without its end; None at the end of the input."""
        while not self._lines and not self._is_ended:
            await self._wait()
            received = os.read(self._descriptor, _CHUNK_BYTES)
            *lines, self._rest = (self._rest + received).split(b"\n")
            if not received:
                self._is_ended = True
                lines = [self._rest] if self._rest else []
            self._lines.extend(line.decode("utf-8", "replace") for line in lines)
        return self._lines.popleft() if self._lines else None

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        is_readable = asyncio.Event()
        loop.add_reader(self._descriptor, is_readable.set)
        try:
            await is_readable.wait()
        finally:
            loop.remove_reader(self._descriptor)
