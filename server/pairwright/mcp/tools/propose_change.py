"""How do an assistant's own edits reach the person? Matched, judged, and decided hunk by hunk."""

from typing import Annotated

from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult
from pydantic import Field

from pairwright.engine.changes.submitting import MOST_CHARACTERS
from pairwright.errors import InvalidRequest
from pairwright.mcp.answers import ChangeAnswer
from pairwright.mcp.changing import change_result
from pairwright.mcp.scopes import Assistant
from pairwright.mcp.tooling import Text, tool
from pairwright.mcp.waiting import ToolContext, until_decided
from pairwright.protocol.change_messages import ProposeParams, Refusal

_DESCRIPTION = (
    "Propose edits that the person reviews hunk by hunk in their editor; the answer lists what "
    "they kept, rejected and said. edits: a unified diff, or '### FILE path' blocks of "
    "<<<<<<< SEARCH / ======= / >>>>>>> REPLACE. revision: the one you read."
)


def propose_change(assistant: Assistant) -> Tool:
    """Return the tool of that name."""
    session = assistant.session

    async def propose_change(
        edits: Annotated[str, Field(max_length=MOST_CHARACTERS)],
        why: Text,
        ctx: ToolContext,
        revision: Annotated[int, Field(ge=0)] = 0,
    ) -> Annotated[CallToolResult, ChangeAnswer]:
        params = ProposeParams(edits=edits, why=why, revision=revision or None)
        result = await session.changes.propose(params)
        if result.change is None:
            raise InvalidRequest(_refused(result.refusals))
        change_id = result.change.task_id
        if session.can_review():
            await until_decided(session, change_id, ctx, assistant.patience_s)
        return await change_result(assistant, change_id)

    return tool(
        session.showing,
        propose_change,
        title="Propose a change",
        description=_DESCRIPTION,
    )


def _refused(refusals: tuple[Refusal, ...]) -> str:
    lines = [f"{each.path}: {each.reason}" if each.path else each.reason for each in refusals]
    return "\n".join(("nothing was proposed; mend all of these and try again:", *lines))
