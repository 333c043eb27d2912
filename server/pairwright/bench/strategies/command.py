"""What do `bench run` and `bench report` do? Arguments in, tables and charts out."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pairwright.bench.strategies.chart import draw_plane
from pairwright.bench.strategies.frontier import wilson_interval
from pairwright.bench.strategies.published import TASKS, PublishedPair, published_pairs
from pairwright.bench.strategies.report import (
    SuiteResults,
    gather,
    published_text,
    report_text,
)
from pairwright.bench.strategies.results import Prices, Result, parse_prices, read_results
from pairwright.bench.strategies.runs import Progress, run_all, runs_of
from pairwright.bench.strategies.tasks import BenchTask, read_suite
from pairwright.engine.models.roles import ConfiguredModels
from pairwright.errors import PairwrightError, UserError
from pairwright.settings import EndpointSettings, ModelSettings
from pairwright.strategies.registry import strategy_named

OWN_SUITE = Path(__file__).parent / "suite"
"""The tasks that come with the package."""


def main(args: argparse.Namespace) -> int:
    """Run one of the commands; return its exit code."""
    command: Callable[[argparse.Namespace], None] = {"run": _run, "report": _report}[args.subject]
    try:
        command(args)
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        _say("interrupted: the runs that ended are kept, go on with --resume")
        return 130
    return 0


def _run(args: argparse.Namespace) -> None:
    tasks = _judgeable(read_suite(args.suite or OWN_SUITE), args.tasks)
    # Hours may pass before they are used.
    _prices(args)
    for name in args.strategies:
        strategy_named(name)
    file: Path = args.results
    known: Sequence[Result] = ()
    if file.exists() and not args.is_resumed:
        raise UserError(f"{str(file)!r} exists: go on with --resume, or name another --results")
    if file.exists():
        known = read_results(file)
    own = {"openai": EndpointSettings(api_base=args.api_base)} if args.api_base else {}
    settings = ModelSettings(
        strong=args.strong, weak=args.weak, endpoints=own, timeout_s=args.timeout
    )
    asyncio.run(_make_runs(args, tasks, ConfiguredModels(settings, os.environ), known))
    _print_report(read_results(file), args)


async def _make_runs(
    args: argparse.Namespace,
    tasks: Sequence[BenchTask],
    models: ConfiguredModels,
    known: Sequence[Result],
) -> None:
    pair = await models.choose(None, None)
    _say(f"strong {pair.strong}, weak {pair.weak} ({pair.reason})")
    await run_all(
        runs_of(tasks, tuple(dict.fromkeys(args.strategies)), args.repeat),
        models,
        pair=pair,
        file=args.results,
        known=known,
        on_progress=_tell,
    )


def _report(args: argparse.Namespace) -> None:
    if not args.is_published:
        if args.results is None:
            raise UserError("name a file of results, or ask for --published")
        _print_report(read_results(args.results), args)
        return
    for pair in published_pairs():
        sys.stdout.write(f"{published_text(pair)}\n")
        if args.chart is not None:
            _draw_published(pair, args.chart)


def _draw_published(pair: PublishedPair, chart: Path) -> None:
    drawn = draw_plane(
        pair.outcomes,
        chart.with_name(f"{chart.stem}-{pair.strong}-{pair.weak}.svg"),
        title=f"{pair.strong} and {pair.weak}, as published",
        unit=f"USD for {TASKS} tasks",
    )
    _say_drawn(drawn)


def _print_report(results: Iterable[Result], args: argparse.Namespace) -> None:
    suites = gather(results, _prices(args))
    for suite in suites:
        sys.stdout.write(f"{report_text(suite)}\n")
        if args.chart is not None:
            _draw_suite(suite, args.chart, is_only=len(suites) == 1)


def _prices(args: argparse.Namespace) -> Prices:
    return parse_prices(args.prices) if args.prices else {}


def _draw_suite(suite: SuiteResults, chart: Path, *, is_only: bool) -> None:
    pair = f"{suite.strong}-{suite.weak}".replace("/", "-")
    tasks = suite.strategies[0].tasks if suite.strategies else 0
    drawn = draw_plane(
        [each.outcome for each in suite.strategies],
        chart if is_only else chart.with_name(f"{chart.stem}-{pair}.svg"),
        title=f"{suite.strong} and {suite.weak}",
        unit=f"USD for {tasks} tasks",
        intervals=[wilson_interval(each.resolved, each.runs) for each in suite.strategies],
    )
    _say_drawn(drawn)


def _judgeable(tasks: Iterable[BenchTask], names: Sequence[str]) -> list[BenchTask]:
    """Return the tasks that are asked for and can be judged here; tell of the others."""
    by_name = {task.name: task for task in tasks}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise UserError(f"the suite has no task {unknown[0]!r}")
    chosen = []
    for task in map(by_name.__getitem__, names or by_name):
        if task.missing:
            _say(f"{task.name} is left out: {', '.join(task.missing)} is not installed")
        else:
            chosen.append(task)
    return chosen


def _tell(progress: Progress) -> None:
    result = progress.result
    left = f", about {_duration(progress.seconds_left)} left" if progress.seconds_left else ""
    said = f": {result.message}" if result.ending == "error" else ""
    _say(
        f"[{progress.done}/{progress.total}] {result.task} {result.strategy} {result.ending}{said} "
        f"({result.seconds:.0f} s{left})"
    )


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _say_drawn(files: Iterable[Path]) -> None:
    _say(f"drawn: {', '.join(map(str, files))}")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
