"""Daemon and clients meet in a place that nobody else can enter or forge."""

import os
import stat
from pathlib import Path

import pytest

from pairwright.errors import InvalidSettings
from pairwright.protocol.rendezvous import (
    MAX_SOCKET_PATH_BYTES,
    Rendezvous,
    runtime_dir,
    state_dir,
)


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "run"
    monkeypatch.setenv("PAIRWRIGHT_RUNTIME_DIR", str(directory))
    return directory


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_workspace_and_a_symlink_to_it_have_one_meeting_place(
    runtime: Path, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    link = tmp_path / "link"
    link.symlink_to(root)
    assert Rendezvous.for_workspace(link) == Rendezvous.for_workspace(root)
    assert Rendezvous.for_workspace(link).root == root


def test_two_workspaces_have_two_meeting_places(runtime: Path, tmp_path: Path) -> None:
    first, second = (Rendezvous.for_workspace(tmp_path / name) for name in ("a", "b"))
    assert first.directory != second.directory


def test_socket_lock_and_log_lie_in_a_private_directory(runtime: Path, tmp_path: Path) -> None:
    rendezvous = Rendezvous.for_workspace(tmp_path)
    assert {rendezvous.socket.parent, rendezvous.lock.parent, rendezvous.log.parent} == {
        rendezvous.directory
    }
    assert mode_of(runtime) == mode_of(rendezvous.directory) == 0o700


def test_a_deep_workspace_does_not_lengthen_the_socket_path(runtime: Path) -> None:
    shallow, deep = (Rendezvous.for_workspace(root) for root in ("/a", "/a" * 400))
    assert len(str(shallow.socket)) == len(str(deep.socket))


def test_a_path_too_long_for_a_socket_is_refused_with_the_variable_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIRWRIGHT_RUNTIME_DIR", str(tmp_path / ("x" * MAX_SOCKET_PATH_BYTES)))
    with pytest.raises(InvalidSettings, match="set PAIRWRIGHT_RUNTIME_DIR to a shorter"):
        Rendezvous.for_workspace(tmp_path)


def test_a_directory_that_others_may_enter_is_refused(runtime: Path) -> None:
    runtime.mkdir()
    runtime.chmod(0o755)
    with pytest.raises(InvalidSettings, match="open to other users"):
        runtime_dir()


def test_a_symlink_in_the_directorys_place_is_refused(runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    runtime.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidSettings, match="not a directory of its own"):
        runtime_dir()


def test_a_workspace_directory_laid_as_a_symlink_is_refused(runtime: Path, tmp_path: Path) -> None:
    directory = Rendezvous.for_workspace(tmp_path).directory
    directory.rmdir()
    directory.symlink_to(tmp_path)
    with pytest.raises(InvalidSettings, match="not a directory of its own"):
        Rendezvous.for_workspace(tmp_path)


def test_a_relative_override_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAIRWRIGHT_RUNTIME_DIR", "run")
    with pytest.raises(InvalidSettings, match="not an absolute path: 'run'"):
        runtime_dir()
    monkeypatch.setenv("PAIRWRIGHT_STATE_DIR", "state")
    with pytest.raises(InvalidSettings, match="not an absolute path: 'state'"):
        state_dir(tmp_path)


def test_the_session_directory_is_used_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAIRWRIGHT_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_dir() == tmp_path / "pairwright"


def test_without_a_session_directory_a_directory_of_the_user_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAIRWRIGHT_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert runtime_dir() == tmp_path / f"pairwright-{os.getuid()}"
    assert mode_of(runtime_dir()) == 0o700


def test_a_place_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PAIRWRIGHT_RUNTIME_DIR", str(tmp_path / "file" / "run"))
    with pytest.raises(InvalidSettings, match="cannot make the directory"):
        runtime_dir()


def test_state_outlives_the_runtime_directory_and_is_private(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIRWRIGHT_STATE_DIR", str(tmp_path / "state"))
    directory = state_dir(tmp_path)
    assert directory.parent == tmp_path / "state"
    assert mode_of(directory) == 0o700
    assert state_dir(tmp_path / ".") == directory
