"""How does a client connect that cannot reach the daemon's socket? Over loopback, with a token."""

import socket
from pathlib import Path

from pairwright.protocol.loopback import HOST, Door
from pairwright_client.errors import DaemonUnavailable

_CONNECT_S = 5.0


def connect(place: Path) -> socket.socket:
    """Return a connection to the daemon that wrote this file, past its door.

    Raises:
        InvalidSettings: the file cannot be read, or is no such file.
        DaemonUnavailable: nobody listens there.
    """
    door = Door.read(place)
    try:
        peer = socket.create_connection((HOST, door.port), timeout=_CONNECT_S)
    except OSError as error:
        reason = error.strerror or "no answer"
        raise DaemonUnavailable(
            f"no daemon listens on port {door.port}, which {str(place)!r} names ({reason}): "
            "start one with 'pairwright daemon --tcp'"
        ) from None
    peer.settimeout(None)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(door.first_line)
    return peer
