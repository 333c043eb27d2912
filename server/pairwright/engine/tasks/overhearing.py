"""What are models asked beside edits? Plans, votes and summaries, remembered as they are answered.

Edits are remembered with what the gate says of them, which only the strategies' events tell.
"""

from pairwright.engine.tasks.remembering import TaskMemory
from pairwright.llm.model import Completion, Model, ModelRequest, OnText, Tier

_EDITS = frozenset({"edit", "repair"})


class Overheard:
    """A model that is listened to."""

    def __init__(self, model: Model, memory: TaskMemory) -> None:
        """Listen to a model for a task."""
        self._model = model
        self._memory = memory

    @property
    def tier(self) -> Tier:
        """Weak or strong."""
        return self._model.tier

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def accepts_grammar(self) -> bool:
        """Whether it honours a request's grammar."""
        return self._model.accepts_grammar

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and seen answer may have together."""
        return self._model.context_tokens

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        """Ask; see `Model.complete`."""
        completion = await self._model.complete(request, step=step, on_text=on_text)
        if step not in _EDITS:
            self._memory.answered(self._model, step, request.messages, completion.text)
        return completion
