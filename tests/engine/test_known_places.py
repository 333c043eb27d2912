"""Is a range that is found by what was remembered of a text the one that the text itself says?"""

import pytest

from pairwright.engine.questions.places import KnownPlaces, Places
from pairwright.text.ranges import TextRange
from pairwright.workspace.documents import look_up
from pairwright.workspace.files import MemoryFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath

A = WorkspacePath("a.py")
TEXTS = ["", "x", "one\ntwo\n\nthree", "\n\n", "last\n", "é = 1\nbé = 2\n", "a\r\nb\rc\n"]


def places_of(files: MemoryFileSystem, known: KnownPlaces) -> Places:
    host = WorkspaceHost(files)
    host.learn(look_up(files, path)[0] for path in files.files)
    return Places(host.snapshot, files, known)


@pytest.mark.parametrize("text", TEXTS)
def test_every_range_is_found_as_in_the_text_itself(text: str) -> None:
    files = MemoryFileSystem({"a.py": text})
    known = KnownPlaces()
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            text_range = TextRange(start, end)
            read_anew = places_of(files, KnownPlaces()).lines(A, text_range)
            assert places_of(files, known).lines(A, text_range) == read_anew, text_range
