"""How does a request wait for work, or for a person? Not for long, and saying that it goes on.

Hosts give up after about a minute: what takes longer goes on by itself, and is asked for again.
"""

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any

from mcp.server.mcpserver import Context

from pairwright.engine.spending.estimating import in_words
from pairwright.engine.tasks.jobs import Job
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.session import Session
from pairwright.protocol import messages
from pairwright.protocol.budget_messages import EstimateMade
from pairwright.protocol.change_messages import ChangeParams, ChangeView
from pairwright.protocol.terminal import visible

MOST_WAITED_S = 55
"""Seconds that a client can have us wait."""
_BEAT_S = 5.0
"""Seconds after which a client hears that we still wait."""
_PAUSE_S = 3.0
"""Who decides hunk by hunk and rests for so long is told of: not each of ten in a row by itself."""

ToolContext = Context[Any, Any]


async def until_over(job: Job, ctx: ToolContext, seconds: float) -> None:
    """Wait for a job's end, telling each of its steps."""
    deadline = asyncio.get_running_loop().time() + seconds
    told = ""
    for beat in count(1):
        if job.is_over:
            return
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return
        await job.wait(min(left, _BEAT_S))
        step = step_of(job.latest) or told
        await tell(ctx, beat, step)
        told = step


async def until_decided(session: Session, change_id: str, ctx: ToolContext, seconds: float) -> None:
    """Wait until a person has decided all of a change, telling each decision."""
    deadline = asyncio.get_running_loop().time() + seconds
    view = await session.changes.change(ChangeParams(task_id=change_id))
    for beat in count(1):
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0 or not _can_move(view):
            return
        view = await _news(session, view, ctx, beat, min(left, _BEAT_S))


async def until_news(
    assistant: Assistant, change_id: str, ctx: ToolContext, seconds: float
) -> None:
    """Wait until a change stands otherwise than the assistant was told.

    At once when it does already, and when nothing of it can be decided any more.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    view = await assistant.session.changes.change(ChangeParams(task_id=change_id))
    for beat in count(1):
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0 or not _can_move(view) or not assistant.was_told_state(view):
            return
        is_told = assistant.was_told_decisions(view)
        known = view.decisions
        wait_s = min(left, _BEAT_S if is_told else _PAUSE_S)
        view = await _news(assistant.session, view, ctx, beat, wait_s)
        if not is_told and view.decisions == known:
            return


def _can_move(view: ChangeView) -> bool:
    """Tell whether anything can still become of a change by itself, or by a person's decision."""
    return view.state == "running" or (view.state == "review" and bool(view.pending))


async def _news(
    session: Session, view: ChangeView, ctx: ToolContext, beat: int, wait_s: float
) -> ChangeView:
    asked = ChangeParams(task_id=view.task_id, wait_s=wait_s, seen=view.decisions)
    view = await session.changes.change(asked)
    pending = sum(hunk.state == "pending" for hunk in view.hunks)
    await tell(ctx, beat, f"{pending} hunks wait for the person" if view.hunks else "")
    return view


async def tell(ctx: ToolContext, beat: int, message: str) -> None:
    """Tell a client that asked for it that the work goes on; `beat` only ever grows.

    One that has gone is not waited for.
    """
    with suppress(ConnectionError):
        await ctx.report_progress(beat, None, visible(message) or None)


def step_of(event: messages.TaskEvent | None) -> str:
    """Return what happens now, in a few words; empty when the event says nothing of it."""
    match event:
        case EstimateMade(estimate=made):
            return in_words(made)
        case messages.TaskStarted():
            return f"started with {event.strong} and {event.weak}"
        case messages.StepStarted():
            return f"{event.step} ({event.tier} model, attempt {event.attempt})"
        case messages.Checked():
            return f"attempt {event.attempt}: {event.verdict.badge}"
        case messages.Escalated():
            return f"escalated to {event.rung}: {event.reason}"
        case messages.TestsRun():
            return f"tests {event.when}: {'green' if event.is_green else 'red'}"
        case messages.ProgressMade():
            return event.step
        case messages.ChangeReady():
            return f"{len(event.hunks)} hunks are ready"
    return ""
