"""Is everything on the disk before anything relies on it? Checks the order of calls.

A kill does not lose what was written, a power cut does: only the order of writing, `fsync` and
renaming tells whether a change survives one. A trace is a list of `call file` lines, as a journal
announces them, or as `calls_of_strace` reads them from the system's own log.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_MANIFEST = "journal/entries/"
_BLOB = "journal/blobs/"
_STAGE = re.compile(rf"{_MANIFEST}(?P<entry_id>[\d]+-[0-9a-f]+)\.(?P<stage>commit|done|rollback)")
_ROOT = "the workspace"
_OWN_PLACE = "Pairwright's state directory"


def broken_rules(trace: Sequence[str]) -> list[str]:
    """Return what a power cut could break; empty for a good trace of one change."""
    calls = [tuple(line.split(" ", 1)) for line in trace]
    stages = {
        match["stage"]: number
        for number, (call, file) in enumerate(calls)
        if call == "rename" and (match := _STAGE.fullmatch(file))
    }
    if not {"commit", "done"} <= stages.keys():
        return ["nothing was decided, or nothing came to its end"]
    decided, done = stages["commit"], stages["done"]
    return [
        *_unsynced_files(calls, decided),
        *_unsynced_names(calls, decided, done),
        *_too_early(calls, decided),
    ]


def calls_of_strace(log: str, root: Path, state_dir: Path) -> list[str]:
    """Return the trace of a log that `strace -y` wrote, of the files below the two directories."""
    trace: list[tuple[str, str]] = []
    for line in log.splitlines():
        match = _LINE.search(line)
        if match is None or "= -1" in line:
            continue
        if match["call"] == "openat" and "O_CREAT" not in match["rest"]:
            continue
        descriptor = _DESCRIPTOR.search(match["rest"])
        # What is written is no name.
        names = (
            []
            if match["call"] == "write"
            else [_unescaped(name) for name in _NAME.findall(match["rest"])]
        )
        call = _CALLS[match["call"]]
        if descriptor is None:
            continue
        directory = Path(_unescaped(descriptor["path"]))
        files = [_shown(directory / name, root, state_dir) for name in names or [""]]
        if files[-1] is None:
            continue
        if call == "rename" and files[0] is not None and not _STAGE.fullmatch(files[-1]):
            # What was written under another name was written for this one.
            trace = [(known, files[-1] if file == files[0] else file) for known, file in trace]
        trace.append((call, files[-1].removesuffix(".staged")))
    return [f"{call} {file}" for call, file in trace]


def _unsynced_files(calls: Sequence[tuple[str, ...]], decided: int) -> Iterator[str]:
    """Every new file is on the disk before it gets its name, and bytes before the decision."""
    for number, (call, file) in enumerate(calls):
        if call != "rename" or _STAGE.fullmatch(file):
            continue
        before = [known for known, named in calls[:number] if named == file]
        if "fsync" not in before or before.index("fsync") < _last(before, "write"):
            yield f"{file} got its name before its bytes were on the disk"
        if file.startswith(_BLOB) and number > decided:
            yield f"{file} was kept after the decision"
    manifest = [
        known
        for known, named in calls[:decided]
        if named.startswith(_MANIFEST) and named != _MANIFEST
    ]
    if "fsync" not in manifest or manifest.index("fsync") < _last(manifest, "write"):
        yield "the decision was made before the manifest was on the disk"


def _unsynced_names(calls: Sequence[tuple[str, ...]], decided: int, done: int) -> Iterator[str]:
    """Every name is on the disk before what relies on it: directories are synced, too."""
    for number, (call, file) in enumerate(calls):
        if call not in ("rename", "unlink", "mkdir") or number > done:
            continue
        until = done
        if file.startswith("journal"):
            until = decided if number < decided else _next_target(calls, number)
        directory = _OWN_PLACE if file == "journal" else file.rpartition("/")[0] or _ROOT
        if not any(later == ("fsync", directory) for later in calls[number + 1 : until]):
            yield f"the {call} of {file} was not on the disk before what relies on it"


def _too_early(calls: Sequence[tuple[str, ...]], decided: int) -> Iterator[str]:
    for call, file in calls[:decided]:
        if not file.startswith("journal") and call in ("open", "write", "rename", "mkdir"):
            yield f"{call} {file} came before the decision"


def _next_target(calls: Sequence[tuple[str, ...]], number: int) -> int:
    """Return the first call after it that touches the workspace; the end for none."""
    for later in range(number + 1, len(calls)):
        call, file = calls[later]
        if not file.startswith("journal") and call in ("open", "rename", "unlink", "mkdir"):
            return later
    return len(calls)


def _last(calls: Sequence[str], call: str) -> int:
    return max((number for number, known in enumerate(calls) if known == call), default=-1)


_CALLS = {
    "openat": "open",
    "write": "write",
    "fsync": "fsync",
    "rename": "rename",
    "renameat": "rename",
    "renameat2": "rename",
    "unlinkat": "unlink",
    "unlink": "unlink",
    "mkdirat": "mkdir",
    "mkdir": "mkdir",
}
_LINE = re.compile(rf"(?P<call>{'|'.join(_CALLS)})\((?P<rest>.*)")
_DESCRIPTOR = re.compile(r"\d+<(?P<path>[^>]*)>")
_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _unescaped(name: str) -> str:
    return name.encode("latin-1").decode("unicode_escape").encode("latin-1").decode()


def _shown(path: Path, root: Path, state_dir: Path) -> str | None:
    if path == root:
        return _ROOT
    if path.is_relative_to(root):
        return str(path.relative_to(root))
    if path.is_relative_to(state_dir):
        return str(Path("journal") / path.relative_to(state_dir))
    return None
