import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from pairwright.index.manifest import Manifest
from pairwright.syntax.extraction import packed_outline_of
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.packing import PackedOutline
from pairwright.workspace.documents import DiskFact, digest_text
from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath


@dataclass(frozen=True)
class Outlined:
    digest: str
    packed: PackedOutline | None


A, NOTES, BIG, NEW = map(WorkspacePath, ("pkg/a.py", "é/notes.unknown", "big.py", "new.py"))
TEXT = "def f():\n    return 1\n"


def fact(path: WorkspacePath, text: str | None, problem: str = "") -> DiskFact:
    stat = FileStat(path, 2**40, -5, 2**63 + 1, problem)
    digest = digest_text(text) if text is not None else None
    return DiskFact(path, stat, digest, "utf-16-le", problem)


FACTS = {A: fact(A, TEXT), NOTES: fact(NOTES, "x"), BIG: fact(BIG, None, "'big.py' is too large…")}
FILES = {
    A: Outlined(digest_text(TEXT), packed_outline_of(PYTHON, TEXT)),
    NOTES: Outlined(digest_text("x"), None),
}


def saved(tmp_path: Path) -> Manifest:
    manifest = Manifest(tmp_path / "state" / "manifest")
    manifest.save(FACTS, FILES)
    return manifest


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    loaded = saved(tmp_path).load()
    assert {path: known for path, (known, _) in loaded.items()} == FACTS
    packed = loaded[A][1]
    assert packed is not None
    assert packed.content == packed_outline_of(PYTHON, TEXT).content
    assert loaded[NOTES][1] is None
    assert loaded[BIG][1] is None


def test_a_workspace_without_files_is_loaded_too(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "manifest")
    manifest.save({}, {})
    assert manifest.load() == {}
    assert [path.name for path in tmp_path.iterdir()] == ["manifest"]


def test_where_nothing_was_saved_nothing_is_known(tmp_path: Path) -> None:
    assert Manifest(tmp_path / "manifest").load() == {}


def test_a_file_whose_outline_is_missing_or_of_another_text_is_left_out(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "manifest")
    facts = {A: fact(A, TEXT), NEW: fact(NEW, "x = 1")}
    manifest.save(facts, {A: Outlined(digest_text("other"), FILES[A].packed)})
    assert manifest.load() == {}


@pytest.mark.parametrize("position", [0, 2, 5, 9, 20, 60, -1])
def test_a_changed_byte_makes_it_count_as_none(tmp_path: Path, position: int) -> None:
    manifest = saved(tmp_path)
    path = tmp_path / "state" / "manifest"
    content = bytearray(path.read_bytes())
    content[position] ^= 0x10
    path.write_bytes(content)
    assert manifest.load() == {}


@pytest.mark.parametrize("length", [0, 3, 8, 15, 100])
def test_a_torn_file_counts_as_none(tmp_path: Path, length: int) -> None:
    manifest = saved(tmp_path)
    path = tmp_path / "state" / "manifest"
    path.write_bytes(path.read_bytes()[:length])
    assert manifest.load() == {}


@pytest.mark.parametrize("body", [b"", b"\1\0\0\0", b"\0\0\0\0\xff\0\0\0", b"\xff" * 40])
def test_a_foreign_file_with_a_right_checksum_counts_as_none(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "manifest"
    path.write_bytes(b"PWM1" + zlib.crc32(body).to_bytes(4, "little") + body)
    assert Manifest(path).load() == {}


def test_outlines_that_would_be_others_now_are_left_out(tmp_path: Path) -> None:
    manifest, path = saved(tmp_path), tmp_path / "state" / "manifest"
    content_before = path.read_bytes()
    name = PYTHON.name.encode()
    at = content_before.index(name) - 20
    body = bytearray(content_before[8:])
    body[at - 8] ^= 1
    path.write_bytes(b"PWM1" + zlib.crc32(body).to_bytes(4, "little") + body)
    assert set(manifest.load()) == {NOTES, BIG}


def test_a_place_that_cannot_be_written_is_no_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Manifest(tmp_path / "file" / "manifest").save(FACTS, FILES)
    (tmp_path / "manifest").mkdir()
    (tmp_path / "manifest" / "inner").write_text("")
    Manifest(tmp_path / "manifest").save(FACTS, FILES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "manifest"]
    assert Manifest(tmp_path / "manifest").load() == {}
