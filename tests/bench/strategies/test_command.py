"""`bench run` and `bench report`, as they are typed."""

from pathlib import Path

import pytest

from pairwright.bench.strategies.results import append_result
from pairwright.cli import main
from tests.bench.strategies.benches import write_task
from tests.bench.strategies.test_results import PRICES, RESULT


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--prices", "strong=1"), "says no prices"),
        (("--strategies", "ladr"), "did you mean ladder"),
        (("--tasks", "nope"), "no task 'nope'"),
        (("--results", "there.jsonl"), "go on with --resume"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_runs(
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_task(tmp_path / "suite")
    (tmp_path / "there.jsonl").touch()
    monkeypatch.chdir(tmp_path)
    # A model that is nowhere: had anything run, it would be told of.
    models = ("--strong", "embedded/none", "--weak", "embedded/none")
    assert main(["bench", "run", "suite", *models, *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "results.jsonl").exists()


def test_results_are_told_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    append_result(tmp_path / "results.jsonl", RESULT)
    assert main(["bench", "report", str(tmp_path / "results.jsonl"), "--prices", PRICES]) == 0
    assert f"| {RESULT.strategy} " in capsys.readouterr().out


def test_without_results_the_way_to_a_table_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "report"]) == 2
    assert "--published" in capsys.readouterr().err


def test_the_published_table_needs_no_results(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "report", "--published"]) == 0
    assert "Strong LM First" in capsys.readouterr().out
