"""Is a secret of ours for this user alone, and only ever what we made?"""

import stat
from pathlib import Path

import pytest

from pairwright.daemon.secret_files import persistent_key, remove, write_token
from pairwright.errors import InvalidSettings


def test_a_token_is_new_each_time_and_only_this_user_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("an old one, open to all")
    path.chmod(0o666)
    first = write_token(path)
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first) == 43  # 256 bits
    assert write_token(path) != first
    remove(path)
    remove(path)
    assert list(tmp_path.iterdir()) == []


def test_a_token_is_never_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "token").symlink_to(tmp_path / "elsewhere")
    write_token(tmp_path / "token")
    assert (tmp_path / "elsewhere").read_text() == "kept"
    assert not (tmp_path / "token").is_symlink()


def test_a_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = persistent_key(path)
    assert len(key) == 32
    assert persistent_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_no_key_of_ours_is_not_used(tmp_path: Path) -> None:
    short, readable, link = (tmp_path / name for name in ("short", "readable", "link"))
    short.write_bytes(b"x")
    short.chmod(0o600)
    persistent_key(readable)
    readable.chmod(0o644)
    link.symlink_to(readable)
    for path in (short, readable, link):
        with pytest.raises(InvalidSettings):
            persistent_key(path)


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    for make in (write_token, persistent_key):
        with pytest.raises(InvalidSettings, match="cannot write"):
            make(tmp_path / "missing" / "file")
