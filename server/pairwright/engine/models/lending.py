"""Which models do clients lend, and how is one asked? By the client, as long as it stays.

A task of any client may use them, as it may use the keys that editors gave. The editor asks with
its own consent, its own account and its own limits; what leaves goes through our exit all the same.
"""

import re
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from pairwright.errors import (
    Authentication,
    ContextOverflow,
    InvalidRequest,
    ModelError,
    NoModel,
    OutOfCredit,
    Refused,
    Rejected,
    Unavailable,
)
from pairwright.llm.destinations import Destination
from pairwright.llm.lent import LENT_PREFIX
from pairwright.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelRequest,
    OnProgress,
    Price,
    Provider,
    TextDelta,
    Usage,
)
from pairwright.llm.pricing import own_price_of
from pairwright.llm.sending import on_record
from pairwright.llm.tokens import estimate_messages, estimate_text
from pairwright.protocol.lending_messages import AskMessage, AskParams, AskResult, LentModel
from pairwright.settings import PriceSettings

MOST_LENT = 200
"""By one client."""
_NAME = re.compile(r"editor/[^/\s]{1,100}/\S{1,100}")
_MOST_CONTEXT_TOKENS = 100_000_000
_CHARACTERS_A_TOKEN = 8
"""Of an answer, when nobody else counts; code has three to five."""


class Answering(Protocol):
    """An answer under way."""

    async def next_piece(self) -> str | None:
        """Return the next piece, None when the answer has ended."""
        ...

    def result(self) -> AskResult:
        """Return how it ended.

        Raises:
            Unavailable: the client left, or answered nothing that makes sense.
        """
        ...


Ask = Callable[[AskParams], AbstractAsyncContextManager[Answering]]
"""Has a client ask one of its models; whoever leaves the block early has it stop."""


@dataclass(frozen=True, slots=True)
class Lent:
    """A model and the client that asks it."""

    context_tokens: int
    ask: Ask


class Lending:
    """What clients lend, by name and by who lends it; whoever lent it last is asked."""

    def __init__(self, prices: Mapping[str, PriceSettings] = MappingProxyType({})) -> None:
        """Begin with nothing; `prices` are the person's own, by patterns of names."""
        self._prices = prices
        self._lent: dict[str, dict[object, Lent]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What is lent now, in alphabetical order."""
        return tuple(sorted(self._lent))

    def lend(self, owner: object, models: Iterable[LentModel], ask: Ask) -> None:
        """Take over what a client lends, in the place of what it lent before.

        Raises:
            InvalidRequest: a model is none; then nothing changes.
        """
        models = tuple(models)
        _check(models)
        self.take_back(owner)
        for model in models:
            self._lent.setdefault(model.name, {})[owner] = Lent(model.context_tokens, ask)

    def take_back(self, owner: object) -> None:
        """Forget what a client lent; harmless when it lent nothing."""
        for name in tuple(self._lent):
            self._lent[name].pop(owner, None)
            if not self._lent[name]:
                del self._lent[name]

    def find(self, name: str) -> Lent | None:
        """Return who is asked for a model now."""
        lent = self._lent.get(name)
        return next(reversed(lent.values()), None) if lent else None

    def open(self, name: str) -> Provider:
        """Return a provider that has the client ask.

        Raises:
            NoModel: nobody lends a model of that name.
        """
        lent = self.find(name)
        if lent is None:
            there_are = f": there are {', '.join(self.names[:8])}" if self._lent else ""
            raise NoModel(
                f"no editor that is connected lends {name!r}{there_are}; open an editor that can "
                "ask it on this workspace, or name another model"
            )
        return LentProvider(name, self, own_price_of(name, self._prices), lent.context_tokens)


class LentProvider:
    """A model that whoever lends it asks; it outlives the client, and finds the next one."""

    accepts_grammar = False
    hidden_output_tokens = 0

    def __init__(
        self, model: str, lending: Lending, price: Price | None, context_tokens: int
    ) -> None:
        """Describe the model as it is lent now."""
        self.model = model
        self.price = price
        vendor = model.removeprefix(LENT_PREFIX).partition("/")[0]
        self.destination = Destination(f"{vendor}, asked by the editor", is_loopback=False)
        self._lending = lending
        self._context_tokens = context_tokens

    @property
    def context_tokens(self) -> int:
        """As whoever lends it now says; as the last one said when nobody does."""
        lent = self._lending.find(self.model)
        if lent is not None:
            self._context_tokens = lent.context_tokens
        return self._context_tokens

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Return how many tokens the messages have, estimated upwards."""
        return estimate_messages(messages)

    async def prepare(self, on_progress: OnProgress) -> None:
        """Be ready at once."""

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        """Have the client ask once: deltas, then one `Completion`.

        An editor cannot tell a model where to end, so an answer of far more than was asked for is
        ended here.

        Raises:
            ModelError: no whole answer came.
        """
        lent = self._lending.find(self.model)
        if lent is None:
            raise Unavailable(
                f"no editor lends {self.model!r} any more: open the editor again", was_sent=False
            )
        room = _CHARACTERS_A_TOKEN * request.max_output_tokens
        text = ""
        await on_record()
        async with lent.ask(_question(self.model, request)) as answering:
            while room > 0 and (piece := await answering.next_piece()) is not None:
                room -= len(piece)
                text += piece
                yield TextDelta(piece)
            if room <= 0:
                usage = self._usage(request, text, AskResult())
                yield Completion(text, usage, FinishReason.LENGTH)
                return
            result = answering.result()
        if result.failure is not None:
            raise _error_of(self.model, result.failure)
        yield Completion(text, self._usage(request, text, result), FinishReason.STOP)

    async def aclose(self) -> None:
        """Let go of nothing: the client holds the model."""

    def _usage(self, request: ModelRequest, text: str, result: AskResult) -> Usage:
        read, written = result.input_tokens, result.output_tokens
        return Usage(
            self.count_tokens(request.messages) if read is None else read,
            0,
            0,
            estimate_text(text) if written is None else written,
            is_estimated=True,
        )


def _question(model: str, request: ModelRequest) -> AskParams:
    return AskParams(
        model=model,
        messages=tuple(
            AskMessage(role=each.role, content=each.content) for each in request.messages
        ),
        max_output_tokens=request.max_output_tokens,
        partial_result_token="",
    )


def _error_of(model: str, failure: str) -> ModelError:
    match failure:
        case "notPermitted":
            return Authentication(
                f"the editor does not let Pairwright ask {model!r}: allow it there, and try again"
            )
        case "blocked":
            return OutOfCredit(
                f"the editor blocks {model!r} for now: its quota is used up, or it is switched off"
            )
        case "notFound":
            return Rejected(f"the editor has no {model!r} any more: name another model")
        case "tooLong":
            return ContextOverflow(f"the prompt is longer than {model!r} reads: send fewer files")
        case "refused":
            return Refused(f"{model!r} declined to answer: word the instruction differently")
        case _:
            return Unavailable(f"the editor could not ask {model!r}: its log says why")


def _check(models: tuple[LentModel, ...]) -> None:
    if len(models) > MOST_LENT:
        raise InvalidRequest(f"models: more than {MOST_LENT} are lent")
    for model in models:
        if not (_NAME.fullmatch(model.name) and model.name.isprintable()):
            raise InvalidRequest(
                f"models: {model.name[:100]!r} is no name: write editor/VENDOR/FAMILY"
            )
        if not 0 < model.context_tokens <= _MOST_CONTEXT_TOKENS:
            raise InvalidRequest(f"models: {model.name!r} reads no {model.context_tokens} tokens")
