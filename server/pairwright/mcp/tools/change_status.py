"""How does a change stand, and how is it ended? By its handle, also long after it was proposed."""

from typing import Annotated

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult
from pydantic import Field

from pairwright.errors import InvalidRequest
from pairwright.mcp.answers import ChangeAnswer
from pairwright.mcp.changing import change_result
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tooling import Name, tool
from pairwright.mcp.waiting import MOST_WAITED_S, ToolContext, until_news, until_over
from pairwright.protocol.change_messages import ChangeParams
from pairwright.protocol.history_messages import UndoParams

_DESCRIPTION = (
    "See how a change or a running task stands, by its change_id; wait_s waits for news. "
    "cancel ends your task, or withdraws what nobody decided; undo takes back what was written "
    "of your change (scope 'write')."
)


def change_status(assistant: Assistant) -> Tool:
    """Return the tool of that name."""
    session = assistant.session

    async def change_status(
        change_id: Name,
        ctx: ToolContext,
        wait_s: Annotated[float, Field(ge=0, le=MOST_WAITED_S)] = 0,
        cancel: bool = False,
        undo: bool = False,
    ) -> Annotated[CallToolResult, ChangeAnswer]:
        if cancel and undo:
            raise InvalidRequest("cancel ends what is not written, undo what is: one of the two")
        note = ""
        if cancel:
            await _cancel(assistant, change_id)
        elif undo:
            note = await _undo(assistant, change_id)
        elif wait_s:
            job = session.job(change_id)
            if job is not None and not job.is_over:
                await until_over(job, ctx, wait_s)
            else:
                await until_news(assistant, change_id, ctx, wait_s)
        return await change_result(assistant, change_id, note=note)

    return tool(
        session.showing,
        change_status,
        title="Status of a change",
        description=_DESCRIPTION,
        destroys=True,
    )


async def _cancel(assistant: Assistant, change_id: str) -> None:
    session = assistant.session
    job = session.job(change_id)
    if job is None or job.is_over:
        session.changes.withdraw(change_id)
        return
    if job.client != assistant.name:
        raise InvalidRequest("another client began this task: only it may cancel it")
    await job.cancel()


async def _undo(assistant: Assistant, change_id: str) -> str:
    """Take back what was written of the assistant's own change; return what was done.

    Raises:
        UnknownTask: there is no such change.
        InvalidRequest: it is another client's, or nothing of it was written.
        NeedsGrant: the assistant may not write.
    """
    session = assistant.session
    view = await session.changes.change(ChangeParams(task_id=change_id))
    if view.proposer != assistant.name:
        raise InvalidRequest("another client proposed this change: only it, or the person, undoes")
    if not view.entry_ids:
        raise InvalidRequest("nothing of this change was written: there is nothing to undo")
    await assistant.require("write", "take back a change that it proposed")
    result = await session.undo(UndoParams(task_id=change_id))
    return f"undone: {', '.join(result.files) or 'nothing had to change'}"
