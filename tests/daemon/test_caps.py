"""Do the caps follow the settings' files while the daemon runs, and never upwards by mistake?"""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from pairwright.daemon.caps import CurrentCaps
from pairwright.daemon.configuration import load_settings


class Files:
    """A user's settings and a workspace's, and the caps that follow them."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "workspace"
        self.root.mkdir()
        self.user = directory / "settings.toml"
        self.writes = 0
        self.write_user("[budget]\ntask_usd = 0.4\n")
        settings, _ = load_settings(self.root, self.user)
        self.caps = CurrentCaps(self.root, self.user, settings.budget)

    def write_user(self, text: str) -> None:
        self._write(self.user, text)

    def write_project(self, text: str) -> None:
        self._write(self.root / "pyproject.toml", text)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        # A clock that is too coarse to tell two writes apart must not make the test fail.
        self.writes += 1
        os.utime(path, ns=(self.writes, self.writes))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_a_cap_that_is_lowered_or_raised_by_the_user_holds_at_once(files: Files) -> None:
    assert files.caps().task_usd == Decimal("0.4")
    files.write_user("[budget]\ntask_usd = 0.1\nworkspace_usd = 9\n")
    assert (files.caps().task_usd, files.caps().workspace_usd) == (Decimal("0.1"), Decimal(9))
    files.write_user("[budget]\ntask_usd = 2\n")
    assert (files.caps().task_usd, files.caps().workspace_usd) == (Decimal(2), None)


def test_a_workspace_can_only_lower_them(files: Files) -> None:
    files.write_project("[tool.pairwright.budget]\ntask_usd = 0.2\nworkspace_usd = 3\n")
    assert (files.caps().task_usd, files.caps().workspace_usd) == (Decimal("0.2"), Decimal(3))
    files.write_project("[tool.pairwright.budget]\ntask_usd = 7\nallow_unpriced = true\n")
    assert files.caps().task_usd == Decimal("0.4")
    assert not files.caps().allow_unpriced
    files.write_user("[budget]\nworkspace_usd = 2\n")
    files.write_project("[tool.pairwright.budget]\nworkspace_usd = 3\n")
    assert files.caps().workspace_usd == Decimal(2)


@pytest.mark.parametrize(
    "broken",
    ["[budget", "[budget]\ntask_usd = 'much'\n", "[budget]\ntask_usd = -1\n", "budget = 5\n"],
)
def test_what_cannot_be_read_changes_nothing(files: Files, broken: str) -> None:
    """T14: the default, which is higher, must not take the place of a cap."""
    files.write_user(broken)
    assert files.caps().task_usd == Decimal("0.4")
    files.write_user("[budget]\ntask_usd = 0.3\n")
    assert files.caps().task_usd == Decimal("0.3")


def test_without_a_file_the_defaults_hold(files: Files) -> None:
    files.user.unlink()
    assert files.caps().task_usd == Decimal("0.50")
