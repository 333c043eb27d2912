"""The workspace is the repository around us; files are named from where one stands."""

from pathlib import Path

import pytest

from pairwright_client.errors import UsageError
from pairwright_client.workspaces import path_in_workspace, workspace_root


def test_it_is_the_repository_around_the_current_directory(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(root / "a" / "b")
    assert workspace_root(None) == root


def test_outside_of_a_repository_it_is_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert workspace_root(None) == tmp_path


def test_the_one_given_is_taken_as_it_is(root: Path) -> None:
    (root / "a").mkdir()
    assert workspace_root("a") == root / "a"


def test_a_file_is_looked_for_here_and_then_at_the_root(root: Path) -> None:
    (root / "a").mkdir()
    (root / "a" / "x.py").touch()
    assert path_in_workspace("x.py", root, root / "a") == "a/x.py"
    assert path_in_workspace("a/x.py", root, root / "a") == "a/x.py"
    assert path_in_workspace("missing.py", root, root / "a") == "missing.py"
    assert path_in_workspace(str(root / "a" / "x.py"), root, root) == "a/x.py"


@pytest.mark.parametrize("given", ["../x.py", "/etc/hostname", "a/../../x.py"])
def test_a_file_outside_is_refused(root: Path, given: str) -> None:
    with pytest.raises(UsageError, match="lies outside the workspace"):
        path_in_workspace(given, root, root)


def test_a_directory_that_leads_outside_is_refused(root: Path, tmp_path: Path) -> None:
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="lies outside the workspace"):
        path_in_workspace("out/x.py", root, root)
