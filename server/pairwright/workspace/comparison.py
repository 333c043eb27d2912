"""What is different on the disk from what is known of it? Looks; knows nothing of threads or loops.

A hint says where something happened. Most hints point at a file, which is looked up; the others
make it necessary to list everything and compare by modification time, size and inode.
"""

import os
import time
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from pairwright.workspace.files import DiskFileSystem, FileStat, shown_path
from pairwright.workspace.ignore import IGNORE_FILES, VIRTUAL_ENVIRONMENT_MARK, IgnoreRules
from pairwright.workspace.paths import WorkspacePath

_GIT = ".git"
_GIT_STATE = frozenset({".git/HEAD", ".git/index"})
"""What git writes last when it has changed many files."""
_RULE_NAMES = frozenset({*IGNORE_FILES, VIRTUAL_ENVIRONMENT_MARK})
_CLOCK_STEP_NS = 20_000_000
"""Nanoseconds within which two writes may give a file the same modification time."""


class Comparison:
    """Compares a directory tree with an earlier look at it."""

    def __init__(
        self,
        root: str,
        files: DiskFileSystem,
        *,
        entering: Callable[[str], object],
        listed: Callable[[Collection[str]], object],
    ) -> None:
        """Begin with nothing.

        Args:
            root: absolute, without symbolic links.
            files: the files below it.
            entering: called with a directory's absolute path before it is listed.
            listed: called with the absolute paths of all directories that matter, after that.
        """
        self._root = root
        self._files = files
        self._entering = entering
        self._listed = listed
        self._rules: dict[str, IgnoreRules] = {}
        self._uncertain: set[WorkspacePath] = set()
        """Files written so shortly before they were looked at that a later write may not show."""

    def list_all(
        self, known: Mapping[WorkspacePath, FileStat] = MappingProxyType({})
    ) -> dict[WorkspacePath, FileStat]:
        """Return every file that is not ignored; what is known of one is not made again."""
        found: dict[WorkspacePath, FileStat] = {}
        rules: dict[str, IgnoreRules] = {}
        self._uncertain = set()
        looked_ns = time.time_ns()
        for directory in self._files.walk(lambda path: self._entering(self._absolute(path))):
            rules[directory.path] = directory.rules
            for listed in directory.files:
                before = known.get(listed.path)
                stat = before if before is not None and before == listed else listed
                found[stat.path] = stat
                self._note_time(stat, looked_ns)
            looked_ns = time.time_ns()
        self._rules = rules
        directories = {self._absolute(path) for path in rules}
        directories |= self._enter_git()
        self._listed(directories)
        return found

    def changes(
        self, hints: Collection[str | None], known: Mapping[WorkspacePath, FileStat]
    ) -> dict[WorkspacePath, FileStat | None]:
        """Return the files that changed, appeared or went (None).

        Args:
            hints: absolute paths that something happened to; None: anything may have happened.
            known: the files as they were last reported.
        """
        paths = {self._relative(hint) for hint in hints if hint is not None}
        hinted = sorted(path for path in paths if path and self._is_for_file(path, known))
        must_list_all = None in hints or None in paths
        if must_list_all or any(path and self._is_structural(path) for path in paths):
            return self._all_changes(hinted, known)
        return self._hinted_changes(hinted, known)

    def _all_changes(
        self, hinted: list[str], known: Mapping[WorkspacePath, FileStat]
    ) -> dict[WorkspacePath, FileStat | None]:
        suspects = {*map(shown_path, hinted), *self._uncertain}
        found = self.list_all(known)
        changes: dict[WorkspacePath, FileStat | None] = {
            path: None for path in known.keys() | suspects if path not in found
        }
        for path, stat in found.items():
            if path in suspects or known.get(path) != stat:
                changes[path] = stat
        return changes

    def _hinted_changes(
        self, hinted: list[str], known: Mapping[WorkspacePath, FileStat]
    ) -> dict[WorkspacePath, FileStat | None]:
        """Look files up; a hint counts even if size and time are what they were."""
        changes: dict[WorkspacePath, FileStat | None] = {}
        with self._files.reader() as reader:
            for path in hinted:
                shown = shown_path(path)
                looked_ns = time.time_ns()
                stat = reader.stat(WorkspacePath(path))
                if stat is not None:
                    self._note_time(stat, looked_ns)
                # One that is gone and was never reported may have been read by someone meanwhile.
                changes[shown] = stat
        return changes

    def _is_for_file(self, path: str, known: Mapping[WorkspacePath, FileStat]) -> bool:
        """Tell whether a hint may speak of a file that is not ignored, or of one that was there."""
        rules = self._rules.get(os.path.dirname(path))
        if rules is None or path in self._rules or rules.ignores_file(path):
            return False
        return shown_path(path) in known or not self._is_directory(path)

    def _is_structural(self, path: str) -> bool:
        """Tell whether a hint changes which files there are to look at, or many of them."""
        if path in self._rules or path == _GIT or path in _GIT_STATE:
            return True
        parent, name = os.path.split(path)
        rules = self._rules.get(parent)
        if rules is None:
            return False
        if self._is_directory(path):
            return not rules.ignores_directory(path)
        return name in _RULE_NAMES

    def _enter_git(self) -> set[str]:
        """Have git's own directory watched; one that lies elsewhere is not."""
        if not self._is_directory(_GIT):
            return set()
        git = self._absolute(_GIT)
        self._entering(git)
        return {git}

    def _note_time(self, stat: FileStat, looked_ns: int) -> None:
        if stat.mtime_ns > looked_ns - _CLOCK_STEP_NS:
            self._uncertain.add(stat.path)

    def _is_directory(self, path: str) -> bool:
        absolute = self._absolute(path)
        return os.path.isdir(absolute) and not os.path.islink(absolute)

    def _absolute(self, path: str) -> str:
        return os.path.join(self._root, path) if path else self._root

    def _relative(self, hint: str) -> str | None:
        """Return a path below the root; None for the root itself and for what lies elsewhere."""
        prefix = self._root.rstrip("/") + "/"
        return (hint[len(prefix) :].rstrip("/") or None) if hint.startswith(prefix) else None
