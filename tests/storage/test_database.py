"""Is a database changed whole or not at all, and is somebody else's left as it is?"""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pairwright.errors import UserError
from pairwright.storage.database import (
    Step,
    bring_up,
    is_busy,
    log_ahead,
    open_private,
    run_script,
    transaction,
    used_bytes,
)

OURS = 0x50570001


def make_numbers(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE numbers (value INTEGER)")


def name_them(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE numbers ADD COLUMN name TEXT NOT NULL DEFAULT ''")


def fail(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE nothing ADD COLUMN name TEXT")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "numbers.sqlite3"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_private(path)) as connection:
        yield connection


def bring(connection: sqlite3.Connection, path: Path, *steps: Step, ours: int = OURS) -> None:
    bring_up(connection, path, steps, called="the numbers", application_id=ours)


def columns(connection: sqlite3.Connection) -> list[str]:
    return [row[1] for row in connection.execute("PRAGMA table_info (numbers)")]


def test_only_its_owner_may_read_it(connection: sqlite3.Connection, path: Path) -> None:
    bring(connection, path, make_numbers)
    log_ahead(connection)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for each in path.parent.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to("elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        open_private(tmp_path / "linked")
    assert not (tmp_path / "elsewhere").exists()


def test_an_exception_takes_back_the_whole_of_a_change(
    connection: sqlite3.Connection, path: Path
) -> None:
    bring(connection, path, make_numbers)

    def interrupted() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO numbers VALUES (1)")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert connection.execute("SELECT * FROM numbers").fetchall() == []
    with transaction(connection):
        connection.execute("INSERT INTO numbers VALUES (2)")
    assert connection.execute("SELECT * FROM numbers").fetchall() == [(2,)]


def test_another_writer_is_told_from_other_errors(
    connection: sqlite3.Connection, path: Path
) -> None:
    bring(connection, path, make_numbers)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        with transaction(connection):
            with pytest.raises(sqlite3.OperationalError) as refused, transaction(other):
                pass
            assert is_busy(refused.value)
        with pytest.raises(sqlite3.OperationalError) as wrong, transaction(other):
            fail(other)
        assert not is_busy(wrong.value)
        assert not other.in_transaction


def test_steps_are_made_once_and_in_order(connection: sqlite3.Connection, path: Path) -> None:
    bring(connection, path, make_numbers)
    assert columns(connection) == ["value"]
    connection.execute("INSERT INTO numbers VALUES (7)")
    for _ in range(2):
        bring(connection, path, make_numbers, name_them)
    assert columns(connection) == ["value", "name"]
    assert connection.execute("SELECT * FROM numbers").fetchall() == [(7, "")]


def test_steps_of_which_one_fails_are_all_taken_back(
    connection: sqlite3.Connection, path: Path
) -> None:
    bring(connection, path, make_numbers)
    with pytest.raises(sqlite3.Error):
        bring(connection, path, make_numbers, name_them, fail)
    assert columns(connection) == ["value"]
    bring(connection, path, make_numbers, name_them)
    assert columns(connection) == ["value", "name"]


@pytest.mark.parametrize(
    ("statement", "ours", "said"),
    [
        ("PRAGMA application_id = 1", OURS, "the numbers 'numbers.sqlite3' is a database of an"),
        ("PRAGMA application_id = 1", 0, "another program"),
        ("CREATE TABLE theirs (x)", OURS, "another program"),
        ("CREATE TABLE theirs (x)", 0, "another program"),
        ("PRAGMA user_version = 1", OURS, "another program"),
        ("PRAGMA user_version = 2", 0, r"a newer Pairwright \(its version 2, known here 1\)"),
    ],
)
def test_what_is_not_ours_to_read_is_refused_and_left_as_it_is(
    connection: sqlite3.Connection, path: Path, statement: str, ours: int, said: str
) -> None:
    connection.execute(statement)
    before = path.read_bytes()
    with pytest.raises(UserError, match=said):
        bring(connection, path, make_numbers, ours=ours)
    assert path.read_bytes() == before


def test_a_script_is_part_of_the_change_around_it(connection: sqlite3.Connection) -> None:
    script = "CREATE TABLE a (x);\nCREATE TRIGGER t BEFORE UPDATE ON a\nBEGIN SELECT 1; END;\n"

    def failing() -> None:
        with transaction(connection):
            run_script(connection, script)
            fail(connection)

    with pytest.raises(sqlite3.Error):
        failing()
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    run_script(connection, script)
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (2,)


def test_what_was_deleted_is_not_in_use(connection: sqlite3.Connection, path: Path) -> None:
    bring(connection, path, make_numbers)
    empty = used_bytes(connection)
    connection.executemany("INSERT INTO numbers VALUES (?)", [(each,) for each in range(5_000)])
    assert used_bytes(connection) > empty
    connection.execute("DELETE FROM numbers")
    assert used_bytes(connection) == empty
