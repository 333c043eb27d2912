"""Is it told later what left, and for whom?"""

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pairwright.disclosure.log import Departure, DisclosureLog, HostTotal, Part, part_of
from pairwright.errors import UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def departure(
    task_id: str = "t1", host: str = "api.example.org", *parts: Part, is_local: bool = False
) -> Departure:
    given = parts or (part_of("file", "x = 1\n", "a.py"), part_of("instruction", "Change it."))
    return Departure(task_id, host, is_local, "openai/x", given, taken_out=0)


def test_what_left_is_told_the_newest_first(tmp_path: Path) -> None:
    log = DisclosureLog(tmp_path / "d.sqlite3", clock=lambda: NOON)
    log.add(departure("t1"))
    log.add(departure("t2", "127.0.0.1:8080", is_local=True))
    newest, oldest = log.departures()
    assert (newest.task_id, newest.host, newest.is_local) == ("t2", "127.0.0.1:8080", True)
    assert oldest.at == "2026-11-22T12:00:00.000+00:00"
    file, instruction = oldest.parts
    assert (file.kind, file.path, file.bytes) == ("file", "a.py", 6)
    assert len(file.digest) == 64
    assert (instruction.kind, instruction.path, instruction.bytes) == ("instruction", "", 10)
    assert oldest.bytes == 16


def test_it_outlives_its_process_and_several_may_write(tmp_path: Path) -> None:
    first = DisclosureLog(tmp_path / "d.sqlite3")
    second = DisclosureLog(tmp_path / "d.sqlite3")
    first.add(departure("t1"))
    second.add(departure("t2"))
    first.close()
    assert {each.task_id for each in DisclosureLog(tmp_path / "d.sqlite3").departures()} == {
        "t1",
        "t2",
    }


def test_no_other_user_may_read_it(tmp_path: Path) -> None:
    DisclosureLog(tmp_path / "d.sqlite3").add(departure())
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_it_holds_no_contents(tmp_path: Path) -> None:
    log = DisclosureLog(tmp_path / "d.sqlite3")
    log.add(departure("t1", "h", part_of("file", "canary = 'x1y2z3'\n", "a.py")))
    log.close()
    assert not any(b"canary" in file.read_bytes() for file in tmp_path.iterdir())


def test_nothing_in_it_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite3"
    DisclosureLog(path).add(departure())
    with sqlite3.connect(path) as connection:
        for table in ("call", "part"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(f"UPDATE {table} SET bytes = 0")
    connection.close()


def test_a_task_and_a_moment_choose(tmp_path: Path) -> None:
    now = [NOON]
    log = DisclosureLog(tmp_path / "d.sqlite3", clock=lambda: now[0])
    log.add(departure("aa1"))
    now[0] += timedelta(hours=1)
    log.add(departure("aa2"))
    log.add(departure("b%_", "h"))
    assert [each.task_id for each in log.departures(task_id="aa")] == ["aa2", "aa1"]
    assert [each.task_id for each in log.departures(task_id="b%")] == ["b%_"]
    assert log.departures(task_id="%") == ()
    assert [each.task_id for each in log.departures(since=now[0])] == ["b%_", "aa2"]
    assert len(log.departures(limit=1)) == 1
    local_time = now[0].astimezone(tz=None)
    assert len(log.departures(since=local_time)) == 2


def test_totals_count_each_host_and_each_file_once(tmp_path: Path) -> None:
    log = DisclosureLog(tmp_path / "d.sqlite3")
    a, b = part_of("file", "xx", "a.py"), part_of("file", "yyyy", "b.py")
    log.add(departure("t1", "far", a, b))
    log.add(departure("t1", "far", a))
    log.add(departure("t2", "near", part_of("instruction", "z"), is_local=True))
    assert log.totals() == (HostTotal("far", False, 2, 8, 2), HostTotal("near", True, 1, 1, 0))
    assert log.totals(task_id="t2") == (HostTotal("near", True, 1, 1, 0),)


def test_the_oldest_are_forgotten_and_that_is_told(tmp_path: Path) -> None:
    log = DisclosureLog(tmp_path / "d.sqlite3", most_calls=100)
    for _ in range(500):
        log.add(departure())
    assert len(log.departures(limit=1000)) == 100
    assert log.forgotten == 400
    with sqlite3.connect(tmp_path / "d.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM part").fetchone() == (200,)
    connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"no database" * 100), id="garbage"),
        pytest.param(lambda path: path.mkdir(), id="a directory"),
        pytest.param(lambda path: path.symlink_to("elsewhere"), id="a symbolic link"),
        pytest.param(
            lambda path: sqlite3.connect(path).execute("PRAGMA user_version = 99"), id="newer"
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "d.sqlite3"
    damage(path)  # type: ignore[operator]
    with pytest.raises(UserError, match=r"d\.sqlite3"):
        DisclosureLog(path)


def test_what_cannot_be_written_is_an_error_and_not_a_silence(tmp_path: Path) -> None:
    log = DisclosureLog(tmp_path / "d.sqlite3")
    log.close()
    with pytest.raises(UserError, match="nothing is sent"):
        log.add(departure())
