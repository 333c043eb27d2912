"""How does the daemon live? It takes the lock, listens, loads, serves and ends.

It listens before it loads: a client's `initialize` is answered while the index is imported and the
workspace is read. The rest of the engine is loaded when something needs it, or after a moment.
"""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

from pairwright.daemon.assistants import Assistants
from pairwright.daemon.backend import Backend, Foundation, Load, OpenFoundation
from pairwright.daemon.listen import Clients, listening
from pairwright.daemon.lock import AlreadyRunning, sole_daemon
from pairwright.daemon.logs import logging_to
from pairwright.daemon.tcp import listening_on_loopback
from pairwright.errors import PairwrightError
from pairwright.index.heap import share_one_heap
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.server import Features, Requests, serve_client
from pairwright.lsp.stream.connection import Connection
from pairwright.protocol.loopback import TCP_FILE
from pairwright.protocol.rendezvous import Rendezvous
from pairwright.workspace.listing import Listing

_FAILED_IDLE_S = 1.0
_REST_S = 0.5
"""Seconds that the rest of the engine waits for the first answers, unless it is needed for one."""
T = TypeVar("T")
_log = logging.getLogger(__name__)


def main(args: argparse.Namespace) -> int:
    """Run the command `daemon`; that the workspace has a daemon already is a success."""
    if not args.workspace.is_dir():
        sys.stderr.write(f"not a directory: {str(args.workspace)!r}\n")
        return 2
    load = partial(
        load_foundation, args.workspace, args.state_dir, is_local_only=args.is_local_only
    )
    return run_to_end(args.workspace, load=load, is_tcp_wanted=args.is_tcp_wanted)


def run_to_end(root: Path, *, load: Load, is_tcp_wanted: bool = False) -> NoReturn:
    """Be the workspace's daemon, then end the process."""
    exit_code = 0
    share_one_heap()
    gc.disable()  # until all is loaded: nothing of what is made till then is garbage
    with asyncio.Runner() as runner:
        try:
            runner.run(run_daemon(root, load=load, is_tcp_wanted=is_tcp_wanted))
        except AlreadyRunning:
            sys.stderr.write("the workspace has a daemon already\n")
        except PairwrightError as error:
            sys.stderr.write(f"{error}\n")
            exit_code = 2
        sys.stderr.flush()
        # All is closed. A thread may still import a library, for seconds: it holds nothing, and
        # the usual way out would wait for it while somebody waits for us.
        os._exit(exit_code)


def load_foundation(
    root: Path, state_directory: Path | None, *, is_local_only: bool = False
) -> OpenFoundation:
    """Import the index and all below it; None: the workspace's own state directory."""
    listing = Listing(root)  # meanwhile
    # Not at the top: it takes longer than a client may wait for its first answer.
    from pairwright.daemon.foundation import open_foundation

    return partial(
        open_foundation,
        listing=listing,
        state_directory=state_directory,
        is_local_only=is_local_only,
    )


async def run_daemon(root: Path, *, load: Load, is_tcp_wanted: bool = False) -> None:
    """Be the daemon of a workspace until nobody needs it or a signal ends it.

    With `is_tcp_wanted` it also listens on loopback, for those who show a token.

    Raises:
        AlreadyRunning: the workspace has a daemon.
        InvalidSettings: there is no safe place to listen.
    """
    rendezvous = Rendezvous.for_workspace(root)
    with sole_daemon(rendezvous.lock), logging_to(rendezvous.directory / "daemon.log", os.environ):
        _log.info("daemon of %s starts", rendezvous.root)
        await Daemon(rendezvous, load, is_tcp_wanted=is_tcp_wanted).run()
        _log.info("daemon ends")


class Daemon:
    """One workspace's daemon; its caller holds the lock."""

    def __init__(self, rendezvous: Rendezvous, load: Load, *, is_tcp_wanted: bool = False) -> None:
        """Use `run`."""
        self._is_tcp_wanted = is_tcp_wanted
        self._rendezvous = rendezvous
        self._load = load
        loop = asyncio.get_running_loop()
        self._foundation: asyncio.Future[Foundation] = loop.create_future()
        self._backend: asyncio.Future[Backend] = loop.create_future()
        self._is_needed = asyncio.Event()
        """Whether somebody waits for the backend."""
        self._stop = asyncio.Event()
        self._clients: Clients
        """Known as soon as it listens."""
        self._assistants = Assistants(self._backend, self._is_needed, lambda: self._clients.guest())

    async def run(self) -> None:
        """Serve until idle or told to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        try:
            async with (
                AsyncExitStack() as opened,
                asyncio.TaskGroup() as group,
                listening(
                    self._rendezvous.socket,
                    self._serve_client,
                    beside={self._rendezvous.mcp_socket: self._assistants.serve_client},
                ) as clients,
            ):
                self._clients = clients
                if self._is_tcp_wanted:
                    await opened.enter_async_context(self._on_loopback(clients))
                background = (
                    group.create_task(self._open()),
                    group.create_task(self._stop_when_idle(clients)),
                    group.create_task(self._assistants.serve_http()),
                )
                await self._stop.wait()
                for task in background:
                    task.cancel()
        finally:
            engine = _result(self._backend) or _result(self._foundation)
            if engine is not None:
                await engine.close()

    async def _open(self) -> None:
        try:
            open_foundation = await asyncio.to_thread(self._load)
            foundation = await open_foundation(self._rendezvous.root)
            self._foundation.set_result(foundation)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_needed.wait(), _REST_S)
            self._backend.set_result(await foundation.open_backend())
            # What is loaded stays, so that nobody need look through it for garbage.
            gc.freeze()
        except Exception as error:
            # The clients are told; the daemon must live long enough to do so.
            _log.error("the workspace cannot be opened", exc_info=error)
            self._backend.set_exception(error)
            if not self._foundation.done():
                self._foundation.set_exception(error)
        finally:
            gc.enable()

    async def _stop_when_idle(self, clients: Clients) -> None:
        await asyncio.wait([self._backend])
        backend = _result(self._backend)
        await clients.none_for(backend.idle_shutdown_s if backend else _FAILED_IDLE_S)
        self._stop.set()

    def _on_loopback(self, clients: Clients) -> AbstractAsyncContextManager[int]:
        place = self._rendezvous.directory / TCP_FILE
        return listening_on_loopback(place, clients, self._serve_client)

    async def _serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await serve_client(
            reader,
            writer,
            root=self._rendezvous.root,
            open_features=self._open_features,
            open_first=self._open_first,
        )

    async def _open_first(self, connection: Connection) -> Requests:
        if _result(self._backend) is not None:
            return {}  # A session knows more: what other clients have open.
        foundation = await asyncio.shield(self._foundation)
        return await foundation.open_first(connection)

    async def _open_features(self, connection: Connection, traits: ClientTraits) -> Features:
        self._is_needed.set()
        backend = await asyncio.shield(self._backend)
        return await backend.open_features(connection, traits)


def _result(future: asyncio.Future[T]) -> T | None:
    """Return what was opened; None when it is not open, or could not be opened."""
    return future.result() if future.done() and future.exception() is None else None
