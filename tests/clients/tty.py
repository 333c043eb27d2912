"""How is the command tried on a real terminal? A pseudo-terminal, typed at and read from."""

import codecs
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class Terminal:
    """The command on a real terminal."""

    def __init__(
        self,
        *arguments: str,
        environment: Mapping[str, str] = os.environ,
        directory: Path | None = None,
    ) -> None:
        self._descriptor, inner = pty.openpty()
        program = "import sys\nfrom pairwright_client.cli import main\nsys.exit(main())"
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            env=environment,
            cwd=directory,
            stdin=inner,
            stdout=inner,
            stderr=inner,
        )
        os.close(inner)
        self.shown = ""
        # A character's bytes may come in two pieces.
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def read_until(self, text: str, *, seconds: float = 5) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.shown and time.monotonic() < deadline:
            if not select.select([self._descriptor], [], [], 0.1)[0]:
                continue
            try:
                received = os.read(self._descriptor, 65536)
            except OSError:  # The other side is closed.
                break
            self.shown += self._decoder.decode(received)
        assert text in self.shown, self.shown

    def type(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    def wait(self) -> int:
        return self._process.wait(timeout=5)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._descriptor)


@contextmanager
def terminal(
    *arguments: str,
    environment: Mapping[str, str] = os.environ,
    directory: Path | None = None,
) -> Iterator[Terminal]:
    opened = Terminal(*arguments, environment=environment, directory=directory)
    try:
        yield opened
    finally:
        opened.close()
