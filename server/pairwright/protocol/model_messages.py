"""What is told of the models that a task asks?"""

from typing import Literal

from pairwright.protocol.message import message


@message
class ModelReplaced:
    """A model is out of reach, and a fallback of the user's settings is asked in its place."""

    kind: Literal["modelReplaced"] = "modelReplaced"
    tier: Literal["weak", "strong"]
    model: str
    replaced_by: str
    """For the rest of the task."""
    reason: str
    """One sentence."""
