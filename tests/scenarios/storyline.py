"""How is an event told in one short line? Ids, durations and long reasons are left out."""

from collections.abc import Iterator

from pairwright.protocol import cost_messages, messages, plan_messages, rung_messages

_VERBS = {"plan": "plans", "edit": "edits", "repair": "repairs"}


def event_lines(event: messages.TaskEvent) -> Iterator[str]:
    """Yield the lines that tell an event; progress, deltas and running costs have none."""
    match event:
        case messages.TaskStarted():
            yield f"{event.strategy} starts, pinned to revision {event.revision}"
            yield _models_see(event.shown_files)
        case messages.StrategyChosen():
            yield f"{event.strategy} is chosen: {event.reason}"
        case messages.TestsRun():
            yield _tests_line(event)
        case messages.StepStarted():
            verb = _VERBS.get(event.step, f"does {event.step}")
            yield f"{event.tier} {verb}" + (f", attempt {event.attempt}" * (verb != "plans"))
        case plan_messages.PlanReady():
            yield f"plan: {event.goal}"
            yield from (f"  {n}. {step.intent}" for n, step in enumerate(event.steps, start=1))
        case messages.HunkReady():
            yield f"hunk {_hunk(event.hunk)}"
        case messages.EditRejected():
            yield f"rejected {event.path}: {_first_line(event.reason)}".replace(" :", ":")
        case messages.Checked():
            yield f"gate: {_verdict(event.verdict)}"
        case messages.ProgressKept():
            yield f"progress kept, {event.still_failing} still failing"
            yield _models_see(event.shown_files)
        case messages.Escalated():
            yield f"up to {event.rung}"
        case rung_messages.RungEnded():
            tried = ", ".join(map(str, event.attempts)) or "none"
            yield f"rung {event.rung}: {event.outcome} (attempts: {tried})"
        case messages.ChangeReady():
            yield f"change: {_verdict(event.verdict)}"
            yield from (f"  {hunk.hunk_id} {_hunk(hunk)}" for hunk in event.hunks)
            yield from (f"  conflict in {c.path}: {c.reason}" for c in event.conflicts)


def _models_see(shown_files: tuple[str, ...]) -> str:
    return f"models see {', '.join(file.partition(' (')[0] for file in shown_files)}"


def cost_lines(report: cost_messages.CostReport) -> Iterator[str]:
    """Yield one line a role and one for all."""
    for row in (*report.rows, report.total):
        calls = f"{row.calls} call{'s' * (row.calls != 1)}"
        unpriced = f", {row.unpriced_calls} without a price" if row.unpriced_calls else ""
        tokens = f"{row.input_tokens} in, {row.output_tokens} out"
        name = "total" if row is report.total else row.key
        yield f"{name}: {calls}, {tokens}, ${row.cost_usd.normalize():f}{unpriced}"


def _tests_line(event: messages.TestsRun) -> str:
    colour = "green" if event.is_green else "red"
    ran = "" if event.ran is None else f", {event.ran} ran"
    failing = f", failing: {', '.join(event.failing)}" if event.failing else ""
    return f"tests {event.when}: {colour}{ran}{failing}"


def _hunk(hunk: messages.HunkView) -> str:
    counts = f"-{len(hunk.old_lines)} +{len(hunk.new_lines)}"
    return f"{hunk.path} line {hunk.old_start + 1}: {counts}"


def _verdict(verdict: messages.VerdictView) -> str:
    run = [check for check in verdict.checks if check.outcome != "not_run"]
    failed = ", ".join(f"{check.name} FAILED" for check in run if check.outcome == "failed")
    passed = ", ".join(check.name for check in run if check.outcome == "passed")
    found = "; ".join(part for part in (passed, failed) if part)
    return f"{'sound' if verdict.is_sound else 'not sound'} ({found})"


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""
