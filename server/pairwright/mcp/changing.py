"""How does a change stand? One answer for all tools that make, follow or end a change."""

from mcp_types import CallToolResult, ResourceLink

from pairwright.disclosure.policy import hidden_characters
from pairwright.engine.tasks.jobs import Job
from pairwright.mcp.answers import ChangeAnswer, HunkAnswer
from pairwright.mcp.convert import to_result, usd
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.session import Session
from pairwright.mcp.waiting import step_of
from pairwright.protocol.change_messages import ChangeParams, ChangeView
from pairwright.protocol.messages import RunResult

MOST_DIFF = 8_000
"""Characters of a diff that an answer holds; a longer one is linked."""
MOST_HUNKS = 100
_MOST = 50
"""Of each other list."""


async def change_result(
    assistant: Assistant, change_id: str, *, note: str = "", with_diff: bool = False
) -> CallToolResult:
    """Return how a change stands, or what became of the task that makes it.

    Args:
        assistant: who asks.
        change_id: of the change, which is its task's.
        note: what else is to be said.
        with_diff: show the diff.

    Raises:
        UnknownTask: there is none of that id.
        PairwrightError: what the task failed with.
    """
    session = assistant.session
    job = session.job(change_id)
    if job is not None and not job.is_over:
        return _running(assistant, job)
    if job is not None and job.error is not None:
        raise job.error
    result = job.result if job is not None else None
    if result is not None and result.state == "planned":
        return _planned(assistant, change_id, result)
    view = await session.changes.change(ChangeParams(task_id=change_id))
    assistant.tell(view)
    diff = session.changes.diff(change_id)
    answer = _answer(session, view, result, job)
    if note:
        answer = answer.model_copy(update={"notes": [note, *answer.notes]})
    is_long = len(diff) > MOST_DIFF
    if with_diff and diff and not is_long:
        answer = answer.model_copy(update={"diff": diff})
    links = [_link(change_id)] if diff and (is_long or not with_diff) else []
    return to_result(session.showing, _lines(view, answer, is_long and with_diff), answer, *links)


def unseen(view: ChangeView) -> list[str]:
    """Return what undecided hunks add that nobody sees when they look at them, in words."""
    found = []
    for hunk in view.pending:
        added = "\n".join(line[1:] for line in hunk.unified.splitlines() if line.startswith("+"))
        if words := hidden_characters(added):
            found.append(f"{hunk.hunk_id} adds {words}")
    return found


def diff_uri(change_id: str) -> str:
    """Return the resource that is a change's diff."""
    return f"pairwright://change/{change_id}.diff"


def _running(assistant: Assistant, job: Job) -> CallToolResult:
    answer = ChangeAnswer(
        change_id=job.task_id,
        state="running",
        notes=list(filter(None, [step_of(job.latest)])),
        next="change_status with wait_s 50",
    )
    lines = [f"change {job.task_id}: running", *answer.notes, f"next: {answer.next}"]
    return to_result(assistant.session.showing, lines, answer)


def _planned(assistant: Assistant, change_id: str, result: RunResult) -> CallToolResult:
    answer = ChangeAnswer(
        change_id=change_id,
        state="planned",
        notes=[result.message],
        cost_usd=_cost(result),
        next=f"read pairwright://plan/{result.plan_id}, then implement_plan "
        f"with plan_id {result.plan_id}",
    )
    lines = [f"plan {result.plan_id}: {result.message}", f"next: {answer.next}"]
    return to_result(assistant.session.showing, lines, answer)


def _answer(
    session: Session, view: ChangeView, result: RunResult | None, job: Job | None
) -> ChangeAnswer:
    verdict = view.verdict
    typing = {each.hunk_id: each for each in view.in_use}
    notes = [
        f"{each.hunk_id}: the person is typing in {each.where} ({each.client})"
        for each in typing.values()
    ]
    notes += [
        f"may break {each.path}:{each.line + 1} {each.symbol}: {each.reason}"
        for each in (verdict.may_break if verdict else ())
    ]
    notes += [f"{each.path} needs the person's yes" for each in view.pending if each.needs_approval]
    notes += unseen(view)
    if len(view.hunks) > MOST_HUNKS:
        notes.insert(0, f"{len(view.hunks) - MOST_HUNKS} more hunks are not listed")
    if result is not None:
        notes.insert(0, result.message)
    follow_ups = job.ready.follow_ups if job is not None and job.ready is not None else ()
    return ChangeAnswer(
        change_id=view.task_id,
        state=view.state,
        verdict=_verdict(view),
        hunks=[
            HunkAnswer(hunk_id=each.hunk_id, path=each.path, state=each.state, remark=each.remark)
            for each in view.hunks[:MOST_HUNKS]
        ],
        conflicts=[f"{each.path}: {each.reason}" for each in view.conflicts][:_MOST],
        notes=notes[:_MOST],
        left=[each.intent for each in follow_ups][:_MOST],
        cost_usd=_cost(result),
        next=_next(session, view),
    )


def _verdict(view: ChangeView) -> str:
    if view.verdict is None:
        return "no change was made" if view.state == "failed" else "not judged"
    sound = "sound" if view.verdict.is_sound else "not sound"
    failing = [
        f"{check.name}: {check.detail}"
        for check in view.verdict.checks
        if check.outcome == "failed"
    ]
    return "; ".join((f"{sound} ({view.verdict.badge})", *failing))


def _next(session: Session, view: ChangeView) -> str:
    if view.state == "running":
        return "change_status with wait_s 50"
    if view.state == "review" and not view.pending:
        return "nothing of it fits the text now: read it anew, and propose_change again"
    if view.state == "review":
        if session.can_review():
            return "the hunks wait in the person's editor: change_status with wait_s 50"
        return f"waiting for review: the person runs `pairwright review {view.task_id}`"
    rejected = any(hunk.state == "rejected" for hunk in view.hunks)
    if rejected:
        return "mind the remarks, and propose_change again"
    if view.entry_ids:
        return "done; change_status with undo takes it back"
    return "nothing was written: plan_change or propose_change again"


def _cost(result: RunResult | None) -> str:
    if result is None:
        return ""
    known = usd(result.receipt.cost_usd)
    return f"at least {known}" if result.receipt.unpriced_calls else known


def _lines(view: ChangeView, answer: ChangeAnswer, is_linked: bool) -> list[str]:
    lines = [f"change {answer.change_id}: {answer.state}, {answer.verdict}"]
    for state in ("kept", "rejected", "pending"):
        hunks = [each for each in answer.hunks if each.state == state]
        if hunks:
            named = ", ".join(f"{each.hunk_id} {each.path}" for each in hunks[:_MOST])
            lines.append(f"{state}: {named}")
    lines += [
        f"{each.by or 'the person'} on {each.hunk_id}: {each.remark}"
        for each in view.hunks
        if each.remark
    ]
    lines += [f"conflict: {each}" for each in answer.conflicts]
    lines += [f"note: {each}" for each in answer.notes]
    lines += [f"left to do: {each}" for each in answer.left]
    if answer.cost_usd:
        lines.append(f"cost: {answer.cost_usd} USD")
    lines.append(f"next: {answer.next}")
    if is_linked:
        lines.append("the diff is long: read the linked resource")
    return [*lines, answer.diff] if answer.diff else lines


def _link(change_id: str) -> ResourceLink:
    return ResourceLink(
        type="resource_link",
        uri=diff_uri(change_id),
        name=f"{change_id}.diff",
        description="the change as a unified diff",
        mime_type="text/x-diff",
    )
