"""How is a remote or local-server model asked? Through litellm, whose import takes seconds.

litellm calls a stream that was cut a clean end and invents its usage: what the provider really said
is read from the stream object's own record, never from its last chunks.
"""

import asyncio
import os
import warnings
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import SecretStr

from pairwright.errors import Unavailable
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelRequest,
    OnProgress,
    Price,
    TextDelta,
    Usage,
)
from pairwright.llm.provider_errors import is_provider_error, translate
from pairwright.llm.tokens import BYTES_PER_TOKEN, estimate_messages, estimate_text

UNKNOWN_CONTEXT_TOKENS = 8192
"""What is assumed of a model that nobody describes."""

_FINISH_REASONS = {
    "stop": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "content_filter": FinishReason.REFUSED,
}

_NOISE = ("Accessing the 'model_", r"Item '\w+' on TypedDict class")
"""What pydantic says about litellm's classes; nobody who reads it here could mend it."""
_TELL_COST = ("openrouter/",)
"""Providers that send what a call cost."""


async def warm() -> Any:
    """Import litellm in a worker thread and return it; the event loop stays usable meanwhile."""
    return await asyncio.to_thread(_load)


def _load() -> Any:
    # Otherwise the import asks a server on the internet for prices.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    for message in _NOISE:
        warnings.filterwarnings("ignore", message=message)
    import litellm

    litellm.suppress_debug_info = True  # it prints to stdout, which belongs to the protocol
    litellm.telemetry = False
    return litellm


