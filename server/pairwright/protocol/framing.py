"""How is a message wrapped for the way? In the header of the LSP's base protocol.

Unwrapping is each side's own: the daemon trusts nobody, the client reads without an event loop.
"""


def frame(body: bytes) -> bytes:
    """Return a message's body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
