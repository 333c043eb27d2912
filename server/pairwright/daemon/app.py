"""How does the daemon live? It takes the lock, listens, loads, serves and ends.

It listens before it loads: a client's `initialize` is answered while the engine is imported and the
workspace is read, and whatever needs the engine waits for it.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import NoReturn

from pairwright.daemon.backend import Backend, Load, OpenBackend
from pairwright.daemon.listen import Clients, listening
from pairwright.daemon.lock import AlreadyRunning, sole_daemon
from pairwright.daemon.logs import logging_to
from pairwright.errors import PairwrightError
from pairwright.lsp.connection import Connection
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.server import Features, serve_client
from pairwright.protocol.rendezvous import Rendezvous

_FAILED_IDLE_S = 1.0
_log = logging.getLogger(__name__)


def main(args: argparse.Namespace) -> int:
    """Run the command `daemon`; that the workspace has a daemon already is a success."""
    if not args.workspace.is_dir():
        sys.stderr.write(f"not a directory: {str(args.workspace)!r}\n")
        return 2
    return run_to_end(args.workspace, load=partial(load_engine, args.state_dir))


def run_to_end(root: Path, *, load: Load) -> NoReturn:
    """Be the workspace's daemon, then end the process."""
    exit_code = 0
    with asyncio.Runner() as runner:
        try:
            runner.run(run_daemon(root, load=load))
        except AlreadyRunning:
            sys.stderr.write("the workspace has a daemon already\n")
        except PairwrightError as error:
            sys.stderr.write(f"{error}\n")
            exit_code = 2
        sys.stderr.flush()
        # All is closed. A thread may still import a library, for seconds: it holds nothing, and
        # the usual way out would wait for it while somebody waits for us.
        os._exit(exit_code)


def load_engine(state_directory: Path | None) -> OpenBackend:
    """Import the engine and all below it; None: the workspace's own state directory."""
    # Not at the top: it takes longer than a client may wait for its first answer.
    from pairwright.daemon.composition import open_backend

    return partial(open_backend, state_directory=state_directory)


async def run_daemon(root: Path, *, load: Load) -> None:
    """Be the daemon of a workspace until nobody needs it or a signal ends it.

    Raises:
        AlreadyRunning: the workspace has a daemon.
        InvalidSettings: there is no safe place to listen.
    """
    rendezvous = Rendezvous.for_workspace(root)
    with sole_daemon(rendezvous.lock), logging_to(rendezvous.directory / "daemon.log", os.environ):
        _log.info("daemon of %s starts", rendezvous.root)
        await Daemon(rendezvous, load).run()
        _log.info("daemon ends")


class Daemon:
    """One workspace's daemon; its caller holds the lock."""

    def __init__(self, rendezvous: Rendezvous, load: Load) -> None:
        """Use `run`."""
        self._rendezvous = rendezvous
        self._load = load
        self._backend: asyncio.Future[Backend] = asyncio.get_running_loop().create_future()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Serve until idle or told to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        try:
            async with (
                asyncio.TaskGroup() as group,
                listening(self._rendezvous.socket, self._serve_client) as clients,
            ):
                background = (
                    group.create_task(self._open()),
                    group.create_task(self._stop_when_idle(clients)),
                )
                await self._stop.wait()
                for task in background:
                    task.cancel()
        finally:
            if (backend := self._opened()) is not None:
                await backend.close()

    async def _open(self) -> None:
        try:
            open_backend = await asyncio.to_thread(self._load)
            self._backend.set_result(await open_backend(self._rendezvous.root))
        except Exception as error:
            # The clients are told; the daemon must live long enough to do so.
            _log.error("the workspace cannot be opened", exc_info=error)
            self._backend.set_exception(error)

    async def _stop_when_idle(self, clients: Clients) -> None:
        await asyncio.wait([self._backend])
        backend = self._opened()
        await clients.none_for(backend.idle_shutdown_s if backend else _FAILED_IDLE_S)
        self._stop.set()

    async def _serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await serve_client(
            reader, writer, root=self._rendezvous.root, open_features=self._open_features
        )

    async def _open_features(self, connection: Connection, traits: ClientTraits) -> Features:
        backend = await asyncio.shield(self._backend)
        return await backend.open_features(connection, traits)

    def _opened(self) -> Backend | None:
        """Return the backend; None when it is not open, or could not be opened."""
        if not self._backend.done() or self._backend.exception() is not None:
            return None
        return self._backend.result()
