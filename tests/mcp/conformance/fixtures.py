"""What does the official suite ask for by name? Tools, resources and prompts, for tests only."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp.server import MCPServer
from mcp.server.lowlevel.server import ServerRequestContext
from mcp.server.mcpserver import AssistantMessage, Context, UserMessage
from mcp_types import (
    AudioContent,
    BlobResourceContents,
    Completion,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    PromptReference,
    ResourceTemplateReference,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)
from pydantic import BaseModel, Field

from pairwright.mcp.request_state import sealing
from tests.mcp.conformance.rounds import add_rounds

_PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n, and so on").decode()
_SILENCE = base64.b64encode(b"RIFF, and so on").decode()
_STEP_S = 0.05


def image() -> ImageContent:
    return ImageContent(type="image", data=_PIXEL, mime_type="image/png")


def embedded(uri: str, text: str, mime_type: str = "text/plain") -> EmbeddedResource:
    contents: TextResourceContents | BlobResourceContents
    contents = TextResourceContents(uri=uri, mime_type=mime_type, text=text)
    return EmbeddedResource(type="resource", resource=contents)


class Reply(BaseModel):
    response: str = Field(description="what you answer")


class Defaults(BaseModel):
    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: str = Field("active", json_schema_extra={"enum": ["active", "inactive", "pending"]})
    verified: bool = True


def _titled(*names: str) -> list[Any]:
    return [{"const": name, "title": name.title()} for name in names]


class Choices(BaseModel):
    untitledSingle: str = Field(json_schema_extra={"enum": ["option1", "option2"]})  # noqa: N815
    titledSingle: str = Field(  # noqa: N815
        json_schema_extra={"oneOf": _titled("value1", "value2")}
    )
    untitledMulti: list[str] = Field(  # noqa: N815
        json_schema_extra={"items": {"type": "string", "enum": ["option1", "option2"]}}
    )
    titledMulti: list[str] = Field(  # noqa: N815
        json_schema_extra={"items": {"anyOf": _titled("value1", "value2")}}
    )
    legacyEnum: str = Field(  # noqa: N815
        json_schema_extra={"enum": ["opt1", "opt2"], "enumNames": ["One", "Two"]}
    )


@asynccontextmanager
async def open_fixtures(client_name: str) -> AsyncIterator[MCPServer]:
    """Open the suite's server for a client."""
    server = MCPServer(
        "fixtures",
        version="1",
        log_level="WARNING",
        request_state_security=sealing(b"k" * 32, client_name=client_name, workspace="fixtures"),
    )
    _add_contents(server)
    _add_talks(server)
    _add_resources(server)
    _add_prompts(server)
    _add_legacy_requests(server)
    add_rounds(server)
    yield server


def _add_contents(server: MCPServer) -> None:
    @server.tool(description="a fixture", structured_output=False)
    def test_simple_text() -> str:
        return "a simple text"

    @server.tool(description="a fixture", structured_output=False)
    def test_image_content() -> ImageContent:
        return image()

    @server.tool(description="a fixture", structured_output=False)
    def test_audio_content() -> AudioContent:
        return AudioContent(type="audio", data=_SILENCE, mime_type="audio/wav")

    @server.tool(description="a fixture", structured_output=False)
    def test_embedded_resource() -> EmbeddedResource:
        return embedded("test://embedded-resource", "an embedded resource")

    @server.tool(description="a fixture", structured_output=False)
    def test_multiple_content_types() -> list[Any]:
        text = TextContent(type="text", text="several kinds")
        data = embedded("test://mixed-content-resource", '{"value": 123}', "application/json")
        return [text, image(), data]

    @server.tool(description="a fixture", structured_output=False)
    def test_error_handling() -> str:
        raise RuntimeError("meant to fail")