class LiteLLMProvider:
    """One model behind one endpoint; each `stream` is exactly one HTTP request."""

    def __init__(
        self,
        model: str,
        *,
        route: str | None = None,
        api_base: str | None = None,
        api_key: SecretStr | None = None,
        timeout_s: float,
        context_tokens: int | None = None,
        hidden_output_tokens: int = 0,
        price: Price | None = None,
        accepts_grammar: bool = False,
        bytes_per_token: float = BYTES_PER_TOKEN,
    ) -> None:
        """Describe the endpoint; nothing is imported or reached yet.

        Args:
            model: the name as a person types it.
            route: litellm's name for it, where that differs.
            api_base: the endpoint's address; None is the provider's own.
            api_key: None only for an endpoint that wants none.
            timeout_s: seconds that one attempt may take, from the request to the last token.
            context_tokens: prompt and answer together.
            hidden_output_tokens: for reasoning, beside each answer; half the window at most.
            price: None when it is unknown.
            accepts_grammar: True for a llama.cpp server, which also gets its prompt cache used.
            bytes_per_token: for `count_tokens`.
        """
        self.model = model
        self.context_tokens = context_tokens or UNKNOWN_CONTEXT_TOKENS
        self.hidden_output_tokens = min(hidden_output_tokens, self.context_tokens // 2)
        self.price = price
        self.accepts_grammar = accepts_grammar
        self._route = route or model
        self._api_base = api_base
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._bytes_per_token = bytes_per_token
        # For the others litellm puts its own figure, a float, where the provider's would be.
        self._tells_cost = self._route.startswith(_TELL_COST)

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Return how many tokens the messages have, estimated upwards."""
        return estimate_messages(messages, bytes_per_token=self._bytes_per_token)

    async def prepare(self, on_progress: OnProgress) -> None:
        """Import what a call needs, so that the first call is not late."""
        await warm()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        """Ask once: deltas, then one `Completion`.

        A provider that stops without saying why gives `FinishReason.UNKNOWN`.

        Raises:
            ModelError: no whole answer came.
        """
        litellm = await warm()
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        call = litellm.acompletion(**self._arguments(request))
        response = await self._bounded(call, deadline)
        pieces: list[str] = []
        last_usage: Any = None
        async with aclosing(response):
            while True:
                chunk = await self._bounded(anext(response, None), deadline)
                if chunk is None:
                    break
                last_usage = getattr(chunk, "usage", None) or last_usage
                if text := _text_of(chunk):
                    pieces.append(text)
                    yield TextDelta(text)
        answer = "".join(pieces)
        yield Completion(
            answer,
            self._usage(request, answer, reported=last_usage if _has_usage(response) else None),
            _finish_reason(response),
            _reported_cost_usd(last_usage) if self._tells_cost and _has_usage(response) else None,
        )

    async def aclose(self) -> None:
        """Hold nothing: each stream closes its own connection."""

    async def _bounded(self, awaitable: Awaitable[Any], deadline: float) -> Any:
        try:
            async with asyncio.timeout_at(deadline):
                return await awaitable
        except TimeoutError:
            raise Unavailable(
                f"{self.model!r} did not finish within {self._timeout_s:g} s"
            ) from None
        except Exception as error:
            if not is_provider_error(error):
                raise
            # `from None`: the provider's own text must not reach a traceback.
            raise translate(error, self.model) from None

    def _arguments(self, request: ModelRequest) -> dict[str, Any]:
        if request.grammar is not None and not self.accepts_grammar:
            raise ValueError(f"{self.model!r} accepts no grammar")
        arguments: dict[str, Any] = {
            "model": self._route,
            "messages": [
                {"role": message.role, "content": message.content} for message in request.messages
            ],
            "max_tokens": request.max_output_tokens + self.hidden_output_tokens,
            "temperature": request.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
            "timeout": self._timeout_s,
            # Each attempt is reserved and recorded above us: none may be hidden.
            "max_retries": 0,
            "num_retries": 0,
            "drop_params": True,
            # An endpoint without a key still makes the client want one.
            "api_key": self._api_key.get_secret_value() if self._api_key else "none",
        }
        if self._api_base is not None:
            arguments["api_base"] = self._api_base
        if request.stop:
            arguments["stop"] = list(request.stop)
        if self.accepts_grammar:
            grammar = {} if request.grammar is None else {"grammar": request.grammar}
            arguments["extra_body"] = {"cache_prompt": True, **grammar}
        return arguments

    def _usage(self, request: ModelRequest, answer: str, *, reported: Any) -> Usage:
        if reported is None:
            output = estimate_text(answer, bytes_per_token=self._bytes_per_token)
            return Usage(self.count_tokens(request.messages), 0, 0, output, is_estimated=True)
        return usage_from(reported)


def usage_from(reported: Any) -> Usage:
    """Return litellm's usage in disjoint buckets: its prompt count includes what was cached."""
    prompt_details = getattr(reported, "prompt_tokens_details", None)
    output_details = getattr(reported, "completion_tokens_details", None)
    prompt = _count(reported, "prompt_tokens")
    output = _count(reported, "completion_tokens")
    cache_read = max(
        _count(prompt_details, "cached_tokens"), _count(reported, "cache_read_input_tokens")
    )
    cache_read = min(cache_read, prompt)
    cache_write = max(
        _count(prompt_details, "cache_creation_tokens"),
        _count(reported, "cache_creation_input_tokens"),
    )
    cache_write = min(cache_write, prompt - cache_read)
    return Usage(
        prompt - cache_read - cache_write,
        cache_read,
        cache_write,
        output,
        min(_count(output_details, "reasoning_tokens"), output),
    )


def _count(holder: Any, name: str) -> int:
    value = getattr(holder, name, None)
    return max(0, value) if isinstance(value, int) else 0


def _text_of(chunk: Any) -> str:
    return (chunk.choices[0].delta.content or "") if chunk.choices else ""


def _has_usage(response: Any) -> bool:
    """Tell whether the provider itself sent usage: invented usage is not among its chunks."""
    return any(getattr(chunk, "usage", None) is not None for chunk in response.chunks)


def _finish_reason(response: Any) -> FinishReason:
    said = response.received_finish_reason or response.intermittent_finish_reason
    return _FINISH_REASONS.get(str(said), FinishReason.UNKNOWN)


def _reported_cost_usd(usage: Any) -> Decimal | None:
    cost = getattr(usage, "cost", None)
    if isinstance(cost, bool) or not isinstance(cost, int | float | str):
        return None
    try:
        value = Decimal(str(cost))
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None
