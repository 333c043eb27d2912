"""What does one file say and mean? The main loop of a worker process.

It reads and parses what it is told to, and nothing it reads can do more than end it: memory and
processor time are bounded by the system, and whoever started it sees from the answers that came
which file it died of.
"""

import fcntl
import gc
import os
import resource
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from pairwright.index.cache import CacheReader, fingerprint_of
from pairwright.index.frames import (
    CACHED,
    HEADER,
    LOOK,
    OPEN,
    OUTLINE,
    OUTLINE_ALONE,
    OUTLINED,
    PARSED,
    READ,
    READINGS,
    READY,
    frame,
    pack_reading,
    unpack_open,
    unpack_text,
)
from pairwright.syntax.extraction import OutlinedText, outlined, unparsed_outline
from pairwright.syntax.languages.language import Language
from pairwright.syntax.languages.registry import language_of
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.documents import DiskFact, look_up
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.paths import WorkspacePath

MAX_FILE_CPU_S = 3
"""For one file; the largest that is read takes well below one."""
KEPT_TEXTS = 8
_PIPE_BYTES = 1 << 20
_MOST_UNSAID_BYTES = 1 << 18
_MOST_UNSAID_S = 0.05


def main() -> int:
    """Answer requests from standard input on standard output until it ends."""
    # Whoever prints by mistake must not write between frames.
    output_fd = os.dup(1)
    os.dup2(2, 1)
    _widen_pipes(0, output_fd)
    requests = os.fdopen(0, "rb", buffering=_PIPE_BYTES, closefd=False)
    worker = None
    # What a file leaves behind has no cycles; collecting would only look at all nodes again.
    gc.disable()
    with suppress(BrokenPipeError):
        while len(header := requests.read(HEADER.size)) == HEADER.size:
            length, kind = HEADER.unpack(header)
            body = requests.read(length)
            if kind == OPEN:
                root, cache, max_memory_bytes = unpack_open(body)
                worker = _Worker(root, cache, output_fd)
                _bound_memory(max_memory_bytes)
                gc.freeze()
                _write(output_fd, frame(READY))
            elif worker is not None:
                worker.answer(kind, body)
            gc.collect()
    return 0


class _Worker:
    """What a worker keeps between requests."""

    def __init__(self, root: Path, cache: Path, output_fd: int) -> None:
        self._files = DiskFileSystem(root)
        self._cache = CacheReader(cache)
        self._output_fd = output_fd
        self._texts: OrderedDict[str, OutlinedText] = OrderedDict()

    def answer(self, kind: int, body: bytes) -> None:
        if kind in (READ, LOOK):
            self._read(body.decode("utf-8", "surrogatepass").split("\0"), may_parse=kind == READ)
        elif kind in (OUTLINE, OUTLINE_ALONE):
            _allow_cpu(MAX_FILE_CPU_S)
            number, path, text, is_exact = unpack_text(body)
            if kind == OUTLINE:
                packed = self._outline(path, text, is_exact=is_exact)
            else:
                packed = _outline_alone(path, text)
            content = packed.content if packed is not None else b""
            _write(self._output_fd, frame(OUTLINED, number.to_bytes(4, "little"), content))

    def _read(self, paths: Sequence[str], *, may_parse: bool) -> None:
        """Answer for some files: together, unless that would keep anyone waiting."""
        unsaid: list[bytes] = []
        unsaid_bytes, said_at = 0, time.monotonic()
        for number, path in enumerate(paths, start=1):
            _allow_cpu(MAX_FILE_CPU_S)
            unsaid.append(self._reading(WorkspacePath(path), may_parse=may_parse))
            unsaid_bytes += len(unsaid[-1])
            if (
                number == len(paths)
                or unsaid_bytes > _MOST_UNSAID_BYTES
                or time.monotonic() - said_at > _MOST_UNSAID_S
            ):
                _write(self._output_fd, frame(READINGS, *unsaid))
                unsaid, unsaid_bytes, said_at = [], 0, time.monotonic()

    def _reading(self, path: WorkspacePath, *, may_parse: bool) -> bytes:
        fact, content = look_up(self._files, path)
        language = language_of(path)
        if content is None or fact.digest is None or language is None:
            return _reading_without_outline(fact)
        fingerprint = fingerprint_of(language)
        name = language.name.encode()
        packed, origin = b"", 0
        if may_parse:
            packed, origin = self._cache.get(fact.digest, fingerprint) or b"", CACHED
            if not _is_sound(packed):
                made, may_be_kept = _made(language, partial(outlined, language, content.text))
                packed, origin = made.packed.content, PARSED if may_be_kept else 0
        return pack_reading(
            fact, origin=origin, language=name, fingerprint=fingerprint, packed=packed
        )

    def _outline(self, path: str, text: str, *, is_exact: bool) -> PackedOutline | None:
        """Return the outline of a text that changes again and again."""
        language = language_of(path)
        if language is None:
            return None
        before = self._texts.pop(path, None)
        make = partial(outlined, language, text, None if is_exact else before)
        result, _ = _made(language, make)
        is_built_upon = result.is_whole or before is None or not before.is_whole
        self._texts[path] = result if is_built_upon or before is None else before
        if len(self._texts) > KEPT_TEXTS:
            self._texts.popitem(last=False)
        return result.packed


def _outline_alone(path: str, text: str) -> PackedOutline | None:
    language = language_of(path)
    if language is None:
        return None
    result, _ = _made(language, partial(outlined, language, text))
    return result.packed


def _made(language: Language, make: Callable[[], OutlinedText]) -> tuple[OutlinedText, bool]:
    """Return an outline, and whether it may be kept.

    One that a mistake of ours prevents is an answer too, but none for the next time.
    """
    try:
        return make(), True
    except (MemoryError, SystemError):
        # The parser's binding says the latter when it has no memory left. What this process does
        # next could fail for this file's sake, so it ends, and this file is known for it.
        os.abort()
    except Exception as error:
        reason = f"its outline could not be made: {type(error).__name__}"
        return OutlinedText(unparsed_outline(language, reason)), False


def _reading_without_outline(fact: DiskFact) -> bytes:
    return pack_reading(fact, origin=0, language=b"", fingerprint=b"", packed=b"")


def _is_sound(packed: bytes) -> bool:
    try:
        PackedOutline(packed)
    except ValueError:
        return False
    return True


def _write(fd: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]


def _allow_cpu(seconds: int) -> None:
    """Let the system end this process when it computes so much longer."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = int(time.process_time()) + 1 + seconds
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def _bound_memory(max_bytes: int) -> None:
    """Let allocations fail when they come to so much more than now."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().partition(" ")[0])
        limit = pages * resource.getpagesize() + max_bytes
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or limit < hard:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _widen_pipes(*fds: int) -> None:
    """Let a whole batch lie in a pipe, where the system can do that."""
    if sys.platform == "linux":
        for fd in fds:
            with suppress(OSError):
                fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


if __name__ == "__main__":
    sys.exit(main())
