"""Who is asked when a provider is out? The next of a list that the user wrote, and nobody else.

Each model of the list has its own meter, so that every call is reserved and recorded at the price
of whoever is asked. Who took over stays for the rest of the task.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pairwright.errors import ModelError, NotDisclosed
from pairwright.ledger.metered import MeteredModel
from pairwright.llm.model import Completion, ModelRequest, OnText, Tier


@dataclass(frozen=True, slots=True)
class Replacement:
    """One model took the place of another."""

    tier: Tier
    model: str
    replaced_by: str
    reason: str
    """One sentence, for a person."""


class ModelWithFallbacks:
    """One role's model for one task, as strategies hold it, and who takes its place."""

    def __init__(
        self, models: Sequence[MeteredModel], on_replaced: Callable[[Replacement], None]
    ) -> None:
        """Begin with the first.

        Args:
            models: at least one, in the order in which they are asked.
            on_replaced: told when one takes the place of another.
        """
        self._models = tuple(models)
        self._at = 0
        self._on_replaced = on_replaced

    @property
    def tier(self) -> Tier:
        """Weak or strong."""
        return self._present.tier

    @property
    def name(self) -> str:
        """Of the model that is asked now."""
        return self._present.name

    @property
    def accepts_grammar(self) -> bool:
        """Whether the model that is asked now honours `ModelRequest.grammar`."""
        return self._present.accepts_grammar

    @property
    def context_tokens(self) -> int:
        """How many tokens the model that is asked now has for prompt and seen answer."""
        return self._present.context_tokens

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        """Ask; on an outage ask the next one that can read the request.

        What was handed on cannot be taken back: from then on a failure is final.

        Raises:
            BudgetExceeded, UserError, ModelError: see `MeteredModel.complete`.
        """
        is_heard = False

        async def hear(text: str) -> None:
            nonlocal is_heard
            is_heard = True
            if on_text is not None:
                await on_text(text)

        outage: ModelError | None = None
        while True:
            model = self._present
            try:
                return await model.complete(
                    _for(model, request), step=step, on_text=hear if on_text else None
                )
            except ModelError as error:
                if is_heard or not error.is_outage or not self._replace(model, request, error):
                    raise
                outage = error
            except NotDisclosed:
                # Nothing may be sent to whoever would take over: then it is as if there were none.
                if outage is None:
                    raise
                raise outage from None

    @property
    def _present(self) -> MeteredModel:
        return self._models[self._at]

    def _replace(self, model: MeteredModel, request: ModelRequest, error: ModelError) -> bool:
        if model is not self._present:
            return True  # a call at the same time has done it
        for at in range(self._at + 1, len(self._models)):
            if self._models[at].can_read(request):
                self._at = at
                self._on_replaced(
                    Replacement(model.tier, model.name, self._present.name, str(error))
                )
                return True
        return False


def _for(model: MeteredModel, request: ModelRequest) -> ModelRequest:
    """Return the request as this model takes it: it was worded for another perhaps."""
    return request if model.accepts_grammar else replace(request, grammar=None)
