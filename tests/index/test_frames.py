import struct

import pytest

from pairwright.index.frames import PARSED, pack_reading, unpack_reading
from pairwright.workspace.documents import DiskFact
from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath

FACTS = (
    DiskFact(WorkspacePath("a.py"), FileStat(WorkspacePath("a.py"), 5, 7, 9), "0f" * 16),
    DiskFact(WorkspacePath("gone"), None, None),
    DiskFact(WorkspacePath("b.py"), FileStat(WorkspacePath("b.py"), 1, 2, 3), None, "utf-8", "ü?"),
)


def packed(fact: DiskFact) -> bytes:
    return pack_reading(
        fact, origin=PARSED, language=b"python", fingerprint=b"f" * 16, packed=b"outline"
    )


def test_readings_in_one_frame_are_told_apart() -> None:
    body, at = b"".join(map(packed, FACTS)), 0
    for fact in FACTS:
        reading, at = unpack_reading(fact.path, body, at)
        assert reading == (fact, PARSED, "python", b"f" * 16, b"outline")
    assert at == len(body)


def test_a_reading_that_is_cut_off_is_refused() -> None:
    body = packed(FACTS[0])
    for cut in (0, 10, len(body) - 1 - len(b"outline") - 20):
        with pytest.raises(struct.error):
            unpack_reading(FACTS[0].path, body[:cut], 0)
