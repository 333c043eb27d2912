"""Which settings does the daemon refuse? Said before a task begins: it may not be as was meant."""

import sys

from pairwright.protocol.terminal import visible
from pairwright_client.client import DaemonClient


async def tell_refused_settings(client: DaemonClient) -> None:
    """Write a line for each refused setting to standard error, which no program parses."""
    status = await client.status()
    for problem in status.settings_problems:
        sys.stderr.write(f"pairwright: settings: {visible(problem)}\n")
