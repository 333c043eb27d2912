"""How does one provider or model stand before another? As that one, in all it does not change."""

from collections.abc import AsyncGenerator

from pairwright.llm.destinations import Destination
from pairwright.llm.model import (
    Completion,
    Message,
    Model,
    ModelRequest,
    OnProgress,
    OnText,
    Price,
    Provider,
    TextDelta,
    Tier,
)


class StandIn:
    """A `Provider` that passes everything on; what stands before another changes what it must."""

    def __init__(self, provider: Provider) -> None:
        """Stand before a provider."""
        self._provider = provider

    @property
    def model(self) -> str:
        """See `Provider.model`."""
        return self._provider.model

    @property
    def destination(self) -> Destination:
        """See `Provider.destination`."""
        return self._provider.destination

    @property
    def accepts_grammar(self) -> bool:
        """See `Provider.accepts_grammar`."""
        return self._provider.accepts_grammar

    @property
    def context_tokens(self) -> int:
        """See `Provider.context_tokens`."""
        return self._provider.context_tokens

    @property
    def hidden_output_tokens(self) -> int:
        """See `Provider.hidden_output_tokens`."""
        return self._provider.hidden_output_tokens

    @property
    def price(self) -> Price | None:
        """See `Provider.price`."""
        return self._provider.price

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """See `Provider.count_tokens`."""
        return self._provider.count_tokens(messages)

    async def prepare(self, on_progress: OnProgress) -> None:
        """See `Provider.prepare`."""
        await self._provider.prepare(on_progress)

    def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | Completion, None]:
        """See `Provider.stream`."""
        return self._provider.stream(request)

    async def aclose(self) -> None:
        """See `Provider.aclose`."""
        await self._provider.aclose()


class ModelStandIn:
    """A `Model` that passes everything on; what stands before another changes what it must."""

    def __init__(self, model: Model) -> None:
        """Stand before a model."""
        self._model = model

    @property
    def tier(self) -> Tier:
        """See `Model.tier`."""
        return self._model.tier

    @property
    def name(self) -> str:
        """See `Model.name`."""
        return self._model.name

    @property
    def accepts_grammar(self) -> bool:
        """See `Model.accepts_grammar`."""
        return self._model.accepts_grammar

    @property
    def context_tokens(self) -> int:
        """See `Model.context_tokens`."""
        return self._model.context_tokens

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        """See `Model.complete`."""
        return await self._model.complete(request, step=step, on_text=on_text)
