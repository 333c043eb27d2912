"""What can go wrong, drawn as one family.

    PairwrightError
      UserError               shown as written; exit code 2 when nothing was attempted
        UnknownStrategy
        InvalidRequest        an empty instruction, an impossible line range
        InvalidSettings
        PathOutsideWorkspace
        ProtectedPath
        UnreadableFile        missing, binary, undecodable, too large
        NoModel               nothing to ask: says how to get a model
        NotDisclosed          it would leave this machine, and may not
        NoKeyring             the system's keyring cannot be asked
        UnknownTask
        UnknownPlan
        NeedsGrant            the client may not write or spend: says how it may
      StaleChange             the text moved on and the change cannot follow
      BudgetExceeded          what was spent, and what the next call could have cost
      EditMismatch            fed back to the model; reaches a person only after repair failed
      ModelError              retryable or not, an outage or not
        Rejected              the provider said no before it did any work
          Authentication
          OutOfCredit
          RateLimited
          ContextOverflow
        Unavailable
        CircuitOpen           not asked at all: its endpoint failed too often in a row
        Refused
        Truncated
        DownloadFailed        an embedded model could not be fetched or verified

Anything else is a bug. A message states what happened, names the thing, and says what to do; it
never holds a provider's raw answer, a traceback or a path outside the workspace.
"""

from decimal import Decimal


class PairwrightError(Exception):
    """Everything that we raise on purpose."""


class UserError(PairwrightError):
    """The request cannot be met as it was made; the message is shown as written."""


class UnknownStrategy(UserError):
    """No strategy has that name."""


class InvalidRequest(UserError):
    """The request contradicts itself or lacks something."""


class InvalidSettings(UserError):
    """A settings file cannot be read or holds a value that makes no sense."""


class PathOutsideWorkspace(UserError):
    """A path that leaves the workspace, or that no workspace can contain."""


class ProtectedPath(UserError):
    """A path inside the workspace that no change may touch."""


class UnreadableFile(UserError):
    """A file that is missing, binary, undecodable or too large."""


class NoModel(UserError):
    """There is no model to ask."""


class NotDisclosed(UserError):
    """Something would have left this machine that may not; nothing was sent."""


class NoKeyring(UserError):
    """The system's keyring cannot be asked; the message quotes nothing of what it said."""


class UnknownTask(UserError):
    """No task, change or hunk has that id."""


class UnknownPlan(UserError):
    """No plan has that id."""


class NeedsGrant(UserError):
    """The client may not do this before a person grants it."""


class StaleChange(PairwrightError):
    """The text moved on since the change was made, and the change cannot follow."""


class BudgetExceeded(PairwrightError):
    """The next model call could cost more than what is left under a cap."""

    def __init__(
        self,
        message: str,
        *,
        cap_usd: Decimal,
        spent_usd: Decimal,
        needed_usd: Decimal | None,
        unpriced_model: str = "",
    ) -> None:
        """Keep the figures; `needed_usd` is None when the call of `unpriced_model` has no price."""
        super().__init__(message)
        self.cap_usd = cap_usd
        self.spent_usd = spent_usd
        self.needed_usd = needed_usd
        self.unpriced_model = unpriced_model


class EditMismatch(PairwrightError):
    """A model's edit does not fit the text; `reason` is written for the model to read."""

    def __init__(self, reason: str, *, path: str) -> None:
        """Keep the path and the reason apart, so that each face can lay them out."""
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class ModelError(PairwrightError):
    """A model did not answer."""

    retryable = False
    """Whether the same request may be answered a little later."""
    is_outage = False
    """Whether another provider may answer where this one did not."""


class Rejected(ModelError):
    """The provider said no before it did any work, so that nothing is billed."""


class Authentication(Rejected):
    """The provider does not accept the key, or there is none."""

    is_outage = True


class OutOfCredit(Rejected):
    """The account has no credit or quota left."""

    is_outage = True


class RateLimited(Rejected):
    """Too many requests; `retry_after_s` is the provider's wish, None when it gave none."""

    retryable = True
    is_outage = True

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        """Keep the provider's wish."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ContextOverflow(Rejected):
    """The prompt is longer than the model reads."""


class Unavailable(ModelError):
    """The provider cannot be reached, failed, or took too long."""

    retryable = True
    is_outage = True

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, was_sent: bool = True
    ) -> None:
        """Keep the provider's wish, and whether it can have read the request at all."""
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.was_sent = was_sent


class CircuitOpen(ModelError):
    """The endpoint failed so often in a row that it is left alone for a while."""

    is_outage = True


class Refused(ModelError):
    """The provider or the model declined to answer."""


class Truncated(ModelError):
    """The answer ended before its end marker; it is charged and never applied."""


class DownloadFailed(ModelError):
    """An embedded model could not be fetched, verified or stored."""
