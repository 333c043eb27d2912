import struct
import zlib
from pathlib import Path

import pytest

from pairwright.index.builder import index_of
from pairwright.index.index import Index
from pairwright.index.kept_tables import pack_tables, unpack_tables
from pairwright.index.manifest import Manifest
from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.python import PYTHON
from pairwright.workspace.documents import DiskFact, digest_text
from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath

A, NOTES, BIG, NEW = map(WorkspacePath, ("pkg/a.py", "é/notes.unknown", "big.py", "new.py"))
TEXT = "def f():\n    return 1\n"


def fact(path: WorkspacePath, text: str | None, problem: str = "") -> DiskFact:
    stat = FileStat(path, 2**40, -5, 2**63 + 1, problem)
    digest = digest_text(text) if text is not None else None
    return DiskFact(path, stat, digest, "utf-16-le", problem)


FACTS = {A: fact(A, TEXT), NOTES: fact(NOTES, "x"), BIG: fact(BIG, None, "'big.py' is too large…")}
INDEX = index_of({A: TEXT, NOTES: "x"})


def saved(tmp_path: Path) -> Manifest:
    manifest = Manifest(tmp_path / "state" / "manifest")
    manifest.save(FACTS, INDEX)
    return manifest


def check_none(manifest: Manifest) -> None:
    """Check that nothing is known, and that an index can be made of that."""
    kept = manifest.load()
    assert kept.files == {}
    assert dict(Index().with_known({}, kept.tables).files) == {}


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    loaded = saved(tmp_path).load().files
    assert {path: known for path, (known, _) in loaded.items()} == FACTS
    packed = loaded[A][1]
    assert packed is not None
    assert packed.content == packed_outline_of(PYTHON, TEXT).content
    assert loaded[NOTES][1] is None
    assert loaded[BIG][1] is None


def test_the_tables_of_the_index_are_loaded_with_the_outlines(tmp_path: Path) -> None:
    loaded = saved(tmp_path).load()
    assert loaded.tables is not None
    [layer], names = loaded.tables.restored(INDEX.files)
    assert [file.path for file in layer.files()] == [A, NOTES]
    number = names.number("f")
    assert number is not None
    assert [(file.path, rows) for file, rows in layer.definitions_of(number)] == [(A, [0])]


def test_tables_of_files_that_are_not_kept_are_left_out(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "manifest")
    manifest.save(FACTS, index_of({A: "def other(): ...", NOTES: "x"}))
    loaded = manifest.load()
    assert set(loaded.files) == {NOTES, BIG}
    assert loaded.tables is not None
    assert loaded.tables.strings == [""]


def test_a_workspace_without_files_is_loaded_too(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "manifest")
    manifest.save({}, Index())
    check_none(manifest)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest"]


def test_where_nothing_was_saved_nothing_is_known(tmp_path: Path) -> None:
    check_none(Manifest(tmp_path / "manifest"))


def test_a_file_whose_outline_is_missing_or_of_another_text_is_left_out(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "manifest")
    facts = {A: fact(A, TEXT), NEW: fact(NEW, "x = 1")}
    manifest.save(facts, index_of({A: "other", BIG: TEXT}))
    check_none(manifest)


@pytest.mark.parametrize("position", [0, 2, 5, 9, 20, 60, -1])
def test_a_changed_byte_makes_it_count_as_none(tmp_path: Path, position: int) -> None:
    manifest = saved(tmp_path)
    path = tmp_path / "state" / "manifest"
    content = bytearray(path.read_bytes())
    content[position] ^= 0x10
    path.write_bytes(content)
    check_none(manifest)


@pytest.mark.parametrize("length", [0, 3, 8, 15, 100])
def test_a_torn_file_counts_as_none(tmp_path: Path, length: int) -> None:
    manifest = saved(tmp_path)
    path = tmp_path / "state" / "manifest"
    path.write_bytes(path.read_bytes()[:length])
    check_none(manifest)


@pytest.mark.parametrize("body", [b"", b"\1\0\0\0", b"\0\0\0\0\xff\0\0\0", b"\xff" * 40])
def test_a_foreign_file_with_a_right_checksum_counts_as_none(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "manifest"
    path.write_bytes(b"PWM2" + zlib.crc32(body).to_bytes(4, "little") + body)
    check_none(Manifest(path))


def test_outlines_that_would_be_others_now_are_left_out(tmp_path: Path) -> None:
    manifest, path = saved(tmp_path), tmp_path / "state" / "manifest"
    content_before = path.read_bytes()
    name = PYTHON.name.encode()
    at = content_before.index(name) - 20
    body = bytearray(content_before[8:])
    body[at - 8] ^= 1
    path.write_bytes(b"PWM2" + zlib.crc32(body).to_bytes(4, "little") + body)
    assert set(manifest.load().files) == {NOTES, BIG}


def test_a_place_that_cannot_be_written_is_no_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Manifest(tmp_path / "file" / "manifest").save(FACTS, INDEX)
    (tmp_path / "manifest").mkdir()
    (tmp_path / "manifest" / "inner").write_text("")
    Manifest(tmp_path / "manifest").save(FACTS, INDEX)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "manifest"]
    check_none(Manifest(tmp_path / "manifest"))


PACKED = pack_tables(INDEX.layers, INDEX.names, {A: 0, NOTES: 1})


@pytest.mark.parametrize("length", [0, 4, 8, 16, 30, len(PACKED) - 1])
def test_tables_that_are_cut_off_are_refused(length: int) -> None:
    with pytest.raises((ValueError, struct.error)):
        unpack_tables(memoryview(PACKED)[:length], [A, NOTES])


@pytest.mark.parametrize(
    ("word", "value"),
    [(2, 1), (5, 2), (5, 2**32 - 1), (5, 1), (7, 2), (9, 2**31), (11, 2), (12, 2), (12, 2**17)],
)
def test_tables_that_do_not_fit_are_refused(word: int, value: int) -> None:
    content = bytearray(PACKED)
    content[4 * word : 4 * word + 4] = value.to_bytes(4, "little")
    with pytest.raises((ValueError, struct.error)):
        unpack_tables(memoryview(content), [A, NOTES])
