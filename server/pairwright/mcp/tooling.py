"""What is the same for every tool? How its schema is kept small, and how its failures are told."""

import logging
import secrets
from collections.abc import Callable
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools.base import Tool
from mcp_types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError

from pairwright.engine.models.showing import Showing
from pairwright.errors import PairwrightError
from pairwright.mcp.convert import failed

_log = logging.getLogger(__name__)

MOST_NAME = 500
Name = Annotated[str, Field(max_length=MOST_NAME)]
MOST_TEXT = 20_000
Text = Annotated[str, Field(max_length=MOST_TEXT)]


def _as_text(value: object) -> object:
    """Read a number as what it says: models write an amount either way."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


Amount = Annotated[str, BeforeValidator(_as_text), Field(max_length=30)]


class FaceTool(Tool):
    """A tool whose failures are told in our words, and whose arguments are only those it names."""

    _showing: Showing = PrivateAttr()

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> CallToolResult | InputRequiredResult:
        """Return the answer, or the failure that a model can act on."""
        known = self.parameters["properties"]
        unknown = sorted(str(name)[:80] for name in arguments.keys() - known.keys())
        if unknown:
            return failed(f"{self.name} takes no {', '.join(unknown)}: it takes {', '.join(known)}")
        try:
            result: CallToolResult | InputRequiredResult = await super().run(
                arguments, context, convert_result
            )
        except ToolError as error:
            return self._failed(error.__cause__ or error)
        return result

    def _failed(self, error: BaseException) -> CallToolResult:
        if isinstance(error, PairwrightError):
            return failed(self._showing.cleaned(str(error)))
        if isinstance(error, ValidationError):
            found = error.errors(include_url=False, include_input=False, include_context=False)
            problems = (f"{_argument(each['loc'])}: {each['msg']}" for each in found[:5])
            return failed("; ".join(problems))
        incident = secrets.token_hex(4)
        _log.error("incident %s in %s", incident, self.name, exc_info=error)
        return failed(f"internal error, incident {incident}: the daemon's log has the details")


def tool(
    showing: Showing,
    work: Callable[..., Any],
    *,
    title: str,
    description: str,
    reads_only: bool = False,
    destroys: bool = False,
    is_idempotent: bool = False,
    asks_models: bool = False,
) -> Tool:
    """Return a function as a tool.

    Args:
        showing: cleans what failures quote.
        work: the function; its name is the tool's, its annotations the schemas.
        title: for people.
        description: for models; it never holds anything of the workspace.
        reads_only: it changes nothing.
        destroys: it may write over or remove what is there.
        is_idempotent: done twice it does no more than once.
        asks_models: something may leave this machine.
    """
    made = FaceTool.from_function(
        work,
        title=title,
        description=description,
        annotations=ToolAnnotations(
            read_only_hint=reads_only,
            destructive_hint=destroys,
            idempotent_hint=is_idempotent,
            open_world_hint=asks_models,
        ),
    )
    made = FaceTool.model_validate(made)
    made.parameters = {**plain_schema(made.parameters), "additionalProperties": False}
    made.fn_metadata.output_schema = plain_schema(made.fn_metadata.output_schema)
    made._showing = showing
    return made


def _argument(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part)[:80] for part in location) or "arguments"


def plain_schema(schema: Any, *, is_properties: bool = False) -> Any:
    """Return a schema without what tells a model nothing: titles, docstrings, empty defaults."""
    if isinstance(schema, list):
        return [plain_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {}
    for key, value in schema.items():
        is_name = is_properties or key == "$defs"
        if not is_name and (key == "title" or (key == "default" and value in ("", [], 0))):
            continue
        plain[key] = plain_schema(value, is_properties=key in ("properties", "$defs"))
    return plain
