"""Which paths try to leave a workspace, and what lies outside that must stay as it is?

The list is meant to grow: whatever string ever fooled a tool belongs here.
"""

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path

SECRET = "canary-5b1d"
"""What must be found in no answer."""
_LONG_AGO = 1_000_000_000

WORDS = (
    "../x",
    "a/../../x",
    "./../ws-evil/x",
    "a/./../../x",
    "pkg/../../outside/canary.txt",
    "..",
    ".",
    "",
    " ",
    "x\0.py",
    "x\n.py",
    "x\r.py",
    "~",
    "~/x",
    "~root/x",
    "$HOME/x",
    "${HOME}/x",
    "%2e%2e/x",
    "..%2fx",
    "%252e%252e%252f",
    "..%c0%af",
    "file:///etc/passwd",
    "file://host/etc/passwd",
    "file:///ws/../etc/passwd",
    "file:///ws/%2e%2e/x",
    "file:///ws%00/x",
    "untitled:x",
    "vscode-remote://x",
    "http://x/y",
    "git:/x",
    "FILE:///",
    "C:\\x",
    "C:x",
    "c:/x",
    "\\\\host\\share",
    "//host/share",
    "\\\\?\\C:\\x",
    "..\\x",
    "a\\..\\..\\x",
    "x:stream",
    "x.py::$DATA",
    "CON",
    "pkg/nul.txt",
    "x.",
    "x ",
    "pkg /a.py",
    "y" * 4097,
    "z" * 256,
    "d/" * 5000 + "x",
    "/etc/passwd",
    "//etc/passwd",
    "/proc/self/environ",
    "/proc/self/root/etc/passwd",
    "/proc/self/cwd/../outside/canary.txt",
    f"/proc/{os.getpid()}/cwd/..",
    "/dev/fd/0",
    "/dev/stdin",
    "/dev/tty",
    "/dev/null",
    ".GIT/config",
    ".git./config",
    ".git /config",
    ".git/hooks/pre-commit",
    ".Vscode/settings.json",
    ".v\u200bscode/settings.json",
    ".\uff56scode/settings.json",
    ".vsc\u0327ode/../.vscode/settings.json",
    ".g\u0131t/config",
    "GIT~1/config",
    "pkg/\u202egnp.py",
    "a\u2028b.py",
    "x\ud800.py",
    "a/..\u200b/x",
)
"""No file of any of these names may come to be, inside or outside."""

LINKS = (
    "link.txt",
    "relative.txt",
    "chain.txt",
    "dangling.txt",
    "loop.txt",
    "linkdir",
    "linkdir/canary.txt",
    "linkdir/new.txt",
    "linkdir/deep/new.txt",
    "chaindir/canary.txt",
    "pkg/up/outside/canary.txt",
    "pkg/up/new.txt",
    "rootlink/etc/passwd",
    "pipe",
    "socket",
    "pkg",
    "pkg/a.py/x",
)
"""Paths as any other that are, or lead over, something else than a file of the workspace."""

ALL = (*WORDS, *LINKS)


@dataclass(frozen=True)
class Place:
    """A workspace, and what lies around it."""

    root: Path
    outside: Path
    twin: Path
    """A directory whose name begins as the workspace's does."""
    state: Path

    def words(self) -> tuple[str, ...]:
        """Return every path, those that name the places of this test as well."""
        return (
            *ALL,
            str(self.outside / "canary.txt"),
            str(self.twin / "x"),
            f"{self.root}/../outside/canary.txt",
            f"{self.root}-evil/x",
            (self.outside / "canary.txt").as_uri(),
            f"../{self.outside.name}/canary.txt",
            f"../{self.outside.name}/new.txt",
            f"pkg/../../{self.twin.name}/x",
        )

    def around(self) -> dict[str, tuple[object, ...]]:
        """Return what lies outside: names, bytes, modes and times, of reading as well."""
        found: dict[str, tuple[object, ...]] = {}
        for top in (self.outside, self.twin):
            for path in (top, *sorted(top.rglob("*"))):
                status = path.lstat()
                times = () if path.is_dir() else (status.st_atime_ns, status.st_mtime_ns)
                found[str(path)] = (status.st_mode, status.st_ino, *times)
        for path in map(Path, list(found)):
            if path.is_file():
                found[str(path)] += (_digest(path),)
        return found

    def guarded(self) -> dict[str, str]:
        """Return the files of the workspace that nobody may change, and their digests."""
        guarded = (".git/config", ".vscode/settings.json", "hard.txt")
        return {name: _digest(self.root / name) for name in guarded}


def build_place(directory: Path, name: str = "ws") -> Place:
    """Make a workspace of that name with every kind of trap in it."""
    place = Place(
        directory / name, directory / "outside", directory / f"{name}-evil", directory / "state"
    )
    for folder in (place.root / "pkg", place.outside, place.twin, place.root / ".git"):
        folder.mkdir(parents=True)
    (place.root / ".vscode").mkdir()
    for path, text in {
        place.outside / "canary.txt": f"{SECRET}\n",
        place.outside / "shared.txt": "linked by its inode\n",
        place.twin / "x": f"{SECRET}\n",
        place.root / "pkg" / "a.py": "def f():\n    return 1\n",
        place.root / "b.py": "b = 1\n",
        place.root / ".git" / "config": "[core]\n",
        place.root / ".vscode" / "settings.json": "{}\n",
    }.items():
        path.write_text(text)
        # A file that was never read since it was written: to read it would change that.
        os.utime(path, (_LONG_AGO, _LONG_AGO + 1))
    _set_traps(place)
    return place


def _set_traps(place: Place) -> None:
    root, outside = place.root, place.outside
    for name, target in {
        "link.txt": str(outside / "canary.txt"),
        "relative.txt": "../outside/canary.txt",
        "chain.txt": "chain2",
        "chain2": "chain3",
        "chain3": str(outside / "canary.txt"),
        "dangling.txt": str(outside / "new.txt"),
        "loop.txt": "loop.txt",
        "linkdir": str(outside),
        "chaindir": "linkdir",
        "pkg/up": "../..",
        "rootlink": "/",
    }.items():
        (root / name).symlink_to(target)
    os.link(outside / "shared.txt", root / "hard.txt")
    os.mkfifo(root / "pipe")
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(root)  # a socket's whole path may be too long for it
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket")
    finally:
        os.fchdir(here)
        os.close(here)


def _digest(path: Path) -> str:
    # O_NOATIME, so that looking at a canary does not look like somebody else's reading.
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOATIME", 0))
    with os.fdopen(fd, "rb") as opened:
        return hashlib.sha256(opened.read()).hexdigest()
