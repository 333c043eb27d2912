"""How is a suite run? Each task in a workspace of its own, by the real engine, gate and ledger.

What a strategy proposes is kept as a whole, then the task's hidden files are laid over the
workspace, and its judge says whether the task is resolved. Models are opened once and serve every
run; nothing else is shared.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from pathlib import Path

from pairwright import __version__
from pairwright.bench.strategies.lending import lending
from pairwright.bench.strategies.results import Ending, Result, TierUse, append_result
from pairwright.bench.strategies.tasks import BenchTask
from pairwright.checks.commands import CommandRun, Reach, clean_environment, run_program
from pairwright.engine.engine import Engine
from pairwright.engine.models.roles import ModelSource
from pairwright.engine.session import Session
from pairwright.errors import BudgetExceeded, PairwrightError
from pairwright.ledger.store import LedgerStore
from pairwright.llm.choices import ModelChoice
from pairwright.llm.model import Tier
from pairwright.protocol import cost_messages, messages
from pairwright.settings import BudgetSettings, CheckSettings, IndexSettings, Settings

_NO_CAP_USD = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Run:
    """One strategy on one task, once."""

    task: BenchTask
    strategy: str
    repeat: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a suite is."""

    done: int
    total: int
    result: Result
    """Of the run that ended."""
    seconds_left: float
    """By the mean of the runs so far."""


def runs_of(tasks: Iterable[BenchTask], strategies: Sequence[str], repeats: int) -> Iterator[Run]:
    """Give the runs in the order in which they are made: all strategies on one task, then the next.

    So results can be compared long before all of them are there.
    """
    for repeat, task, strategy in product(range(1, repeats + 1), tasks, strategies):
        yield Run(task, strategy, repeat)


async def run_all(
    runs: Iterable[Run],
    models: ModelSource,
    *,
    pair: ModelChoice,
    file: Path,
    known: Iterable[Result],
    on_progress: Callable[[Progress], None],
) -> None:
    """Make the runs that are not known yet, and append each result to the file at once.

    A run that ended in an error is made again.
    """
    done = {result.key for result in known if result.ending != "error"}
    waiting = [run for run in runs if _key(run, pair) not in done]
    started = time.monotonic()
    async with lending(models) as source:
        for number, run in enumerate(waiting, start=1):
            result = await make_run(run, source, pair)
            append_result(file, result)
            mean = (time.monotonic() - started) / number
            left = mean * (len(waiting) - number)
            on_progress(Progress(number, len(waiting), result, left))


async def make_run(run: Run, models: ModelSource, pair: ModelChoice) -> Result:
    """Make one run; whatever goes wrong in it is in its result."""
    task = run.task
    blank = Result(
        task=task.name,
        task_digest=task.digest,
        kind=task.kind,
        language=task.language,
        strategy=run.strategy,
        strong=pair.strong,
        weak=pair.weak,
        repeat=run.repeat,
        ending="error",
        message="",
        seconds=0.0,
        is_sound=None,
        version=__version__,
    )
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pairwright-bench-", ignore_cleanup_errors=True) as new:
        try:
            result = await _in_folder(blank, task, models, Path(new))
        except (PairwrightError, OSError) as error:
            result = replace(blank, message=_one_line(str(error)))
    return replace(result, seconds=round(time.monotonic() - started, 2))


async def _in_folder(result: Result, task: BenchTask, models: ModelSource, folder: Path) -> Result:
    workspace = folder / task.name
    task.copy_workspace(workspace)
    engine = await Engine.open(
        workspace,
        _settings(task, result.strategy),
        state_dir=folder / "state",
        env=os.environ,
        models=models,
    )
    try:
        session = engine.open_session("bench")
        result = await _propose(result, task, session)
        result = _with_cost(result, session)
    finally:
        await engine.close()
    result = _with_answers(result, folder / "state" / "ledger.sqlite3")
    if result.ending != "unresolved" or result.is_sound is None:
        return result
    return await _judged(result, task, workspace)


