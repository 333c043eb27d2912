"""Where can an assistant that speaks HTTP reach the daemon? Said on the daemon's second socket."""

from pairwright.protocol.message import message


@message
class HttpEndpoint:
    """An address that is open as long as its asker stays connected."""

    url: str
    """Of MCP's streamable HTTP; the port is another one each time."""
    token_file: str
    """Holds the bearer token that each request must bring; only this user can read it."""
