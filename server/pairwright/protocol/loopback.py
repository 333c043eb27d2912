"""How is a daemon reached whose socket cannot be? Over loopback, with a token before all else.

Only where the daemon was started with `--tcp`. Port and token stand in a file that only its user
can read, so whoever knows them can read that file.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from pairwright.errors import InvalidSettings

HOST = "127.0.0.1"
TCP_FILE = "tcp.json"
"""In the daemon's own directory: the port and the token."""
_GREETING = b"PAIRWRIGHT "


@dataclass(frozen=True, slots=True)
class Door:
    """Where to knock, and what to say."""

    port: int
    token: str

    @property
    def first_line(self) -> bytes:
        """What comes before the first byte of the protocol."""
        return greeting(self.token)

    def written(self) -> str:
        """Return what stands in the file."""
        return json.dumps({"port": self.port, "token": self.token})

    @classmethod
    def read(cls, place: Path) -> "Door":
        """Read the file.

        Raises:
            InvalidSettings: it cannot be read, or says nothing of the kind.
        """
        try:
            said = json.loads(place.read_text("utf-8"))
        except OSError as error:
            reason = error.strerror or "unknown reason"
            raise InvalidSettings(f"{str(place)!r} cannot be read: {reason}") from None
        except ValueError:
            said = None
        port = said.get("port") if isinstance(said, dict) else None
        token = said.get("token") if isinstance(said, dict) else None
        if not isinstance(port, int) or not 0 < port < 65536 or not isinstance(token, str):
            raise InvalidSettings(
                f"{str(place)!r} does not say where the daemon listens: name the {TCP_FILE!r} of a "
                "daemon that was started with '--tcp'"
            )
        return cls(port, token)


def greeting(token: str) -> bytes:
    """Return the line that shows a token."""
    return _GREETING + token.encode() + b"\n"
