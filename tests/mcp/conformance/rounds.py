"""Which fixtures answer with a question of their own? Those of 2026-07-28's several rounds."""

from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context, Elicit, Resolve, Sample
from mcp_types import (
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    TextContent,
)
from pydantic import BaseModel

_STATE = "as we left it"


def ask(message: str, field: str, kind: str = "string") -> InputRequest:
    schema = {"type": "object", "properties": {field: {"type": kind}}, "required": [field]}
    params = ElicitRequestFormParams(message=message, requested_schema=schema)
    return ElicitRequest(params=params)


def sample(text: str) -> InputRequest:
    asked = SamplingMessage(role="user", content=TextContent(type="text", text=text))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[asked], max_tokens=50))


def needs(state: str | None = None, **requests: InputRequest) -> InputRequiredResult:
    return InputRequiredResult(input_requests=requests, request_state=state)


def answers(ctx: Context, *keys: str) -> list[Any] | None:
    given = ctx.input_responses or {}
    return [given[key] for key in keys] if all(key in given for key in keys) else None


class Flag(BaseModel):
    ok: bool


async def ask_ok() -> Elicit[Flag]:
    return Elicit("Is that right?", Flag)


async def ask_model() -> Sample:
    message = SamplingMessage(role="user", content=TextContent(type="text", text="Say something."))
    return Sample([message], max_tokens=20)


def add_rounds(server: MCPServer) -> None:
    _add_single_rounds(server)
    _add_stateful_rounds(server)
    _add_capability_checks(server)

    @server.prompt(description="asks first")
    def test_input_required_result_prompt(ctx: Context) -> Any:
        if answers(ctx, "user_context") is None:
            return needs(user_context=ask("What is it about?", "context"))
        return "with your context"


def _add_single_rounds(server: MCPServer) -> None:
    @server.tool(description="a fixture", structured_output=False)
    async def test_input_required_result_elicitation(ctx: Context) -> Any:
        given = answers(ctx, "user_name")
        if given is None or not isinstance(given[0], ElicitResult):
            return needs(user_name=ask("What is your name?", "name"))
        return f"Hello, {(given[0].content or {}).get('name')}!"

    @server.tool(description="a fixture", structured_output=False)
    async def test_input_required_result_sampling(ctx: Context) -> Any:
        given = answers(ctx, "capital_question")
        return str(given[0]) if given else needs(capital_question=sample("France's capital?"))

    @server.tool(description="a fixture", structured_output=False)
    async def test_input_required_result_list_roots(ctx: Context) -> Any:
        given = answers(ctx, "client_roots")
        return str(given[0]) if given else needs(client_roots=ListRootsRequest())


def _add_stateful_rounds(server: MCPServer) -> None:
    async def confirm(ctx: Context) -> Any:
        if answers(ctx, "confirm") is None:
            return needs(_STATE, confirm=ask("Please confirm", "ok", "boolean"))
        return "state-ok" if ctx.request_state == _STATE else "state lost"

    for name in ("request_state", "tampered_state"):
        server.add_tool(
            confirm,
            name=f"test_input_required_result_{name}",
            description="a fixture",
            structured_output=False,
        )

    @server.tool(description="a fixture", structured_output=False)
    async def test_input_required_result_multiple_inputs(ctx: Context) -> Any:
        if answers(ctx, "user_name", "greeting", "client_roots") is None:
            return needs(
                _STATE,
                user_name=ask("What is your name?", "name"),
                greeting=sample("Generate a greeting"),
                client_roots=ListRootsRequest(),
            )
        return "all there"

    @server.tool(description="a fixture", structured_output=False)
    async def test_input_required_result_multi_round(ctx: Context) -> Any:
        if ctx.request_state == "first" and answers(ctx, "step1"):
            return needs("second", step2=ask("Step 2: your favourite colour?", "color"))
        if ctx.request_state == "second" and answers(ctx, "step2"):
            return "three rounds"
        return needs("first", step1=ask("Step 1: your name?", "name"))


def _add_capability_checks(server: MCPServer) -> None:
    @server.tool(description="a fixture", structured_output=False)
    async def test_input_required_result_capabilities(ctx: Context) -> Any:
        capabilities = ctx.client_capabilities
        requests: dict[str, InputRequest] = {}
        if capabilities and capabilities.elicitation is not None:
            requests["name"] = ask("What is your name?", "name")
        if capabilities and capabilities.sampling is not None:
            requests["greeting"] = sample("Generate a greeting")
        return needs(**requests) if ctx.input_responses is None else "only what you can do"

    @server.tool(description="a fixture", structured_output=False)
    async def test_missing_capability(
        answer: Annotated[CreateMessageResult, Resolve(ask_model)],
    ) -> str:
        return str(answer.content)

    @server.tool(description="a fixture", structured_output=False)
    async def test_streaming_elicitation(answer: Annotated[Flag, Resolve(ask_ok)]) -> str:
        return str(answer.ok)
