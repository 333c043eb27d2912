"""Kills itself at every step of a change, an undo and a recovery; prints what each kill left.

Run as a program, since it forks: `python -m tests.journal.kill_points DIRECTORY`.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from pairwright.journal.journal import FileWrite, Journal
from pairwright.journal.tree import digest_bytes
from pairwright.workspace.paths import WorkspacePath

OLD = {"a.py": b"old a\n", "pkg/b.py": b"old b\r\n", "gone.txt": b"gone\n"}
NEW = {"a.py": b"new a\n", "pkg/b.py": b"new b\r\n", "new/c.py": b"c\n"}

Action = Callable[[Journal], object]


def killed_at(number: int) -> Callable[[str], None]:
    steps = iter(range(1, sys.maxsize))

    def on_step(step: str) -> None:
        if next(steps) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_step


def in_child(action: Callable[[], object]) -> bool:
    """Run in a forked child; tell whether it was killed."""
    child = os.fork()
    if child == 0:
        action()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def commit(journal: Journal) -> object:
    return journal.commit(
        [
            FileWrite(
                WorkspacePath(path),
                digest_bytes(OLD[path]) if path in OLD else None,
                NEW.get(path),
            )
            for path in sorted(OLD.keys() | NEW.keys())
        ]
    )


def state_of(root: Path) -> str:
    files = {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    return "old" if files == OLD else "new" if files == NEW else f"mixed: {sorted(files)}"


def fresh(base: Path, action: Action) -> tuple[Path, Path]:
    shutil.rmtree(base, ignore_errors=True)
    root, state = base / "ws", base / "state"
    for path, content in OLD.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    if action is undo:
        commit(Journal(state, root))
    return root, state


def undo(journal: Journal) -> object:
    return journal.undo()


def recover(journal: Journal) -> None:
    journal.recover()


def kill_everywhere(base: Path, action: Action) -> list[dict[str, object]]:
    results: list[dict[str, object]] = []
    for number in range(1, 1000):
        root, state = fresh(base, action)
        if not in_child(lambda: action(Journal(state, root, on_step=killed_at(number)))):  # noqa: B023
            return results
        for again in range(1, 1000):
            saved = base.with_name("saved")
            shutil.rmtree(saved, ignore_errors=True)
            shutil.copytree(base, saved, symlinks=True)
            dies = in_child(lambda: recover(Journal(state, root, on_step=killed_at(again))))  # noqa: B023
            Journal(state, root).recover()
            first = state_of(root)
            Journal(state, root).recover()
            pending = [path.name for path in (state / "pending").iterdir()]
            results.append(
                {"first": first, "second": state_of(root), "pending": pending, "again": dies}
            )
            shutil.rmtree(base)
            saved.rename(base)
            if not dies:
                break
    raise AssertionError("the action has no end")


if __name__ == "__main__":
    where = Path(sys.argv[1]) / "base"
    print(json.dumps({a.__name__: kill_everywhere(where, a) for a in (commit, undo)}))  # noqa: T201
