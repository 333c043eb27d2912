"""What are models asked beside edits? Plans, votes and summaries, remembered as they are answered.

Edits are remembered with what the gate says of them, which only the strategies' events tell.
"""

from pairwright.engine.tasks.remembering import TaskMemory
from pairwright.llm.model import Completion, Model, ModelRequest, OnText
from pairwright.llm.standing_in import ModelStandIn

_EDITS = frozenset({"edit", "repair"})


class Overheard(ModelStandIn):
    """A model that is listened to."""

    def __init__(self, model: Model, memory: TaskMemory) -> None:
        """Listen to a model for a task."""
        super().__init__(model)
        self._memory = memory

    async def complete(
        self, request: ModelRequest, *, step: str, on_text: OnText | None = None
    ) -> Completion:
        """Ask; see `Model.complete`."""
        completion = await super().complete(request, step=step, on_text=on_text)
        if step not in _EDITS:
            self._memory.answered(self._model, step, request.messages, completion.text)
        return completion
