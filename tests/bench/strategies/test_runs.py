"""Runs of a suite by the real engine and gate; only the models are scripted."""

import asyncio
from pathlib import Path

import pytest

from pairwright.bench.strategies.results import Result, read_results
from pairwright.bench.strategies.runs import Progress, judge, run_all, runs_of
from pairwright.bench.strategies.tasks import BenchTask, read_suite
from pairwright.llm.choices import ModelChoice
from pairwright.llm.scripted_provider import Reply, ScriptedReply
from tests.bench.strategies.benches import OVERFITTED, RIGHT, write_task
from tests.support.engines import USAGE, ScriptedModels, scripted_model

PAIR = ModelChoice("scripted/strong", "scripted/weak", "the test says so", frozenset())


class Bench:
    """A suite of one task, and a file of results."""

    def __init__(self, folder: Path) -> None:
        write_task(folder / "suite")
        self.file = folder / "results.jsonl"
        self.told: list[Progress] = []

    @property
    def tasks(self) -> tuple[BenchTask, ...]:
        return read_suite(self.file.parent / "suite")

    def run(self, *replies: ScriptedReply, repeats: int = 1) -> tuple[Result, ...]:
        models = ScriptedModels(scripted_model("strong"), scripted_model("weak", replies))
        known = read_results(self.file) if self.file.exists() else ()
        asyncio.run(
            run_all(
                runs_of(self.tasks, ["weak"], repeats),
                models,
                pair=PAIR,
                file=self.file,
                known=known,
                on_progress=self.told.append,
            )
        )
        assert len(models.opened) <= 2, "each model is opened once"
        return read_results(self.file)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_run_that_passes_the_hidden_tests_is_resolved(bench: Bench) -> None:
    (result,) = bench.run(Reply(RIGHT, usage=USAGE, delay_s=0.002))
    assert (result.ending, result.is_sound, result.checks["tests"]) == ("resolved", True, "passed")
    use = result.use["weak"]
    assert (use.calls, use.answers, use.well_formed, use.applied) == (1, 1, 1, 1)
    assert 0 < use.duration_ms < result.seconds * 1000
    assert result.recorded_usd == "0.0012"
    assert result.seconds > 0


def test_what_only_passes_the_visible_tests_is_not_resolved(bench: Bench) -> None:
    (result,) = bench.run(OVERFITTED)
    assert (result.ending, result.is_sound) == ("unresolved", True)


def test_a_run_without_a_proposal_is_not_resolved(bench: Bench) -> None:
    (result,) = bench.run(*["I do not know.\n### END 0\n"] * 10)
    assert (result.ending, result.is_sound) == ("unresolved", None)
    assert "no attempt gave a change" in result.message


def test_an_error_is_told_and_the_run_is_made_again(bench: Bench) -> None:
    (failed,) = bench.run()
    assert failed.ending == "error"
    assert failed.message
    (result,) = bench.run(RIGHT)
    assert result.ending == "resolved"


def test_runs_that_were_made_are_not_made_again(bench: Bench) -> None:
    bench.run(RIGHT)
    results = bench.run(RIGHT, repeats=2)
    assert [result.repeat for result in results] == [1, 2]
    assert [(told.done, told.total) for told in bench.told] == [(1, 1), (1, 1)]


def test_the_solution_satisfies_the_judge_and_the_task_as_it_is_does_not(
    bench: Bench, tmp_path: Path
) -> None:
    (task,) = bench.tasks
    task.copy_workspace(tmp_path / "work")
    task.lay_hidden(tmp_path / "work")
    assert not asyncio.run(judge(task, tmp_path / "work"))
    task.lay_solution(tmp_path / "work")
    assert asyncio.run(judge(task, tmp_path / "work"))


BUILD = """\
### FILE pyproject.toml
<<<<<<< WHOLE
[project]
name = "shop"
>>>>>>> WHOLE
### END 2
"""


def test_a_file_that_needs_a_yes_is_kept_as_well(bench: Bench) -> None:
    task = bench.file.parent / "suite" / "total" / "task.toml"
    task.write_text(task.read_text().replace("count it too.", "count it; add pyproject.toml."))
    (result,) = bench.run(RIGHT.replace("### END 1\n", BUILD))
    assert (result.ending, result.message) == (
        "resolved",
        "the gate found nothing wrong, and the tests pass",
    )


def test_a_judge_that_cannot_be_run_ends_only_its_run(bench: Bench) -> None:
    write_task(bench.file.parent / "suite", judge_command='["no-such-program"]')
    write_task(bench.file.parent / "suite", name="zzz")
    failed, resolved = bench.run(RIGHT, RIGHT)
    assert (failed.ending, resolved.ending) == ("error", "resolved")
    assert "no-such-program" in failed.message


def test_what_stands_in_the_way_of_the_hidden_files_is_not_resolved(bench: Bench) -> None:
    hidden = bench.file.parent / "suite" / "total" / "hidden" / "shop.py"
    hidden.mkdir()
    (hidden / "x.py").write_text("")
    (result,) = bench.run(RIGHT)
    assert result.ending == "unresolved"
