"""What does a client lend? Models that its editor may ask, for whoever works in this workspace."""

from typing import Literal

from pairwright.protocol.message import message


@message
class LentModel:
    """A model that the client asks for us."""

    name: str
    """`editor/VENDOR/FAMILY`: what a person writes into the settings."""
    context_tokens: int
    """How many tokens it reads at once."""


@message
class LendParams:
    """All that the client lends from now on; what it lent before and is missing here, no more."""

    models: tuple[LentModel, ...]


@message
class LendResult:
    """What clients lend now, in alphabetical order."""

    lent: tuple[str, ...]


@message
class AskMessage:
    """One turn of the conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@message
class AskParams:
    """A question for a model that the client lends; what comes of it goes to the token."""

    model: str
    messages: tuple[AskMessage, ...]
    max_output_tokens: int
    partial_result_token: str
    """For `AskDelta`, as `$/progress`."""


@message
class AskDelta:
    """The next piece of the answer."""

    text: str


AskFailure = Literal["notPermitted", "blocked", "notFound", "tooLong", "refused", "failed"]


@message
class AskResult:
    """How it ended: the answer is whole, unless there is a failure."""

    failure: AskFailure | None = None
    input_tokens: int | None = None
    """As the editor counts them for this model; None: it does not."""
    output_tokens: int | None = None
