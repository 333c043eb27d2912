"""Notes on disk."""

import os
from pathlib import Path

import pytest

from pairwright.feedback.notes import MOST_NOTES, Notebook


def test_a_note_is_there_in_the_next_process(tmp_path: Path) -> None:
    Notebook(tmp_path / "notes").remember("repo_summary-1", "It is small: λ.\n")
    assert Notebook(tmp_path / "notes").recall("repo_summary-1") == "It is small: λ.\n"


def test_a_later_text_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.remember("a", "one")
    notebook.remember("a", "two")
    assert notebook.recall("a") == "two"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_not_there_or_damaged_is_made_anew(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    assert notebook.recall("a") is None
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe")
    assert notebook.recall("a") is None


def test_only_the_latest_notes_stay(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    for number in range(MOST_NOTES + 5):
        notebook.remember(f"n{number}", "text")
    assert len(list(tmp_path.iterdir())) == MOST_NOTES
    assert notebook.recall(f"n{MOST_NOTES + 4}") == "text"


def test_a_folder_that_cannot_be_written_costs_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    Notebook(tmp_path / "file").remember("a", "text")
    assert "could not keep the note a" in caplog.text


@pytest.mark.parametrize("key", ["", "../a", "A", "a/b", "a" * 101])
def test_a_key_cannot_lead_elsewhere(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="is no key of a note"):
        Notebook(tmp_path).recall(key)


def test_what_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    Notebook(tmp_path).remember("a", "text")
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_half_a_character_does_not_keep_a_note_from_being_kept(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.remember("a", "half \ud83d")
    assert notebook.recall("a") == "half ?"


def test_texts_are_listed_by_age_and_bounded_by_their_owner(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path / "notes", most=2)
    assert notebook.keys() == ()
    for place, key in enumerate(("a", "b", "c")):
        notebook.keep(key, key)
        os.utime(tmp_path / "notes" / f"{key}.txt", (place, place))
    (tmp_path / "notes" / "left.new").write_text("")
    os.utime(tmp_path / "notes" / "left.new", (0, 0))
    assert notebook.keys() == ("b", "c")


def test_what_must_not_be_lost_tells_when_it_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Notebook(tmp_path / "file").keep("a", "text")
