"""Which changes are interrupted everywhere? Each a tree before, and what is written."""

import os
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pairwright.journal.entries import FileWrite, JournalEntry
from pairwright.journal.journal import Journal
from tests.journal.changes import Tree, tree_of, undo_together, write


@dataclass(frozen=True, slots=True)
class Scenario:
    """A tree, and a change of it."""

    name: str
    old: Mapping[str, bytes]
    new: Mapping[str, bytes | None]
    """What the change writes; None removes."""
    modes: Mapping[str, int] = field(default_factory=dict)
    """Of files before the change, and of directories once everything is there."""
    new_modes: Mapping[str, int] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    then: Mapping[str, bytes | None] = field(default_factory=dict)
    """What a second change of the same task writes; both are taken back as one."""
    then_moved: Mapping[str, str] = field(default_factory=dict)
    is_for_root: bool = False
    """Everyone else is refused."""

    @property
    def is_refused(self) -> bool:
        return self.is_for_root and os.geteuid() != 0

    @property
    def actions(self) -> Sequence[str]:
        """What can be interrupted: what is refused can be neither undone nor redone."""
        if self.is_refused:
            return ("commit",)
        return ("undo", "redo") if self.then else ("commit", "undo", "redo")

    def undoes(self, action: str) -> int:
        """Return how many of the newest entries an undo or a redo takes back, as one."""
        return 2 if self.then and action == "undo" else 1

    def build(self, root: Path) -> None:
        """Make the tree as it is before the change."""
        root.mkdir(parents=True)
        for path, content in self.old.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        for path, mode in self.modes.items():
            (root / path).chmod(mode)

    def writes(self, root: Path) -> list[FileWrite]:
        """Return the change."""
        return [
            write(
                root,
                path,
                self.new.get(path, self.old.get(path)),
                mode=self.new_modes.get(path),
                moved_from=self.moved.get(path),
            )
            for path in sorted({*self.new, *self.new_modes})
        ]

    def later_writes(self, root: Path) -> list[FileWrite]:
        """Return the second change, upon the first."""
        return [
            write(root, path, content, moved_from=self.then_moved.get(path))
            for path, content in sorted(self.then.items())
        ]


def _many(count: int) -> Scenario:
    return Scenario(
        f"{count} files",
        {f"pkg{n % 3}/f{n}.py": f"old {n}\n".encode() for n in range(count)},
        {f"pkg{n % 3}/f{n}.py": f"new {n}\n".encode() for n in range(count)},
    )


