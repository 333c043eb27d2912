from pathlib import Path

import pytest

from pairwright.bench.commits import LineSpan
from pairwright.bench.retrieval_bench import (
    changed_symbols,
    half_width,
    measure,
    outcome,
    report,
)
from pairwright.errors import UserError
from pairwright.index.builder import indexed_file
from pairwright.workspace.paths import parse_path
from tests.bench.repositories import TestRepository

TEXT = """\
import os

class A:
    x = 1

    def f(self):
        return 1

    def g(self):
        return 2
"""


def touched(*spans: LineSpan) -> set[str]:
    packed = indexed_file(parse_path("a.py"), TEXT).packed
    assert packed is not None
    names, column = packed.names, packed.symbol_column("name")
    return {names[column[row]] for row in changed_symbols(packed, TEXT, spans)}


@pytest.mark.parametrize(
    ("span", "names"),
    [
        (LineSpan(6, 1), {"f"}),
        (LineSpan(5, 5), {"f", "g"}),
        (LineSpan(0, 1), set()),
        (LineSpan(2, 1), {"A"}),
        (LineSpan(6, 0), {"f"}),
        (LineSpan(8, 0), {"A"}),
        (LineSpan(2, 0), set()),
        (LineSpan(10, 0), set()),
        (LineSpan(0, 10), {"x", "f", "g"}),
    ],
)
def test_a_change_touches_the_innermost_definitions_around_it(
    span: LineSpan, names: set[str]
) -> None:
    assert touched(span) == names


def test_a_ranking_is_scored_by_where_the_answer_is() -> None:
    found = outcome(["x", "a", "y", "b", "z", "w", "c"], frozenset("abc"))
    assert found.recall == (0.0, 2 / 3, 1.0)
    assert found.found == (0.0, 1.0, 1.0)
    assert found.reciprocal_rank == 0.5
    assert outcome([], frozenset("a")).reciprocal_rank == 0.0


def test_the_interval_is_that_of_the_mean() -> None:
    assert half_width([1.0] * 20) == 0.0
    wide, narrow = half_width([0.0, 1.0] * 10), half_width([0.0, 1.0] * 200)
    assert 0.15 < wide < 0.3
    assert 0.03 < narrow < 0.07


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    repository = TestRepository(tmp_path / "shop")
    files = "#- cart.py\ndef add_item(): return 1\n#- mail.py\ndef send(): return 1\n"
    repository.commit("Begin with a cart and a way to send mail", files)
    files = files.replace("send(): return 1", "send(): return 2")
    repository.commit("Send mail twice as often as before", files)
    files = files.replace("item(): return 1", "item(): return 3")
    repository.commit("Items that one adds are never lost", files)
    return tmp_path


def test_real_commits_are_measured_by_every_ranking(folder: Path) -> None:
    measurement = measure([folder / "shop"], limit=5)
    assert measurement.commits == 2
    assert {len(outcomes) for outcomes in measurement.files.values()} == {2}
    ours = measurement.files["all of ours"]
    assert [each.reciprocal_rank for each in ours] == [1.0, 1.0]
    assert all(each.recall_in_budget == 1.0 and each.tokens > 0 for each in ours)
    assert [each.reciprocal_rank for each in measurement.symbols["all of ours"]] == [1.0, 1.0]
    assert "PageRank, no focus" in measurement.files


def test_repositories_that_were_tuned_on_are_reported_apart(folder: Path) -> None:
    text = report(folder, 5, ("shop",))
    assert text.startswith("## Tuned on\n\n2 commits of ")
    assert "/shop (2)." in text
    assert "## Not tuned on" in report(folder, 5, ())
    assert "| all of ours | 1.000 ± 0.000 |" in text


def test_a_folder_without_repositories_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no git repository"):
        report(tmp_path, 5, ())


def test_a_repository_without_requests_is_reported_as_empty(tmp_path: Path) -> None:
    TestRepository(tmp_path / "shop").commit("Begin with nothing at all", "#- a.md\nx\n")
    assert "no commits to measure on" in report(tmp_path, 5, ())
