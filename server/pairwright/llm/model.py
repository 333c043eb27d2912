"""What is a model call? The values, and the two seams: `Provider` below, `Model` above the wallet.

A `Provider` talks to one endpoint, once, and knows nothing of money kept or retries. A `Model` is
what strategies hold: metered, retried, recorded.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Protocol

from pairwright.llm.destinations import Destination


class Tier(StrEnum):
    """Which of the two models."""

    WEAK = "weak"
    STRONG = "strong"


class FinishReason(StrEnum):
    """Why an answer ended; UNKNOWN when the provider did not say, as when a stream is cut."""

    STOP = "stop"
    LENGTH = "length"
    REFUSED = "refused"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation."""

    role: Literal["system", "user", "assistant"]
    content: str
    shared_characters: int = 0
    """How much of its beginning the next questions of the same task will begin with as well: worth
    keeping in a provider's cache together with all messages before it. 0: nobody says."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a part of a request comes from, for the record of what left this machine."""

    kind: str
    """In a person's words: "file", "instruction", "test output", "plan"."""
    text: str
    """As it stands in the request."""
    path: str = ""
    """Of a file; empty for all else."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question."""

    messages: tuple[Message, ...]
    max_output_tokens: int
    """Of the answer that is seen; what a model thinks unseen comes on top of it."""
    temperature: float = 0.0
    """0 to 2; ignored by models that have none."""
    stop: tuple[str, ...] = ()
    grammar: str | None = None
    """A GBNF grammar; only for a model that `accepts_grammar`."""
    sources: tuple[Source, ...] = ()
    """What the messages are made of, as far as it is known; sent to nobody."""
    taken_out: int = 0
    """How many secrets were taken out of the messages before they may leave."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens in four disjoint buckets; their sum is what was processed."""

    uncached_input: int
    cache_read: int
    cache_write: int
    output: int
    reasoning: int = 0
    """A note: how much of `output` was reasoning. Not a fifth bucket."""
    is_estimated: bool = False
    """Counted by ourselves, since the provider did not say."""
    cache_write_1h: int = 0
    """A note: how much of `cache_write` was written to stay for an hour, which may cost more."""

    @property
    def input(self) -> int:
        """All tokens that were read."""
        return self.uncached_input + self.cache_read + self.cache_write

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.uncached_input + other.uncached_input,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.output + other.output,
            self.reasoning + other.reasoning,
            self.is_estimated or other.is_estimated,
            self.cache_write_1h + other.cache_write_1h,
        )


NO_USAGE = Usage(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer."""

    text: str
    usage: Usage
    finish_reason: FinishReason
    reported_cost_usd: Decimal | None = None
    """The provider's own figure, when it sends one."""
    service_tier: str = ""
    """At which service the provider says it answered, such as `flex`; empty for the usual one."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in USD per token, and who says so."""

    input_usd: Decimal
    output_usd: Decimal
    cache_read_usd: Decimal
    cache_write_usd: Decimal
    source: str
    """Such as "litellm 1.106.2", "settings", "runs on this machine"."""
    cache_write_1h_usd: Decimal | None = None
    """Of what stays cached for an hour; None: as `cache_write_usd`."""
    reasoning_usd: Decimal | None = None
    """Of the output that is reasoning; None: as `output_usd`."""
    long: "tuple[tuple[int, Price], ...]" = ()
    """What a whole call costs when its prompt has more than so many tokens, ascending."""
    services: "tuple[tuple[str, Price], ...]" = ()
    """What a call costs at another service than the usual, by `Completion.service_tier`."""

    def at(self, input_tokens: int, service_tier: str = "") -> "Price":
        """Return the price of a call with so many tokens in its prompt, cached ones included."""
        served = next((price for name, price in self.services if name == service_tier), self)
        return next((dear for most, dear in reversed(served.long) if input_tokens > most), served)


class Provider(Protocol):
    """One endpoint's one model. Each `stream` is exactly one attempt: no hidden retries."""

    @property
    def model(self) -> str:
        """The model's name as a person would type it, such as `openai/gpt-5-mini`."""
        ...

    @property
    def destination(self) -> Destination:
        """Who receives what is sent."""
        ...

    @property
    def accepts_grammar(self) -> bool:
        """Whether `ModelRequest.grammar` is honoured."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and answer may have together, hidden reasoning included."""
        ...

    @property
    def hidden_output_tokens(self) -> int:
        """How many tokens the model may think unseen, beside each answer; 0 for most models.

        They are billed as output, and providers count them against an answer's limit.
        """
        ...

    @property
    def price(self) -> Price | None:
        """The price, None when it is unknown (which is not zero)."""
        ...

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Return how many tokens the messages have, estimated upwards when not known."""
        ...

    async def prepare(self, on_progress: "OnProgress") -> None:
        """Make the model ready (start a process, fetch a file); returns at once when it is.

        Raises:
            ModelError: it cannot be made ready.
        """
        ...

    def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        """Ask once: deltas, then one `Completion` as the last item.

        Raises:
            ModelError: no whole answer came.
        """
        ...

    async def aclose(self) -> None:
        """Let go of what `prepare` started."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long step is; `total` is None when nobody knows."""

    step: str
    done: int
    total: int | None
    unit: Literal["bytes", "files", "steps"]


OnProgress = Callable[[Progress], None]
OnText = Callable[[str], Awaitable[None]]


class Model(Protocol):
    """A metered model, as strategies hold it: every call is reserved, recorded and settled."""

    @property
    def tier(self) -> Tier:
        """Weak or strong."""
        ...

    @property
    def name(self) -> str:
        """The provider's `model`."""
        ...

    @property
    def accepts_grammar(self) -> bool:
        """Whether `ModelRequest.grammar` is honoured."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and seen answer may have together."""
        ...

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        """Ask, with retries; `on_text` receives the pieces of the attempt that succeeds.

        Raises:
            BudgetExceeded: the worst case of this call does not fit under a cap.
            ModelError: no whole answer came.
        """
        ...
