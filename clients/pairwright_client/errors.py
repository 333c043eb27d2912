"""What can go wrong on the client's side of the socket?

    ClientError             shown as written; carries the exit code
      UsageError            nothing was attempted
      DaemonUnavailable     no daemon could be reached or started
      ConnectionLost        the daemon went away, or said what is no message
      RemoteError           the daemon's own answer

Light to import: the forwarder and `--help` know it.
"""

from pairwright.errors import PairwrightError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


class ClientError(PairwrightError):
    """Everything that the client raises on purpose."""

    exit_code = EXIT_FAILED


class UsageError(ClientError):
    """The command cannot be carried out as it was given."""

    exit_code = EXIT_USAGE


class DaemonUnavailable(ClientError):
    """There is no daemon, and none could be started."""


class ConnectionLost(ClientError):
    """The other side closed the connection or broke the protocol."""


class RemoteError(ClientError):
    """The daemon answered a request with an error."""

    def __init__(
        self, code: int, message: str, *, exit_code: int = EXIT_FAILED, unpriced_model: str = ""
    ) -> None:
        """Keep the JSON-RPC code; the message is the daemon's sentence.

        `unpriced_model` names the model that was not asked because nobody knows its price.
        """
        super().__init__(message)
        self.code = code
        self.exit_code = exit_code
        self.unpriced_model = unpriced_model
