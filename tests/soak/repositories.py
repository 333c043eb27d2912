"""Does a hostile repository run anything, or call anybody? T19, each trap in one of its own.

With strace, where it is installed, every program that is started and every connection is looked at.
"""

import ipaddress
import re
import shutil
import tempfile
from pathlib import Path

from tests.e2e.stage import Stage, served_model
from tests.security.hostile_repositories import traps
from tests.security.opening import open_repository
from tests.soak.figures import Figures

_STARTED = re.compile(r'execve\("([^"]+)".*\) = 0$')
_CALLED = re.compile(r'connect\(.*inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"')


class TracedStage(Stage):
    """A stage whose first command, and the daemon that it starts, are watched by strace."""

    log: Path | None = None

    def command(self, *arguments: str) -> list[str]:
        """Return the command, watched if it is the first."""
        plain = super().command(*arguments)
        if self.log is not None or shutil.which("strace") is None:
            return plain
        self.log = self.home / "strace.log"
        calls = ("--seccomp-bpf", "-e", "trace=execve,connect")
        watched = ("strace", "-D", "-f", "-qq", *calls, "-o", str(self.log))
        # The tracer stays as long as the daemon: it must not hold who waits for the output.
        return ["sh", "-c", 'exec "$@" > /dev/null 2>&1', "sh", *watched, *plain]

    def faults(self) -> list[str]:
        """Return what was started from the workspace, and who was called beyond this machine."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log else []
        started = {found[1] for line in lines if (found := _STARTED.search(line))}
        called = {found[1] for line in lines if (found := _CALLED.search(line))}
        return [
            *(f"started: {path}" for path in sorted(started) if self._is_theirs(path)),
            *(f"called: {host}" for host in called if not ipaddress.ip_address(host).is_loopback),
        ]

    def _is_theirs(self, path: str) -> bool:
        return not path.startswith("/") or path.startswith(str(self.root))


async def run(figures: Figures, *, repositories: int) -> None:
    """Open so many, each with one trap, and one that has them all."""
    if shutil.which("strace") is None:
        figures.say("       strace is not installed: only what the traps themselves tell is known")
    names = list(traps())[:repositories]
    wrong: list[str] = []
    for chosen in (*([name] for name in names), list(traps())):
        with tempfile.TemporaryDirectory(prefix="pw-soak-") as directory:
            wrong += [f"{chosen[0]}: {each}" for each in _open(Path(directory), chosen)]
    figures.at_least("T19: repositories that were opened", len(names) + 1, min(46, repositories))
    figures.at_most("T19: traps sprung, programs run, calls", len(wrong), 0, detail=str(wrong[:3]))


def _open(home: Path, chosen: list[str]) -> list[str]:
    with served_model() as server:
        stage = TracedStage(home, server)
        try:
            return open_repository(stage, chosen, tasks=False) + stage.faults()
        finally:
            stage.close()