async def _propose(result: Result, task: BenchTask, session: Session) -> Result:
    """Let the strategy work, and keep all that it proposes."""
    checks: dict[str, str] = {}
    proposed: set[str] = set()

    async def hear(event: messages.TaskEvent) -> None:
        if isinstance(event, messages.ChangeReady):
            proposed.update(hunk.path for hunk in event.hunks)
            proposed.update(hunk.new_path for hunk in event.hunks if hunk.new_path)
            checks.update({check.name: check.outcome for check in event.verdict.checks})

    first, last = task.lines or (None, None)
    params = messages.RunParams(
        instruction=task.instruction,
        file=task.file,
        first_line=None if first is None else first - 1,
        last_line=None if last is None else last - 1,
    )
    try:
        outcome = await session.run_task(params, hear)
        if outcome.state == "review":
            # The workspace is a copy that goes away: its build files need nobody's yes.
            kept = messages.AcceptParams(
                task_id=outcome.task_id, approved_paths=tuple(sorted(proposed))
            )
            await session.accept(kept)
    except BudgetExceeded as error:
        return replace(result, ending="unresolved", message=_one_line(str(error)))
    except PairwrightError as error:
        return replace(result, message=_one_line(str(error)))
    return replace(
        result,
        ending="unresolved",
        message=_one_line(outcome.message),
        is_sound=outcome.is_sound if outcome.state == "review" else None,
        checks=checks,
    )


async def _judged(result: Result, task: BenchTask, workspace: Path) -> Result:
    try:
        task.lay_hidden(workspace)
    except OSError as error:
        # What was proposed stands in the way, such as a file where the tests' folder goes.
        return replace(result, message=_one_line(str(error)))
    is_resolved = await judge(task, workspace)
    ending: Ending = "resolved" if is_resolved else "unresolved"
    return replace(result, ending=ending)


async def judge(task: BenchTask, workspace: Path) -> bool:
    """Tell whether the judge is content with a workspace in which the hidden files lie.

    Raises:
        UserError: its command cannot be run.
    """
    ran = await run_in(workspace, task.judge_command, task.timeout_s)
    return ran.exit_code == 0


async def run_in(
    workspace: Path,
    command: Sequence[str],
    timeout_s: float,
    *,
    read_only: tuple[Path, ...] = (),
) -> CommandRun:
    """Run a task's command in a workspace, without the network.

    Args:
        read_only: directories that the command cannot write, where the platform can.

    Raises:
        UserError: there is no such program.
    """
    return await run_program(
        command,
        workspace,
        timeout_s,
        environment=clean_environment(os.environ, {"PYTHONPATH": str(workspace)}),
        reach=Reach(is_offline=True, read_only=read_only),
    )


def _settings(task: BenchTask, strategy: str) -> Settings:
    return Settings(
        strategy=strategy,
        budget=BudgetSettings(task_usd=_NO_CAP_USD, day_usd=_NO_CAP_USD, allow_unpriced=True),
        checks=CheckSettings(test_command=task.test_command, test_timeout_s=task.timeout_s),
        index=IndexSettings(workers=1),
    )


def _key(run: Run, pair: ModelChoice) -> tuple[str, ...]:
    task = run.task
    return (task.name, task.digest, run.strategy, pair.strong, pair.weak, str(run.repeat))


def _with_cost(result: Result, session: Session) -> Result:
    """Add what the ledger says of the run."""
    report = session.costs(cost_messages.CostParams(by="role"))
    use = {
        row.key: TierUse(
            calls=row.calls,
            input_tokens=row.input_tokens,
            cached_tokens=row.cached_tokens,
            output_tokens=row.output_tokens,
        )
        for row in report.rows
    }
    recorded = None if report.total.unpriced_calls else str(report.total.cost_usd)
    return replace(result, use=use, recorded_usd=recorded)


def _with_answers(result: Result, ledger: Path) -> Result:
    """Add how long each tier was asked, and how its model's edits were written.

    A model in both roles counts as both.
    """
    store = LedgerStore(ledger)
    try:
        entries = store.entries()
        names = {Tier.STRONG: result.strong, Tier.WEAK: result.weak}
        counts = {tier: store.format_counts(name) for tier, name in names.items()}
    finally:
        store.close()
    use = {
        tier: replace(
            used,
            duration_ms=sum(entry.duration_ms or 0 for entry in entries if entry.tier == tier),
            answers=sum(count.answers for count in counts[Tier(tier)]),
            well_formed=sum(count.well_formed for count in counts[Tier(tier)]),
            applied=sum(count.applied for count in counts[Tier(tier)]),
        )
        for tier, used in result.use.items()
    }
    return replace(result, use=use)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
