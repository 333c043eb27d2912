"""What do the clients' tests share? A workspace and where its daemon would be."""

from pathlib import Path

import pytest

from pairwright.protocol.rendezvous import Rendezvous


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace, which is also the current directory."""
    root = tmp_path / "project"
    root.mkdir()
    (root / ".git").mkdir()
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def rendezvous(root: Path) -> Rendezvous:
    return Rendezvous.for_workspace(root)
