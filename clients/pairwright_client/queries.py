"""What do `status` and `stop` say? One question to the daemon, one answer."""

import argparse
import json
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from pairwright.protocol import messages
from pairwright.protocol.codec import encode
from pairwright.protocol.rendezvous import Rendezvous
from pairwright.protocol.terminal import visible
from pairwright_client import discovery, figures
from pairwright_client.client import DaemonClient
from pairwright_client.interruption import run_interruptible
from pairwright_client.stopping import Ending
from pairwright_client.stopping import stop as stop_daemon
from pairwright_client.terminal import Screen
from pairwright_client.workspaces import workspace_root

T = TypeVar("T")
_ENDINGS = {
    Ending.NOT_RUNNING: "No daemon runs for this workspace.",
    Ending.ENDED: "The daemon has ended.",
    Ending.KILLED: "The daemon did not end in time and was killed; a change that it was about to "
    "write is written or taken back when the next one starts.",
}
Question = Callable[[DaemonClient], Awaitable[T]]


def status(args: argparse.Namespace) -> int:
    """Show how the daemon is; none is started for it."""
    root = workspace_root(args.workspace)
    peer = discovery.connect(Rendezvous.for_workspace(root))
    screen = Screen.of(sys.stdout)
    if peer is None:
        if args.json:
            sys.stdout.write("null\n")
        else:
            screen.line("No daemon runs for this workspace; it starts when it is needed.")
        return 0
    answer = run_interruptible(converse(peer, root, lambda client: client.status()))
    if args.json:
        write_json(answer)
    else:
        show_status(screen, answer, root)
    return 0


def stop(args: argparse.Namespace) -> int:
    """End the daemon of the workspace."""
    ending = stop_daemon(Rendezvous.for_workspace(workspace_root(args.workspace)))
    Screen.of(sys.stdout).line(_ENDINGS[ending])
    return 0


def show_status(screen: Screen, answer: messages.StatusResult, root: Path) -> None:
    """Write how the daemon is."""
    screen.line(f"Workspace   {visible(str(root))}")
    screen.line(f"Daemon      version {visible(answer.version)}, process {answer.pid}")
    files = figures.counted(answer.files, "file")
    skipped = f" ({answer.unreadable:,} more are not text)" if answer.unreadable else ""
    symbols = figures.counted(answer.symbols, "symbol")
    screen.line(f"Index       {files}{skipped}, {symbols}, revision {answer.revision}")
    if answer.pending:
        pending = figures.counted(answer.pending, "file")
        screen.line(f"            still building: {pending} not read yet", "yellow")
    else:
        screen.line("            complete: every file is read")
    if answer.notice:
        screen.line(f"Watching    ! {visible(answer.notice)}", "yellow")
    screen.line(f"Clients     {answer.clients}")
    for task in answer.tasks:
        instruction = visible(task.instruction).partition("\n")[0]
        screen.line(f"Task        {visible(task.task_id)} {visible(task.state)}: {instruction}")
    for problem in answer.settings_problems:
        screen.line(f"Settings    ✗ {visible(problem)}", "yellow")


def ask(args: argparse.Namespace, question: Question[T]) -> T:
    """Ask the workspace's daemon, which is started when none runs."""
    root = workspace_root(args.workspace)
    peer = discovery.find_or_start(Rendezvous.for_workspace(root))
    return run_interruptible(converse(peer, root, question))


async def converse(peer: socket.socket, root: Path, question: Question[T]) -> T:
    """Ask one question over a connected socket."""
    async with DaemonClient(peer, root) as client:
        return await question(client)


def write_json(answer: object) -> None:
    """Write an answer as one JSON value on one line."""
    sys.stdout.write(json.dumps(encode(answer)) + "\n")
