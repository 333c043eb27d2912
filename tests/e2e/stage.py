"""Where do real processes meet? A workspace, directories of its own, and a scripted model server.

Every process that a stage's commands start, however far down, carries the stage's directories in
its environment: that is how they are found again.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from tests.support.model_server import ModelServer, serve_model

PROJECT = Path(__file__).parents[2]
CLIENT = PROJECT / "clients" / "pairwright_client"
INSTRUCTION = (CLIENT / "instruction.txt").read_text("utf-8").strip()
TEST_COMMAND = "python -m unittest -q"
STRONG, WEAK = "openai/gpt-4o", "openai/gpt-4o-mini"
"""Names that have a price; they are only ever asked of the server on loopback."""

COMMAND_S = 60.0
_CALL = (str(Path(sys.executable).with_name("pairwright")),)
_VARIABLE = "PAIRWRIGHT_RUNTIME_DIR"


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    exit_code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of `--json`."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the events, each run of the same one once, without the running cost."""
        kinds = [event["kind"] for event in self.events if event["kind"] != "costUpdated"]
        return [kind for at, kind in enumerate(kinds) if at == 0 or kinds[at - 1] != kind]


class Stage:
    """A workspace and what surrounds it."""

    def __init__(self, home: Path, server: ModelServer) -> None:
        self.home = home
        self.server = server
        self.root = home / "workspace"
        self.temporary = home / "tmp"
        # A Unix socket's path has at most 108 bytes.
        self.runtime = Path(tempfile.mkdtemp(prefix="pw-", dir="/tmp"))
        for directory in (self.root, self.temporary, home / "config"):
            directory.mkdir()
        self.write_settings(f"""
            [models]
            strong = "{STRONG}"
            weak = "{WEAK}"
            attempts = 1
            [models.endpoints.openai]
            api_base = "{server.api_base}"
        """)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "_API_" not in name}
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "OPENAI_API_KEY": "dummy",
            "OPENROUTER_API_KEY": "dummy",
            "PAIRWRIGHT_CONFIG_DIR": str(self.home / "config"),
            "PAIRWRIGHT_STATE_DIR": str(self.home / "state"),
            "PAIRWRIGHT_DATA_DIR": str(self.home / "data"),
            _VARIABLE: str(self.runtime),
        }

    def write_settings(self, text: str) -> None:
        (self.home / "config" / "settings.toml").write_text(text, "utf-8")

    def put_sample(self) -> None:
        """Lay the demo's workspace, as it is bundled; what lies there already is not touched."""
        for source in (CLIENT / "sample").rglob("*.py"):
            target = self.root / source.relative_to(CLIENT / "sample")
            if not target.exists() or target.read_bytes() != source.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)

    def tree(self) -> dict[str, bytes]:
        """Return every file of the workspace."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in files}

    def command(self, *arguments: str) -> list[str]:
        return [*_CALL, *arguments]

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(*arguments),
            cwd=options.pop("cwd", self.root),
            env=self.environment,
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def call(self, *arguments: str, **options: Any) -> Ended:
        """Carry a command out to its end."""
        return ended(self.start(*arguments, **options))

    def ledger(self) -> list[dict[str, Any]]:
        """Return the entries of every ledger here, oldest first."""
        entries = []
        for path in sorted((self.home / "state").glob("*/ledger.sqlite3")):
            with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as ledger:
                ledger.row_factory = sqlite3.Row
                rows = ledger.execute("SELECT * FROM entries ORDER BY entry_id")
                entries += [dict(row) for row in rows]
        return entries

    def processes(self) -> list[psutil.Process]:
        """Return every process that was started by this stage's commands."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def daemons(self) -> list[psutil.Process]:
        return [process for process in self.processes() if "daemon" in process.cmdline()]

    def close(self) -> None:
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        shutil.rmtree(self.runtime)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            environment = process.environ()
            is_over = process.status() == psutil.STATUS_ZOMBIE
        except (psutil.Error, OSError):
            return False
        return not is_over and environment.get(_VARIABLE) == str(self.runtime)


_OF_THE_INDEX = {"manifest", "text.sqlite3"}
"""What spares the next daemon work, and may be deleted at any time."""


_ACCOUNTS = {"disclosed.sqlite3", "ledger.sqlite3", "ledger.sqlite3.writers"}
"""What was shown to whom, and what it cost."""


def check_demo_left_its_accounts_only(stage: Stage) -> None:
    assert stage.processes() == []
    assert list(stage.temporary.iterdir()) == []
    assert list(stage.runtime.iterdir()) == []
    left = {path.name for path in (stage.home / "state").iterdir()}
    assert left - {"outlines"} == {"demo"}
    left = {path.name for path in (stage.home / "state" / "demo").iterdir()}
    assert left - _OF_THE_INDEX == {"demos", *_ACCOUNTS}, left


def ended(process: "subprocess.Popen[str]", *, seconds: float = COMMAND_S) -> Ended:
    """Wait, bounded, until a command has ended."""
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    return Ended(process.returncode, out, err)


def wait_for(predicate: Callable[[], object], *, what: str, seconds: float = 5) -> None:
    """Wait, bounded, until the predicate is true."""
    deadline = time.monotonic() + seconds
    while not predicate():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


@contextmanager
def served_model() -> Iterator[ModelServer]:
    """Serve scripted answers from a thread: the tests wait for processes, not for coroutines."""
    is_up = threading.Event()
    servers: list[ModelServer] = []
    ends: list[Callable[[], object]] = []

    async def serve() -> None:
        async with serve_model() as server:
            is_over = asyncio.Event()
            loop = asyncio.get_running_loop()
            servers.append(server)
            ends.append(lambda: loop.call_soon_threadsafe(is_over.set))
            is_up.set()
            await is_over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert is_up.wait(5)
    try:
        yield servers[0]
    finally:
        ends[0]()
        thread.join(5)
    assert not thread.is_alive()


@contextmanager
def staged(home: Path) -> Iterator[Stage]:
    """Give a stage; at the end no process of it is left."""
    with served_model() as server:
        stage = Stage(home, server)
        try:
            yield stage
        finally:
            stage.close()


def is_subsequence(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Tell whether all that is wanted was found in that order."""
    rest = iter(found)
    return all(item in rest for item in wanted)
