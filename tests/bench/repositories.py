"""How is a git repository made for a test? From workspace strings, one for each commit."""

import subprocess
from pathlib import Path

from tests.support.workspaces import parse_workspace

_AUTHOR = "A Person <person@example.org>"


class TestRepository:
    """A repository in a new folder; each commit replaces all files."""

    __test__ = False

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True)
        self._git("init", "-q")

    def commit(self, message: str, workspace: str, author: str = _AUTHOR) -> str:
        for old in self.directory.rglob("*"):
            if old.is_file() and ".git" not in old.relative_to(self.directory).parts:
                old.unlink()
        for path, text in parse_workspace(workspace).files.items():
            place = self.directory / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        self._git("add", "-A")
        self._git("commit", "-q", "--allow-empty", f"--author={author}", "-m", message)
        return self._git("rev-parse", "HEAD").strip()

    def _git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "gc.auto=0")
        command = ["git", *identity, "-C", str(self.directory), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
