import dataclasses
import os
import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pairwright.index.cache import CacheReader, Key, OutlineCache, fingerprint_of
from pairwright.syntax.languages.language import Language
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.languages.registry import LANGUAGES

FINGERPRINT = bytes(range(16))


def key(number: int) -> Key:
    return f"{number:032x}", FINGERPRINT


def put(directory: Path, outlines: dict[Key, bytes], *, max_bytes: int = 10**9) -> None:
    cache = OutlineCache(directory, max_bytes=max_bytes)
    cache.put_many(outlines)
    cache.close()


def get(directory: Path, *numbers: int) -> list[bytes | None]:
    cache = OutlineCache(directory)
    found = cache.get_many([key(number) for number in numbers])
    cache.close()
    return [found.get(key(number)) for number in numbers]


def test_what_is_put_is_found_by_another(tmp_path: Path) -> None:
    put(tmp_path / "cache", {key(1): b"one", key(2): b""})
    assert get(tmp_path / "cache", 1, 2, 3) == [b"one", b"", None]
    reader = CacheReader(OutlineCache(tmp_path / "cache").path)
    assert reader.get(*key(1)) == b"one"
    assert reader.get(key(1)[0], bytes(16)) is None
    reader.close()


def test_nothing_is_written_before_there_is_something_to_write(tmp_path: Path) -> None:
    assert get(tmp_path / "cache", 1) == [None]
    assert not (tmp_path / "cache").exists()
    put(tmp_path / "cache", {key(1): b"one"})
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


def test_a_reader_that_found_no_database_finds_a_later_one(tmp_path: Path) -> None:
    reader = CacheReader(OutlineCache(tmp_path).path)
    assert reader.get(*key(1)) is None
    assert list(tmp_path.iterdir()) == []
    put(tmp_path, {key(1): b"one"})
    assert reader.get(*key(1)) == b"one"
    reader.close()


def test_an_empty_file_is_a_database_yet_to_be_begun(tmp_path: Path) -> None:
    OutlineCache(tmp_path).path.touch()
    assert get(tmp_path, 1) == [None]
    put(tmp_path, {key(1): b"one"})
    assert get(tmp_path, 1) == [b"one"]


def test_a_directory_in_the_databases_place_is_no_database(tmp_path: Path) -> None:
    OutlineCache(tmp_path).path.mkdir()
    assert get(tmp_path, 1) == [None]


def test_a_row_that_is_damaged_is_not_given_and_can_be_put_again(tmp_path: Path) -> None:
    put(tmp_path, {key(1): b"one", key(2): b"two"})
    with sqlite3.connect(OutlineCache(tmp_path).path) as connection:
        connection.execute("UPDATE outlines SET content = X'0011' WHERE rowid = 1")
        connection.execute("UPDATE outlines SET content = 7 WHERE rowid = 2")
    connection.close()
    assert get(tmp_path, 1, 2) == [None, None]
    put(tmp_path, {key(1): b"one"})
    assert get(tmp_path, 1) == [b"one"]


@pytest.mark.parametrize("damage", [b"no database at all", b"SQLite format 3\0" + b"\1" * 5000])
def test_a_damaged_database_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    put(tmp_path, {key(1): b"one"})
    path = OutlineCache(tmp_path).path
    path.write_bytes(damage)
    assert get(tmp_path, 1) == [None]
    put(tmp_path, {key(2): b"two"})
    put(tmp_path, {key(3): b"three"})
    assert get(tmp_path, 3) == [b"three"]
    assert path.with_name(f"{path.name}.damaged").read_bytes() == damage


def test_a_database_that_is_damaged_inside_is_begun_anew(tmp_path: Path) -> None:
    put(tmp_path, {key(number): b"x" * 3000 for number in range(50)})
    path = OutlineCache(tmp_path).path
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (os.path.getsize(path) - 4096))
    assert get(tmp_path, 1) == [None]
    put(tmp_path, {key(2): b"two"})
    put(tmp_path, {key(3): b"three"})
    assert get(tmp_path, 3) == [b"three"]


def test_without_a_place_to_write_nothing_is_kept_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the directory would be")
    cache = OutlineCache(tmp_path / "cache")
    for number in range(3):
        cache.put_many({key(number): b"one"})
        cache.close()
    assert cache.get_many([key(1)]) == {}
    assert [record.message[:21] for record in caplog.records] == ["outlines are not kept"]


def test_what_was_longest_unused_goes_when_there_is_too_much(tmp_path: Path) -> None:
    put(tmp_path, {key(number): b"x" * 5000 for number in range(1000)})
    with sqlite3.connect(OutlineCache(tmp_path).path) as connection:
        connection.execute("UPDATE outlines SET day = day - 1")
    connection.close()
    cache = OutlineCache(tmp_path, max_bytes=2_000_000)
    cache.note_use([key(7)])
    cache.put_many({key(1000): b"new"})
    cache.close()
    found = get(tmp_path, *range(1001))
    assert found[7] is not None
    assert found[1000] == b"new"
    assert sum(content is not None for content in found) < 400
    size = os.path.getsize(cache.path)
    put(tmp_path, {key(number): b"y" * 5000 for number in range(2000, 2300)}, max_bytes=2_000_000)
    assert os.path.getsize(cache.path) <= size


WRITER = """
import pathlib, sys
from pairwright.index.cache import OutlineCache
start = int(sys.argv[2])
for number in range(start, start + 60):
    cache = OutlineCache(pathlib.Path(sys.argv[1]))
    cache.put_many({(f"{number:032x}", bytes(range(16))): b"x" * 2000})
    cache.close()
"""


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "cache"), str(start)])
        for start in (0, 1000)
    ]
    assert [writer.wait(20) for writer in writers] == [0, 0]
    found = get(tmp_path / "cache", *range(60), *range(1000, 1060))
    assert found == [b"x" * 2000] * 120


def test_each_language_has_a_fingerprint_of_its_own() -> None:
    assert len({fingerprint_of(language) for language in LANGUAGES}) == len(LANGUAGES)
    assert all(len(fingerprint_of(language)) == 16 for language in LANGUAGES)


CHANGED = [
    dataclasses.replace(PYTHON, definitions=PYTHON.definitions + ";"),
    dataclasses.replace(PYTHON, references=PYTHON.references + ";"),
    dataclasses.replace(PYTHON, test_name=re.compile(r"check.*")),
    dataclasses.replace(PYTHON, test_name=re.compile(r"test.*", re.IGNORECASE)),
    dataclasses.replace(PYTHON, is_indentation_significant=False),
    dataclasses.replace(PYTHON, grammar=("tree_sitter_javascript", "language")),
]


@pytest.mark.parametrize("language", CHANGED)
def test_a_language_that_is_read_otherwise_has_another_fingerprint(language: Language) -> None:
    assert fingerprint_of(language) != fingerprint_of(PYTHON)


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_a_fingerprint_is_the_same_in_another_process(seed: str) -> None:
    code = (
        "from pairwright.index.cache import fingerprint_of\n"
        "from pairwright.syntax.languages.registry import LANGUAGES\n"
        "print(*(fingerprint_of(language).hex() for language in LANGUAGES))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert output.stdout.decode().split() == [fingerprint_of(each).hex() for each in LANGUAGES]
