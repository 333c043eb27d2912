"""How is the command tried on a real terminal? A pseudo-terminal, typed at and read from."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Terminal:
    """The command on a real terminal."""

    def __init__(self, *arguments: str) -> None:
        self._descriptor, inner = pty.openpty()
        program = "import sys\nfrom pairwright_client.cli import main\nsys.exit(main())"
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments], stdin=inner, stdout=inner, stderr=inner
        )
        os.close(inner)
        self.shown = ""

    def read_until(self, text: str) -> None:
        deadline = time.monotonic() + 5
        while text not in self.shown and time.monotonic() < deadline:
            if not select.select([self._descriptor], [], [], 0.1)[0]:
                continue
            try:
                self.shown += os.read(self._descriptor, 65536).decode()
            except OSError:  # The other side is closed.
                break
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
def terminal(*arguments: str) -> Iterator[Terminal]:
    opened = Terminal(*arguments)
    try:
        yield opened
    finally:
        opened.close()
