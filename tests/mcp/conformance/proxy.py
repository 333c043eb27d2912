"""How does the suite, which knows no token, reach an endpoint that wants one?

A proxy of one connection at a time each way: it adds the token, and puts the endpoint's own port
where its own is named. All else goes through as it came, forged headers too.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def adding_token(port: int, token: str) -> AsyncIterator[int]:
    """Listen before the endpoint; gives the proxy's port."""

    connected: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connected.add(task)
        back = writer
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                head = await reader.readuntil(b"\r\n\r\n")
                there, back = await asyncio.open_connection("127.0.0.1", port)
                back.write(_rewritten(head, own_port, port, token))
                async with asyncio.TaskGroup() as group:
                    group.create_task(_pump(reader, back))
                    group.create_task(_pump(there, writer))
        finally:
            for end in (writer, back):
                end.transport.abort()
            connected.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1024 * 1024)
    own_port: int = server.sockets[0].getsockname()[1]
    async with server:
        yield own_port
    for task in tuple(connected):
        task.cancel()
    if connected:
        await asyncio.wait(connected)


def _rewritten(head: bytes, own_port: int, port: int, token: str) -> bytes:
    request, *headers = head.rstrip(b"\r\n").split(b"\r\n")
    kept = [line for line in headers if not line.lower().startswith(b"connection:")]
    kept = [line.replace(b":%d" % own_port, b":%d" % port) for line in kept]
    added = [b"Connection: close", b"Authorization: Bearer " + token.encode()]
    return b"\r\n".join((request, *kept, *added)) + b"\r\n\r\n"


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while received := await source.read(65536):
            target.write(received)
            await target.drain()
    with suppress(OSError):
        target.close()
        await target.wait_closed()
