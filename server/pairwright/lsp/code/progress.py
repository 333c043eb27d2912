"""How far is the first indexing? Shown by the client as work that the server began by itself.

LSP 3.17, "Server Initiated Progress". Quick work shows nothing, and what is shown changes seldom:
a bar that flashes tells nobody anything.
"""

import asyncio
import secrets

from pairwright.engine.questions.queries import Queries
from pairwright.lsp.stream.connection import ClientGone, Connection
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.protocol.index_messages import IndexProgress

SHOWN_AFTER_S = 0.5
"""Seconds that indexing takes before it is worth a word."""
CHANGES_EVERY_S = 0.25
"""Seconds between two reports, at least."""
_CREATE_TIMEOUT_S = 10.0


async def show_indexing(connection: Connection, queries: Queries) -> None:
    """Show how far the index is until it is complete; nothing when it soon is."""
    try:
        async with asyncio.timeout(SHOWN_AFTER_S):
            await queries.complete(_say_nothing)
    except TimeoutError:
        token = f"pairwright-indexing-{secrets.token_hex(4)}"
        if await _is_taken(connection, token):
            await _show(connection, queries, token)


async def _is_taken(connection: Connection, token: str) -> bool:
    """Ask the client to take progress under a token."""
    try:
        params = {"token": token}
        method = "window/workDoneProgress/create"
        await connection.request(method, params, timeout_s=_CREATE_TIMEOUT_S)
    except (ProtocolError, ClientGone, TimeoutError):
        return False
    return True


async def _show(connection: Connection, queries: Queries, token: str) -> None:
    loop = asyncio.get_running_loop()
    highest, said_at = _percentage(queries.progress), loop.time()

    def on_progress(progress: IndexProgress) -> None:
        nonlocal highest, said_at
        if loop.time() - said_at >= CHANGES_EVERY_S:
            # New files may come meanwhile: but a bar never goes back.
            highest, said_at = max(highest, _percentage(progress)), loop.time()
            report = {"kind": "report", "percentage": highest, "message": _message(progress)}
            connection.progress_latest(token, report)

    await connection.progress(
        token,
        {
            "kind": "begin",
            "title": "Indexing",
            "cancellable": False,
            "percentage": highest,
            "message": _message(queries.progress),
        },
    )
    await queries.complete(on_progress)
    await connection.progress(
        token, {"kind": "end", "message": f"{queries.progress.files:,} files"}
    )


def _percentage(progress: IndexProgress) -> int:
    return 100 * (progress.files - progress.pending) // max(progress.files, 1)


def _message(progress: IndexProgress) -> str:
    return f"{progress.files - progress.pending:,} of {progress.files:,} files"


def _say_nothing(_: IndexProgress) -> None:
    pass
