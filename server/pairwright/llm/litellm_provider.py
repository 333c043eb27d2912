"""How is a remote or local-server model asked? Through litellm, whose import takes seconds.

litellm calls a stream that was cut a clean end and invents its usage: what the provider really said
is read from the stream object's own record, never from its last chunks.
"""

import asyncio
import functools
import logging
import os
import warnings
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from pairwright.errors import Unavailable
from pairwright.llm.destinations import destination_of, keep_loopback_from_proxies
from pairwright.llm.gemini_end import watch_end
from pairwright.llm.loading import leave_out_tokenizer, prepare_first_call, uncollected
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelRequest,
    OnProgress,
    Price,
    Progress,
    TextDelta,
    Usage,
)
from pairwright.llm.profiles import UNDESCRIBED, Profile
from pairwright.llm.provider_errors import is_provider_error, translate
from pairwright.llm.reported import has_usage, reported_cost_usd, service_tier_of, usage_of
from pairwright.llm.sending import guard_sending
from pairwright.llm.tokens import BYTES_PER_TOKEN, estimate_messages, estimate_text

_FINISH_REASONS = {
    "stop": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "content_filter": FinishReason.REFUSED,
}

_NOISE = ("Accessing the 'model_", r"Item '\w+' on TypedDict class")
"""What pydantic says about litellm's classes; nobody who reads it here could mend it."""
_LOADING = "loading what asks models"
_OWN_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy")


async def warm() -> Any:
    """Import litellm in a worker thread and return it; the event loop stays usable meanwhile."""
    if not _load.cache_info().currsize:
        await asyncio.to_thread(_load)
    for message in _NOISE:
        warnings.filterwarnings("ignore", message=message)
    return _load()


