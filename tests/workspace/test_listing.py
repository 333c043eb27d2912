"""Does another process see the files that this one would?"""

from pathlib import Path

import pytest

from pairwright.workspace import listing as listing_module
from pairwright.workspace.files import DiskFileSystem
from pairwright.workspace.listing import Listing
from tests.support.workspaces import parse_workspace

TREE = """\
#- a.py
1
#- d/b.py
2
#- .gitignore
*.log
#- d/c.log
ignored
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in parse_workspace(TREE).files.items():
        place = tmp_path / path
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
    return tmp_path


def listed_from(root: Path) -> object:
    listing = Listing(root)
    try:
        return listing.files()
    finally:
        listing.close()


def test_it_lists_what_the_file_system_lists(root: Path) -> None:
    (root / "link.py").symlink_to("a.py")
    expected = {stat.path: stat for stat in DiskFileSystem(root).list_files()}
    assert set(expected) == {"a.py", "d/b.py", ".gitignore", "link.py"}
    assert listed_from(root) == expected


def test_what_cannot_be_listed_is_none(tmp_path: Path) -> None:
    assert listed_from(tmp_path / "nowhere") is None


def test_one_that_was_closed_lists_nothing(root: Path) -> None:
    listing = Listing(root)
    listing.close()
    listing.close()
    assert listing.files() is None


def test_one_that_takes_too_long_is_not_waited_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_module, "MOST_WAIT_S", 0.0)
    assert listed_from(root) is None
