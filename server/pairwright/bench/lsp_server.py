"""What does the editor's face do meanwhile? The real engine on a socket, with a probe of its loop.

A process of its own. Its index begins with nothing, as soon as it is told to.
"""

import asyncio
import gc
import os
import sys
import time
from pathlib import Path
from typing import Any

from pairwright.bench.children import hear, say
from pairwright.bench.lag import LoopLag
from pairwright.engine.background import in_background, take_short_turns
from pairwright.engine.engine import Engine
from pairwright.lsp.features import SessionFeatures
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.server import serve_client
from pairwright.lsp.stream.connection import Connection
from pairwright.settings import Settings


def main() -> int:
    """Serve until whoever started this process says so."""
    gc.disable()  # until all is open, as the daemon does
    take_short_turns()
    asyncio.run(_serve(hear()))
    return 0


async def _serve(request: dict[str, Any]) -> None:
    root = Path(request["root"])
    async with LoopLag() as lag:
        engine = await Engine.open(
            root,
            Settings.model_validate(request["settings"]),
            state_dir=Path(request["state"]),
            cache_dir=Path(request["cache"]),
            env={"OPENAI_API_KEY": "none"},
        )

        async def open_features(connection: Connection, traits: ClientTraits) -> SessionFeatures:
            return SessionFeatures(connection, engine.open_session(traits.name), traits, root)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await serve_client(reader, writer, root=root, open_features=open_features)

        gc.freeze()
        gc.enable()
        server = await asyncio.start_unix_server(serve, request["socket"])
        began = time.monotonic()
        say({"listens": True})
        indexed = in_background(_tell_when_indexed(engine, began), "indexed")
        while (await asyncio.to_thread(hear)).get("figures"):
            await indexed
            say({"lag": lag.figures(), "processor_s": time.process_time()})
            lag.forget()
        server.close()
        await engine.close()
    # A thread may still import a library; nobody waits for it.
    os._exit(0)


async def _tell_when_indexed(engine: Engine, began: float) -> None:
    session = engine.open_session("bench")
    await session.queries.complete(lambda progress: None)
    say({"indexed_s": time.monotonic() - began})
    await session.close()


if __name__ == "__main__":
    sys.exit(main())
