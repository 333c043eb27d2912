"""May a client bring back what we gave it to carry? Sealed: it can be neither read nor made.

Servers of 2026-07-28 keep no state between the rounds of one request; the client carries it.
"""

from mcp.server.mcpserver import RequestStateSecurity

TTL_S = 3600.0
"""How long a person may think about a question."""


def sealing(key: bytes, *, client_name: str, workspace: str) -> RequestStateSecurity:
    """Return what seals state for one client of one workspace: nobody else's can be opened."""
    return RequestStateSecurity(
        keys=[key],
        ttl=TTL_S,
        bind_principal=lambda context: client_name,
        audience=f"pairwright {workspace}",
    )
