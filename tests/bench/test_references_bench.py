from pathlib import Path

import pytest

from pairwright.bench.references_bench import Measurement, MissingOracle, Score, measure


def test_precision_and_recall_are_of_places_over_all_definitions() -> None:
    score = Score()
    score.add({("a.py", 1), ("a.py", 2)}, {("a.py", 1)})
    score.add(set(), {("a.py", 3), ("b.py", 1)})
    assert (score.precision, score.recall) == (1 / 2, 1 / 3)


def test_places_in_strings_are_left_out_of_the_recall_in_code() -> None:
    score = Score()
    quoted = ("a.py", 2)
    score.add({("a.py", 1)}, {("a.py", 1), quoted, ("a.py", 3)}, frozenset({quoted}))
    assert (score.recall, score.recall_in_code) == (1 / 3, 1 / 2)


def test_nothing_found_where_nothing_was_to_be_found_is_no_division_by_zero() -> None:
    assert (Score().precision, Score().recall) == (0.0, 0.0)


def test_the_table_has_a_row_for_each_kind_and_floor() -> None:
    measurement = Measurement()
    measurement.definitions["function"] = 1
    measurement.scores["function", "EXACT"].add({("a.py", 1)}, {("a.py", 1)})
    rows = measurement.table().splitlines()
    assert "| function | 1 | EXACT | 1.000 | 1.000 | 1.000 | 1 |" in rows
    assert [row.split(" | ")[2] for row in rows if row.startswith("| function")] == [
        "the name alone",
        "EXACT",
        "EXACT + LIKELY",
        "all",
    ]


async def test_without_the_type_checker_the_message_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(MissingOracle, match="basedpyright"):
        await measure(tmp_path)