SCENARIOS: tuple[Scenario, ...] = (
    _many(1),
    _many(5),
    _many(20),
    Scenario("create", {"a.py": b"a\n"}, {"x/y/z/new.py": b"new\n", "x/other.py": b"o\n"}),
    Scenario("delete", {"a.py": b"a\n", "pkg/b.py": b"b\n"}, {"pkg/b.py": None, "a.py": None}),
    Scenario(
        "rename",
        {"old/name.py": b"1\n2\n3\n", "user.py": b"import name\n"},
        {"old/name.py": None, "new/name2.py": b"1\n2\n3\n4\n", "user.py": b"import name2\n"},
        moved={"new/name2.py": "old/name.py"},
    ),
    Scenario(
        "chmod",
        {"run.sh": b"#!/bin/sh\n", "b.py": b"b\n"},
        {"b.py": b"B\n"},
        modes={"b.py": 0o640},
        new_modes={"run.sh": 0o755},
    ),
    Scenario(
        "line ends and bytes",
        {"crlf.txt": b"a\r\nb\r\n", "bin": b"\xff\xfe\0\x80", "cr.txt": b"a\rb", "empty": b""},
        {"crlf.txt": b"a\r\nB\r\n", "bin": b"\0\xff", "cr.txt": b"a\rB", "empty": b"no more"},
    ),
    Scenario(
        "read-only directory",
        {"ro/a.py": b"a\n", "b.py": b"b\n"},
        {"ro/a.py": b"A\n", "b.py": b"B\n"},
        modes={"ro": 0o555},
        is_for_root=True,
    ),
    Scenario(
        "names",
        {"with space.py": b"1\n", "dir é/日本.py": b"2\n"},
        {"with space.py": b"1!\n", "dir é/日本.py": None, "dir é/a b/c.py": b"3\n"},
    ),
    Scenario(
        "case only",
        {"Name.py": b"same\n"},
        {"Name.py": None, "name.py": b"same\n"},
        moved={"name.py": "Name.py"},
    ),
    Scenario(
        "two changes of a task",
        {
            "a.py": b"1\n2\n3\n",
            "gone.py": b"g\n",
            "old/name.py": b"n\n",
            "mid/stays.py": b"s\n",
            "run.sh": b"r\n",
        },
        {
            "a.py": b"one\n2\n3\n",
            "new/b.py": b"b\n",
            "old/name.py": None,
            "mid/name.py": b"n\n",
        },
        new_modes={"run.sh": 0o755},
        moved={"mid/name.py": "old/name.py"},
        then={
            "a.py": b"one\n2\nthree\n",
            "new/b.py": b"B\n",
            "new/deep/c.py": b"c\n",
            "gone.py": None,
            "mid/name.py": None,
            "last/name.py": b"N\n",
        },
        then_moved={"last/name.py": "mid/name.py"},
    ),
    Scenario(
        "all at once",
        {"a.py": b"old a\n", "pkg/b.py": b"old b\r\n", "gone.txt": b"gone\n"},
        {"a.py": b"new a\n", "pkg/b.py": b"new b\r\n", "gone.txt": None, "new/c.py": b"c\n"},
    ),
)

Action = Callable[[Journal], object]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A workspace with its journal, just before the action."""

    root: Path
    state_dir: Path
    act: Action
    old: Tree
    new: Tree

    def state(self) -> str:
        """Return which of the two the tree is, if it is one of them."""
        tree = tree_of(self.root)
        return "old" if tree == self.old else "new" if tree == self.new else f"partial: {tree}"


def clear(base: Path) -> None:
    """Remove a workspace, whatever its modes."""
    for directory in (path for path in base.rglob("*") if path.is_dir()):
        directory.chmod(0o755)
    shutil.rmtree(base, ignore_errors=True)


def prepare(scenario: Scenario, action: str, base: Path) -> Prepared:
    """Make a workspace anew, up to that action, and know what it holds before and after."""
    clear(base)
    root, state_dir = base / "ws", base / "state"
    scenario.build(root)
    before = tree_of(root)
    journal = Journal(state_dir, root)
    journal.recover()
    if action == "commit":
        writes = scenario.writes(root)
        after = before if scenario.is_refused else _after(scenario, root)
        return Prepared(root, state_dir, lambda j: j.commit(writes), before, after)
    entries = [journal.commit(scenario.writes(root))]
    if scenario.then:
        entries.append(journal.commit(scenario.later_writes(root)))
    after = tree_of(root)
    if action == "undo":
        return Prepared(root, state_dir, _undoing(*entries), after, before)
    undone = undo_together(journal, entries)
    return Prepared(root, state_dir, _undoing(undone), before, after)


def _undoing(*entries: JournalEntry) -> Action:
    return lambda journal: undo_together(journal, entries)


def _after(scenario: Scenario, root: Path) -> Tree:
    """Reckon, without the journal, what the tree holds after the change."""
    tree = tree_of(root)
    a_directory = next((mode for _, mode in tree.values() if stat.S_ISDIR(mode)), _DIRECTORY)
    for path, content in scenario.new.items():
        if content is None:
            del tree[path]
            continue
        old_mode = tree[path][1] if path in tree else _NEW_FILE
        tree[path] = (content, old_mode)
        for parent in Path(path).parents:
            if parent != Path():
                tree.setdefault(str(parent), (b"", a_directory))
    for path, mode in scenario.new_modes.items():
        tree[path] = (tree[path][0], mode)
    return dict(sorted(tree.items()))


_NEW_FILE = 0o644
_DIRECTORY = stat.S_IFDIR | 0o755
