"""Which of the listed files are read? The one place where the caps on a workspace hold."""

from collections.abc import Mapping

from pairwright.workspace.documents import DiskFact
from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath

ROOT = WorkspacePath(".")
"""Stands in `Snapshot.unreadable` for files that were not even listed."""


class Admission:
    """Counts what is read of a workspace, and refuses what would be too much."""

    def __init__(self, max_files: int, max_bytes: int) -> None:
        """Begin with nothing."""
        self._max_files = max_files
        self._max_bytes = max_bytes
        self._counted: dict[WorkspacePath, FileStat] = {}
        self._refused: dict[WorkspacePath, FileStat] = {}
        self._bytes = 0

    def admit(
        self, changes: Mapping[WorkspacePath, FileStat | None]
    ) -> tuple[tuple[WorkspacePath, ...], tuple[DiskFact, ...]]:
        """Return which of the files are to be read, and what is known of the others."""
        to_read: list[WorkspacePath] = []
        facts: dict[WorkspacePath, DiskFact] = {}
        for path, stat in self._with_refused(changes).items():
            self.forget(path)
            if stat is None:
                facts[path] = DiskFact(path, None, None)
            elif len(self._counted) + len(self._refused) >= 2 * self._max_files:
                facts[ROOT] = self._overflow()
            elif reason := self._refusal(stat):
                self._refused[path] = stat
                facts[path] = DiskFact(path, stat, None, problem=reason)
            elif stat.problem:
                self._counted[path] = stat
                facts[path] = DiskFact(path, stat, None, problem=stat.problem)
            else:
                self._counted[path] = stat
                self._bytes += stat.size
                to_read.append(path)
        return tuple(to_read), tuple(facts.values())

    def _with_refused(
        self, changes: Mapping[WorkspacePath, FileStat | None]
    ) -> Mapping[WorkspacePath, FileStat | None]:
        """Add the files that were refused, when some go and may make room for them."""
        if not self._refused or None not in changes.values():
            return changes
        return {**changes, **{path: self._refused[path] for path in self._refused.keys() - changes}}

    def note(self, fact: DiskFact) -> DiskFact:
        """Count a file of which something is known, however it came to be known.

        Returns:
            The fact, with the very stat that was listed if it is equal: one a file is enough.
        """
        path, stat = fact.path, fact.stat
        counted = self._counted.get(path)
        if counted is not None and counted == stat:
            return fact._replace(stat=counted)
        if stat is None:
            self.forget(path)
        elif not self.is_refused(path):
            self._bytes += _size(stat) - (_size(counted) if counted is not None else 0)
            self._counted[path] = stat
        return fact

    def is_refused(self, path: WorkspacePath) -> bool:
        """Tell whether a file is not read because the workspace is too large."""
        return path in self._refused or path == ROOT

    def forget(self, path: WorkspacePath) -> None:
        """Count a file no more."""
        self._refused.pop(path, None)
        counted = self._counted.pop(path, None)
        if counted is not None:
            self._bytes -= _size(counted)

    def clear(self) -> None:
        """Begin anew."""
        self._counted.clear()
        self._refused.clear()
        self._bytes = 0

    def _refusal(self, stat: FileStat) -> str:
        if len(self._counted) >= self._max_files:
            return f"the workspace holds more than {self._max_files} files; this one is not read"
        if not stat.problem and stat.size > self._max_bytes - self._bytes:
            return (
                f"the workspace holds more than {self._max_bytes // 1_000_000} MB of text; "
                "this file is not read"
            )
        return ""

    def _overflow(self) -> DiskFact:
        reason = (
            f"the workspace holds more than {2 * self._max_files} files; "
            "the rest is not even listed"
        )
        return DiskFact(ROOT, FileStat(ROOT, 0, 0, 0, reason), None, problem=reason)


def _size(stat: FileStat) -> int:
    return 0 if stat.problem else stat.size
