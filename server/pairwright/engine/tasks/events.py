"""How does what a strategy says become what a client hears?"""

from collections.abc import Iterable
from typing import Literal

from pairwright.checks.verdict import TestRun, Verdict
from pairwright.disclosure.redaction import PROCESS_REDACTOR
from pairwright.editing.change import FileEditKind
from pairwright.engine.plans.views import to_plan_steps
from pairwright.llm.model import Progress, Tier
from pairwright.planning.plan import Step
from pairwright.protocol import messages
from pairwright.protocol.plan_messages import PlanReady
from pairwright.protocol.rung_messages import RungEnded
from pairwright.strategies import base
from pairwright.text.diff import DiffKind, FileDiff, Hunk, diff_texts, to_unified
from pairwright.workspace.paths import WorkspacePath

_MOST_AFFECTED_SHOWN = 20
_DIFF_KINDS = {
    FileEditKind.MODIFY: DiffKind.MODIFY,
    FileEditKind.RENAME: DiffKind.MODIFY,
    FileEditKind.CREATE: DiffKind.CREATE,
    FileEditKind.DELETE: DiffKind.DELETE,
}


def to_task_events(
    event: base.StrategyEvent, models: dict[Tier, str], plan_id: str | None = None
) -> Iterable[messages.TaskEvent]:
    """Return the events that a client hears; an edit becomes one event a hunk.

    `plan_id` is that of the plan, if the event is that a kept plan is followed.
    """
    match event:
        case base.StrategyChosen(strategy, reason):
            yield messages.StrategyChosen(strategy=strategy, reason=reason)
        case base.StepStarted(step, tier, attempt):
            yield messages.StepStarted(
                step=step, tier=tier.value, model=models[tier], attempt=attempt
            )
        case base.PlanDelta(text):
            yield messages.PlanDelta(text=text)
        case base.PlanReady(plan):
            yield PlanReady(goal=plan.goal, steps=to_plan_steps(plan), plan_id=plan_id)
        case base.EditProposed():
            yield from _hunks_ready(event)
        case base.EditRejected(attempt, path, reason):
            yield messages.EditRejected(attempt=attempt, path=path, reason=reason)
        case base.Checked(attempt, verdict):
            if verdict.test_run is not None:
                yield to_tests_run("after", verdict.test_run)
            yield messages.Checked(attempt=attempt, verdict=to_verdict_view(verdict))
        case base.ProgressKept(attempt, still_failing, context):
            yield messages.ProgressKept(
                attempt=attempt, still_failing=still_failing, shown_files=to_shown_files(context)
            )
        case base.Escalated(rung, reason):
            yield messages.Escalated(rung=rung, reason=reason)
        case base.RungEnded(rung, outcome, attempts, reason):
            yield RungEnded(rung=rung, outcome=outcome, attempts=attempts, reason=reason)


def to_shown_files(context: Iterable[base.ContextFile]) -> tuple[str, ...]:
    """Return what the models see, each file with its reason."""
    return tuple(f"{file.path} ({file.reason})" for file in context)


def to_progress(progress: Progress) -> messages.ProgressMade:
    """Return a long step's progress."""
    return messages.ProgressMade(
        step=progress.step, done=progress.done, total=progress.total, unit=progress.unit
    )


def to_tests_run(when: Literal["before", "after"], run: TestRun) -> messages.TestsRun:
    """Return a test run, before the change or on an attempt."""
    return messages.TestsRun(
        when=when,
        is_green=run.is_green,
        ran=run.ran,
        failing=run.failing,
        duration_ms=run.duration_ms,
        # It is copied into reports and shown to assistants; nobody needs a key to read it.
        output=PROCESS_REDACTOR.redact(run.output),
    )


def to_verdict_view(verdict: Verdict) -> messages.VerdictView:
    """Return a verdict, every check said."""

    return messages.VerdictView(
        is_sound=verdict.is_sound,
        checks=tuple(
            messages.CheckView(name=name, outcome=check.outcome.value, detail=check.detail)
            for name, check in verdict.checks
        ),
        badge=verdict.badge,
        needs_approval=verdict.needs_approval,
        may_break=tuple(
            messages.AffectedView(
                path=place.path, line=place.line, symbol=place.symbol, reason=place.reason
            )
            for place in verdict.may_break[:_MOST_AFFECTED_SHOWN]
        ),
        notes=verdict.notes,
    )


def to_follow_up(step: Step) -> messages.FollowUp:
    """Return a step that a change asks for elsewhere."""
    return messages.FollowUp(intent=step.intent, files=step.files, symbols=step.symbols)


def to_hunk_view(
    hunk_id: str, path: WorkspacePath, kind: DiffKind, hunk: Hunk, old_text: str
) -> messages.HunkView:
    """Return one hunk with its unified diff, so that a client needs no diff of its own."""
    return messages.HunkView(
        hunk_id=hunk_id,
        path=path,
        old_start=hunk.old_start,
        old_lines=hunk.old_lines,
        new_start=hunk.new_start,
        new_lines=hunk.new_lines,
        unified=to_unified(FileDiff(path, kind, (hunk,)), old_text),
    )


def _hunks_ready(event: base.EditProposed) -> Iterable[messages.HunkReady]:
    kind = _DIFF_KINDS[event.kind]
    for hunk in diff_texts(event.old_text, event.new_text):
        # Blocks of one attempt do not overlap, so the place tells their hunks apart.
        hunk_id = f"a{event.attempt}:{event.path}:{hunk.old_start + 1}"
        view = to_hunk_view(hunk_id, event.path, kind, hunk, event.old_text)
        yield messages.HunkReady(attempt=event.attempt, hunk=view)