@functools.cache
def _load() -> Any:
    # Otherwise the import asks a server on the internet for prices.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    keep_loopback_from_proxies()
    # Otherwise it reads the `.env` above its own directory: the workspace's, when it is installed
    # there, and that could name another host for a key.
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    with uncollected():
        import litellm

        prepare_first_call()
    litellm.suppress_debug_info = True  # it prints to stdout, which belongs to the protocol
    litellm.telemetry = False
    for name in _OWN_LOGGERS:
        # They write around the formatter that takes keys out.
        logging.getLogger(name).handlers.clear()
    guard_sending()
    leave_out_tokenizer(litellm)
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
        profile: Profile = UNDESCRIBED,
        price: Price | None = None,
        bytes_per_token: float = BYTES_PER_TOKEN,
    ) -> None:
        """Describe the endpoint; nothing is imported or reached yet.

        Args:
            model: the name as a person types it.
            route: litellm's name for it, where that differs.
            api_base: the endpoint's address; None is the provider's own.
            api_key: None for an endpoint that wants none, or whose keys litellm finds by itself.
            timeout_s: seconds that one attempt may take, from the request to the last token.
            profile: what the model can do.
            price: None when it is unknown.
            bytes_per_token: for `count_tokens`.
        """
        self.model = model
        self.endpoint = urlsplit(api_base).netloc if api_base else model.partition("/")[0]
        self.profile = profile
        self.context_tokens = profile.context_tokens
        self.hidden_output_tokens = profile.hidden_output_tokens
        self.price = price
        self.accepts_grammar = profile.accepts_grammar
        self.destination = destination_of(api_base, provider=(route or model).partition("/")[0])
        self._route = route or model
        self._api_base = api_base
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._bytes_per_token = bytes_per_token

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Return how many tokens the messages have, estimated upwards."""
        return estimate_messages(messages, bytes_per_token=self._bytes_per_token)

    async def prepare(self, on_progress: OnProgress) -> None:
        """Import what a call needs, so that the first call is not late."""
        if _load.cache_info().currsize:
            return
        on_progress(Progress(_LOADING, 0, 1, "steps"))
        await warm()
        on_progress(Progress(_LOADING, 1, 1, "steps"))

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        """Ask once: deltas, then one `Completion`.

        A provider that stops without saying why gives `FinishReason.UNKNOWN`.

        Raises:
            ModelError: no whole answer came.
        """
        litellm = await warm()
        try:
            response = await litellm.acompletion(**self._arguments(request))
            if not self.profile.streams:
                for item in self._whole(request, response):
                    yield item
                return
            pieces: list[str] = []
            last_usage: Any = None
            is_end_said = watch_end(response)
            async with aclosing(response):
                async for chunk in response:
                    if text := _text_of(chunk):
                        pieces.append(text)
                        yield TextDelta(text)
                    else:
                        last_usage = getattr(chunk, "usage", None) or last_usage
            said = response.received_finish_reason or response.intermittent_finish_reason
            said = said if is_end_said() else None
            chunks = tuple(response.chunks)
            yield self._completion(request, "".join(pieces), said, chunks, last_usage)
        except Exception as error:
            if not is_provider_error(error):
                raise
            # `from None`: the provider's own text must not reach a traceback.
            raise translate(error, self.model) from None

    def _whole(self, request: ModelRequest, response: Any) -> tuple[TextDelta | Completion, ...]:
        if not response.choices:
            raise self._no_answer()
        choice = response.choices[0]
        answer: str = choice.message.content or ""
        usage = getattr(response, "usage", None)
        completion = self._completion(request, answer, choice.finish_reason, (response,), usage)
        return (TextDelta(answer), completion) if answer else (completion,)

    def _completion(
        self, request: ModelRequest, answer: str, said: Any, chunks: tuple[Any, ...], last: Any
    ) -> Completion:
        if not answer and not said and not has_usage(chunks):
            raise self._no_answer()
        written = estimate_text(answer, bytes_per_token=self._bytes_per_token)
        ours = Usage(self.count_tokens(request.messages), 0, 0, written)
        return Completion(
            answer,
            usage_of(chunks, last, ours, is_whole=bool(said)),
            _FINISH_REASONS.get(str(said), FinishReason.OTHER) if said else FinishReason.UNKNOWN,
            reported_cost_usd(chunks) if self.profile.reports_cost else None,
            service_tier_of(chunks),
        )

    async def aclose(self) -> None:
        """Hold nothing: each stream closes its own connection."""

    def _no_answer(self) -> Unavailable:
        return Unavailable(
            f"what came from {self.model!r} is no answer of a model: check the address"
        )

    def _arguments(self, request: ModelRequest) -> dict[str, Any]:
        if request.grammar is not None and not self.accepts_grammar:
            raise ValueError(f"{self.model!r} accepts no grammar")
        arguments: dict[str, Any] = {
            "model": self._route,
            "messages": self._sent(self._told(request.messages)),
            "max_tokens": self._most_tokens(request),
            "stream": self.profile.streams,
            "timeout": self._timeout_s,
            # Each attempt is reserved and recorded above us: none may be hidden.
            "max_retries": 0,
            "num_retries": 0,
            "drop_params": True,
        }
        if self._api_base is not None:
            # Given along with the address, so that litellm looks for neither in the environment;
            # an endpoint without a key still makes the client want one.
            arguments["api_base"] = self._api_base
            arguments["api_key"] = "none"
        if self._api_key is not None:
            arguments["api_key"] = self._api_key.get_secret_value()
        if self.profile.streams:
            arguments["stream_options"] = {"include_usage": True}
        if self.profile.accepts_temperature:
            arguments["temperature"] = request.temperature
        if self.profile.reasoning_effort is not None:
            arguments["reasoning_effort"] = self.profile.reasoning_effort
        if request.stop:
            arguments["stop"] = list(request.stop)
        if self.accepts_grammar:
            grammar = {} if request.grammar is None else {"grammar": request.grammar}
            arguments["extra_body"] = {"cache_prompt": True, **grammar}
        return arguments

    def _sent(self, messages: tuple[Message, ...]) -> list[dict[str, Any]]:
        is_marked = self.profile.marks_cache and any(each.shared_characters for each in messages)
        return [
            {
                "role": message.role,
                "content": _marked(message, is_last=message is messages[-1])
                if is_marked
                else message.content,
            }
            for message in messages
        ]

    def _most_tokens(self, request: ModelRequest) -> int:
        wanted = request.max_output_tokens + self.hidden_output_tokens
        return min(wanted, self.profile.max_output_tokens or wanted)

    def _told(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """Return the messages as the model knows them: perhaps none of the system."""
        if self.profile.has_system_role:
            return messages
        rules = [message.content for message in messages if message.role == "system"]
        turns = [message for message in messages if message.role != "system"]
        if not rules or not turns or turns[0].role != "user":
            return tuple(Message("user", rule) for rule in rules) + tuple(turns)
        return (Message("user", "\n\n".join((*rules, turns[0].content))), *turns[1:])


def _marked(message: Message, *, is_last: bool) -> str | list[dict[str, Any]]:
    """Return a message cut where a cache should begin again, each cut marked.

    The end of the last one counts too: a repair goes on from there. What is marked costs a quarter
    more when it is written, and a tenth when it is read.
    """
    at = message.shared_characters
    if not at and not is_last:
        return message.content
    pieces = [message.content[:at], message.content[at:]]
    blocks: list[dict[str, Any]] = [
        {"type": "text", "text": piece, "cache_control": {"type": "ephemeral"}}
        for piece in pieces
        if piece
    ]
    if not is_last and len(blocks) > 1:
        del blocks[-1]["cache_control"]
    return blocks


def _text_of(chunk: Any) -> str:
    return (chunk.choices[0].delta.content or "") if chunk.choices else ""
