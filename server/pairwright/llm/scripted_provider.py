"""What if the answers were known? Replies from a list, for tests and for replays of a real run."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from pairwright.errors import ModelError, Unavailable
from pairwright.llm.destinations import HERE, Destination
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
from pairwright.llm.tokens import estimate_messages, estimate_text


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, streamed in pieces of `piece_length` characters."""

    text: str
    finish_reason: FinishReason = FinishReason.STOP
    usage: Usage | None = None
    """None: counted from the texts, marked as estimated."""
    piece_length: int = 16
    delay_s: float = 0.0
    """Seconds between two pieces, so that a replay can be watched."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The text, then the connection breaks."""

    text: str


@dataclass(frozen=True, slots=True)
class Hang:
    """The text, then nothing until somebody cancels."""

    text: str = ""


ScriptedReply = str | Reply | Cut | Hang | ModelError


class ScriptedProvider:
    """A `Provider` that answers each request with the next reply and remembers the requests."""

    def __init__(
        self,
        model: str,
        replies: Iterable[ScriptedReply],
        *,
        price: Price | None = None,
        accepts_grammar: bool = False,
        context_tokens: int = 32_768,
        hidden_output_tokens: int = 0,
        destination: Destination = HERE,
    ) -> None:
        self.model = model
        self.destination = destination
        self.price = price
        self.accepts_grammar = accepts_grammar
        self.context_tokens = context_tokens
        self.hidden_output_tokens = hidden_output_tokens
        self.requests: list[ModelRequest] = []
        """Every request so far, in order."""
        self.is_prepared = False
        self.is_closed = False
        self._replies = list(replies)

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Return the estimate that is used for any unknown model."""
        return estimate_messages(messages)

    async def prepare(self, on_progress: OnProgress) -> None:
        """Be ready at once."""
        self.is_prepared = True

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        """Play the next reply.

        Raises:
            ModelError: the reply is one, is cut, or there is none left.
        """
        self.requests.append(request)
        if not self._replies:
            raise ModelError(f"the script of {self.model!r} has no reply left")
        reply = self._replies.pop(0)
        if isinstance(reply, ModelError):
            raise reply
        played = Reply(reply if isinstance(reply, str) else reply.text)
        if isinstance(reply, Reply):
            played = reply
        for piece in _pieces(played):
            yield TextDelta(piece)
            await asyncio.sleep(played.delay_s)
        if isinstance(reply, Cut):
            raise Unavailable(f"the connection to {self.model!r} broke while it answered")
        if isinstance(reply, Hang):
            await asyncio.Event().wait()
        usage = played.usage or Usage(
            self.count_tokens(request.messages), 0, 0, estimate_text(played.text), is_estimated=True
        )
        yield Completion(played.text, usage, played.finish_reason)

    async def aclose(self) -> None:
        """Remember that it was let go."""
        self.is_closed = True


def _pieces(reply: Reply) -> list[str]:
    step = max(1, reply.piece_length)
    return [reply.text[at : at + step] for at in range(0, len(reply.text), step)]
