"""How long does a model's process live? From its first use until it is idle, crashed or let go.

It knows nothing of models: a command that reads one JSON line and answers with its address.
"""

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from pairwright.errors import Unavailable

_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH")
"""Of the environment: a model's process has no use for anybody's keys."""
_HEALTH_POLL_S = 0.05
_KILL_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running child answers, and the key that it wants."""

    url: str
    """Such as `http://127.0.0.1:40123`."""
    api_key: str


class ChildServer:
    """A server in a child process, started when it is needed and stopped when it is not."""

    def __init__(
        self,
        name: str,
        command: tuple[str, ...],
        config: Mapping[str, Any],
        *,
        start_timeout_s: float,
        idle_stop_s: float,
    ) -> None:
        """Describe the child; nothing runs yet.

        Args:
            name: for messages.
            command: the program and its arguments; it is handed no secret there.
            config: sent as one JSON line, with `api_key` and `parent` added.
            start_timeout_s: seconds until it must answer `/health`.
            idle_stop_s: seconds without any use after which it is stopped.
        """
        self._name = name
        self._command = command
        self._config = dict(config)
        self._start_timeout_s = start_timeout_s
        self._idle_stop_s = idle_stop_s
        self._process: asyncio.subprocess.Process | None = None
        self._address: Address | None = None
        self._starting = asyncio.Lock()
        self._users = 0
        self._idle_timer: asyncio.TimerHandle | None = None

    @property
    def is_running(self) -> bool:
        """Whether the child is there and ready."""
        process = self._process
        return self._address is not None and process is not None and process.returncode is None

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._process.pid if self.is_running and self._process is not None else None

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Address]:
        """Keep the child running for the length of the block, starting it when it is not.

        Raises:
            Unavailable: it does not start.
        """
        self._users += 1
        self._stop_timer()
        try:
            yield await self._ready()
        finally:
            self._users -= 1
            if self._users == 0 and self.is_running:
                loop = asyncio.get_running_loop()
                self._idle_timer = loop.call_later(self._idle_stop_s, self._kill)

    async def aclose(self) -> None:
        """Stop the child and wait until it is gone."""
        self._stop_timer()
        async with self._starting:
            await self._end()

    async def _ready(self) -> Address:
        async with self._starting:
            if self.is_running and self._address is not None:
                return self._address
            await self._end()
            try:
                async with asyncio.timeout(self._start_timeout_s):
                    self._address = await self._start()
            except TimeoutError:
                await self._end()
                raise Unavailable(
                    f"{self._name!r} was not ready within {self._start_timeout_s:g} s"
                ) from None
            except BaseException:
                await self._end()
                raise
            return self._address

    async def _start(self) -> Address:
        api_key = secrets.token_urlsafe(24)
        pipe = asyncio.subprocess.PIPE
        process = self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        )
        assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
        config = {**self._config, "api_key": api_key, "parent": os.getpid()}
        with suppress(ConnectionError):
            # The pipe stays open: its end is how the child learns that we are gone.
            process.stdin.write(json.dumps(config).encode() + b"\n")
            await process.stdin.drain()
        address = Address(self._url_in(await process.stdout.readline()), api_key)
        await self._healthy(address.url)
        return address

    def _url_in(self, line: bytes) -> str:
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        said = answer if isinstance(answer, dict) else {}
        url = said.get("address")
        if isinstance(url, str) and url.startswith("http://127.0.0.1:"):
            return url
        reason = said.get("error", "its process ended at once")
        raise Unavailable(f"{self._name!r} could not be started: {reason}")

    async def _healthy(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        while not await _says_ok(host, int(port)):
            if self._process is None or self._process.returncode is not None:
                raise Unavailable(f"{self._name!r} ended while it was starting")
            await asyncio.sleep(_HEALTH_POLL_S)

    async def _end(self) -> None:
        process, self._process, self._address = self._process, None, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(_KILL_TIMEOUT_S):
                await process.wait()

    def _kill(self) -> None:
        # A server without state: nothing is lost by ending it at once, and no task has to wait.
        self._address = None
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    def _stop_timer(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None


async def _says_ok(host: str, port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    try:
        writer.write(b"GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        await writer.drain()
        status = await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()
    return b" 200 " in status