def _add_talks(server: MCPServer) -> None:
    @server.tool(description="a fixture", structured_output=False)
    async def test_tool_with_logging(ctx: Context) -> str:
        for said in ("begun", "on the way", "done"):
            await ctx.info(said)
            await asyncio.sleep(_STEP_S)
        return "logged"

    @server.tool(description="a fixture", structured_output=False)
    async def test_logging_tool(ctx: Context) -> str:
        await ctx.info("for those who asked")
        return "logged"

    @server.tool(description="a fixture", structured_output=False)
    async def test_tool_with_progress(ctx: Context) -> str:
        for progress in (0, 50, 100):
            await ctx.report_progress(progress, 100, f"{progress} of 100")
            await asyncio.sleep(_STEP_S)
        return "progressed"

    @server.tool(description="a fixture", structured_output=False)
    async def test_sampling(prompt: str, ctx: Context) -> str:
        asked = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
        answer = await ctx.session.create_message(messages=[asked], max_tokens=100)
        return f"LLM response: {getattr(answer.content, 'text', '')}"

    @server.tool(description="a fixture", structured_output=False)
    async def test_elicitation(message: str, ctx: Context) -> str:
        return _told(await ctx.elicit(message, Reply))

    @server.tool(description="a fixture", structured_output=False)
    async def test_elicitation_sep1034_defaults(ctx: Context) -> str:
        return _told(await ctx.elicit("Who are you?", Defaults))

    @server.tool(description="a fixture", structured_output=False)
    async def test_elicitation_sep1330_enums(ctx: Context) -> str:
        return _told(await ctx.elicit("What do you choose?", Choices))

    @server.tool(description="a fixture", structured_output=False)
    async def test_trigger_tool_change(ctx: Context) -> str:
        await ctx.notify_tools_changed()
        return "told"

    @server.tool(description="a fixture", structured_output=False)
    async def test_trigger_prompt_change(ctx: Context) -> str:
        await ctx.notify_prompts_changed()
        return "told"


def _told(result: Any) -> str:
    content = result.data.model_dump_json() if result.action == "accept" else "{}"
    return f"User response: action={result.action}, content={content}"


def _add_resources(server: MCPServer) -> None:
    @server.resource("test://static-text", mime_type="text/plain")
    def static_text() -> str:
        return "a static text"

    @server.resource("test://static-binary", mime_type="image/png")
    def static_binary() -> bytes:
        return base64.b64decode(_PIXEL)

    @server.resource("test://template/{id}/data", mime_type="application/json")
    def template(id: str) -> str:  # noqa: A002
        return json.dumps({"id": id, "data": f"of {id}"})

    @server.resource("test://watched-resource", mime_type="text/plain")
    def watched() -> str:
        return "somebody watches"


def _add_prompts(server: MCPServer) -> None:
    @server.prompt(description="without arguments")
    def test_simple_prompt() -> str:
        return "a simple prompt"

    @server.prompt(description="with two arguments")
    def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
        return f"arg1='{arg1}', arg2='{arg2}'"

    @server.prompt(description="with a resource")
    def test_prompt_with_embedded_resource(resourceUri: str) -> list[Any]:  # noqa: N803
        return [UserMessage(embedded(resourceUri, "in a prompt")), AssistantMessage("Read.")]

    @server.prompt(description="with an image")
    def test_prompt_with_image() -> list[Any]:
        return [UserMessage(image()), AssistantMessage("Seen.")]

    @server.completion()
    async def complete(
        ref: PromptReference | ResourceTemplateReference, argument: Any, context: Any
    ) -> Completion:
        return Completion(values=[], total=0, has_more=False)


def _add_legacy_requests(server: MCPServer) -> None:
    """Answer what only clients of 2025 ask; our own server offers none of it."""
    inner = server._lowlevel_server

    async def accept(context: ServerRequestContext[Any, Any], params: Any) -> EmptyResult:
        return EmptyResult()

    inner.add_request_handler("logging/setLevel", SetLevelRequestParams, accept)
    inner.add_request_handler("resources/subscribe", SubscribeRequestParams, accept)
    inner.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, accept)
