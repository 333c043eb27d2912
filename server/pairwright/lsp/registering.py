"""How does a client learn what the settings add to what `initialize` offered?"""

import logging
from collections.abc import Iterable

from pairwright.lsp.code.switches import Feature
from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError

_TIMEOUT_S = 30.0
_log = logging.getLogger(__name__)


async def register(connection: Connection, features: Iterable[Feature]) -> None:
    """Register features with a client that lets us (LSP 3.17, `client/registerCapability`)."""
    registrations = [
        {"id": f"pairwright-{feature.name}", "method": feature.methods[0], "registerOptions": {}}
        for feature in features
    ]
    try:
        await connection.request(
            "client/registerCapability", {"registrations": registrations}, timeout_s=_TIMEOUT_S
        )
    except (ProtocolError, ClientGone, TimeoutError) as error:
        _log.info("features were not registered: %s", str(error) or "no answer in time")
