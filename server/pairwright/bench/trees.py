"""Where do real trees come from? Source archives, by name and version, with the user's own tools.

pip and npm know the user's registries and proxies. No script of a package is run by npm; pip reads
a source archive's metadata, for which it runs the archive's own build.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pairwright.errors import UserError

MILLION = ("django==5.2.6", "npm:react-native@0.76.5", "npm:rxjs@7.8.1")
"""A million lines of Python, JavaScript, C++, Java, Kotlin, TypeScript and others."""

_FETCH_TIMEOUT_S = 1800.0
_PACKAGE = re.compile(r"(?:npm:(?:@\w[\w.-]*/)?\w[\w.-]*@|\w[\w.-]*==)\w[\w.+!-]*", re.ASCII)


class NotFetched(UserError):
    """A source archive could not be had."""


def fetch_trees(names: Iterable[str], directory: Path, say: Callable[[str], None]) -> Path:
    """Put the sources of packages into a folder, each in one of its own; return that folder.

    Args:
        names: `django==5.2.6`, or `npm:rxjs@7.8.1` for npm's.
        directory: made when it is missing; what it has already is not fetched again.

    Raises:
        NotFetched: a name is not of that form, or its archive cannot be had or unpacked.
    """
    names = list(dict.fromkeys(names))
    for name in names:
        if not _PACKAGE.fullmatch(name):
            raise NotFetched(f"{name!r} is neither NAME==VERSION nor npm:NAME@VERSION")
    directory.mkdir(parents=True, exist_ok=True)
    for name in names:
        place = directory / re.sub(r"[^\w.+-]+", "-", name)
        if not place.exists():
            say(f"fetching {name}")
            _fetch(name, place)
    return directory


def unpack(archive: Path, place: Path) -> None:
    """Unpack a source archive into a new folder; nothing of it lands elsewhere.

    Raises:
        NotFetched: it is damaged, or wants to be elsewhere.
    """
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".unpacking-") as name:
        try:
            with tarfile.open(archive) as content:
                content.extractall(name, filter="data")
        except (tarfile.TarError, OSError, EOFError) as error:
            raise NotFetched(f"{archive.name!r} cannot be unpacked: {error}") from None
        os.chmod(name, 0o755)  # noqa: S103 - like any folder of sources
        os.rename(name, place)
        Path(name).mkdir()  # so that there is something to remove


def _fetch(name: str, place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".fetching-") as work:
        command = _npm_command(name) if name.startswith("npm:") else _pip_command(name, work)
        try:
            result = subprocess.run(
                command,
                cwd=work,
                env={**os.environ, "TMPDIR": work},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_FETCH_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotFetched(f"fetching {name} took too long") from None
        archives = [path for path in Path(work).iterdir() if _is_archive(path)]
        if result.returncode or len(archives) != 1:
            raise NotFetched(f"{name} could not be fetched; `{' '.join(command)}` shows why")
        unpack(archives[0], place)


def _pip_command(name: str, work: str) -> Sequence[str]:
    # -P: a `pip.py` in the current directory must not be what runs.
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--no-binary", ":all:"]
    command += ["--no-input", "--disable-pip-version-check", "--quiet", "--dest", work, name]
    return command


def _npm_command(name: str) -> Sequence[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched(f"{name} needs npm, which is not installed")
    return [npm, "pack", "--ignore-scripts", "--silent", name.removeprefix("npm:")]


def _is_archive(path: Path) -> bool:
    return path.name.endswith((".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"))
