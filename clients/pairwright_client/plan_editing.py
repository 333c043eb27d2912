"""How does a person edit a plan? In their own editor; what they write is never lost.

The daemon keeps each text that is saved, also one that is no plan yet. Where it cannot take a text,
the file that was edited stays, and is named.
"""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pairwright.errors import PairwrightError
from pairwright.protocol.plan_messages import PlanGetParams, PlanUpdateParams, PlanView
from pairwright.protocol.terminal import visible
from pairwright_client.errors import EXIT_FAILED, ClientError, UsageError
from pairwright_client.queries import ask
from pairwright_client.terminal import Screen

_USUAL_EDITORS = ("sensible-editor", "nano", "vi")
ShowProblems = Callable[[Screen, PlanView], None]


def edit_plan(args: argparse.Namespace, show_problems: ShowProblems) -> int:
    """Have a plan edited until it can be followed, or the person leaves it; return the exit code.

    Raises:
        UsageError: there is no editor.
        ClientError: the daemon cannot take the text; says where it lies.
    """
    editor = editor_of(os.environ)
    screen = Screen.of(sys.stdout)
    params = PlanGetParams(plan_id=args.edit or None)
    view = ask(args, lambda client: client.plan(params))
    while True:
        edited = _edited(args, editor, view)
        if edited.version == view.version:
            screen.line(f"Nothing was changed in plan {visible(view.plan_id)}.")
        else:
            screen.line(f"Plan {visible(edited.plan_id)} is version {edited.version} now.", "bold")
        view = edited
        show_problems(screen, view)
        if not any(problem.severity == "error" for problem in view.problems):
            screen.line(f"'pairwright run --plan {visible(view.plan_id)}' has it done.", "dim")
            return 0
        if not _wants_to_go_on(screen):
            screen.line(f"'pairwright plan --edit {visible(view.plan_id)}' goes on with it.", "dim")
            return EXIT_FAILED


def editor_of(environment: Mapping[str, str]) -> list[str]:
    """Return the person's editor as a command.

    Raises:
        UsageError: there is none, or it cannot be split into words.
    """
    for name in ("VISUAL", "EDITOR"):
        if wanted := environment.get(name, "").strip():
            try:
                return shlex.split(wanted)
            except ValueError as error:
                raise UsageError(f"${name} cannot be split into words: {error}") from None
    for program in _USUAL_EDITORS:
        if found := shutil.which(program, path=environment.get("PATH")):
            return [found]
    raise UsageError("there is no editor: set $VISUAL or $EDITOR, such as EDITOR=nano")


def _edited(args: argparse.Namespace, editor: list[str], view: PlanView) -> PlanView:
    """Return the plan as the daemon has it once the person closed the editor."""
    written = view.text.encode("utf-8", "replace")
    descriptor, name = tempfile.mkstemp(prefix=f"plan-{view.plan_id}-", suffix=".md")
    path = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(written)
    try:
        _open(editor, path)
        content = path.read_bytes()
        edited = view if content == written else _kept(args, view, content)
    except (OSError, PairwrightError) as error:
        problem = error.strerror if isinstance(error, OSError) else str(error)
        if _is_as_written(path, written):
            path.unlink(missing_ok=True)
            raise ClientError(f"{problem}; the plan is as it was") from None
        raise ClientError(
            f"{problem}; the plan is as it was, and what you wrote lies in {name}"
        ) from None
    path.unlink(missing_ok=True)
    return edited


def _open(editor: list[str], path: Path) -> None:
    try:
        with _interrupts_left_to_the_editor():
            ended = subprocess.run([*editor, str(path)], check=False)
    except OSError as error:
        raise ClientError(f"{editor[0]!r} cannot be started: {error.strerror or error}") from None
    if ended.returncode != 0:
        raise ClientError(f"the editor {editor[0]!r} ended with {ended.returncode}")


def _kept(args: argparse.Namespace, view: PlanView, content: bytes) -> PlanView:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ClientError(f"line {line} is no UTF-8") from None
    params = PlanUpdateParams(plan_id=view.plan_id, text=text, base_version=view.version)
    return ask(args, lambda client: client.update_plan(params))


def _is_as_written(path: Path, written: bytes) -> bool:
    try:
        return path.read_bytes() == written
    except OSError:
        return True


def _wants_to_go_on(screen: Screen) -> bool:
    """Return whether the person opens the editor again; nobody does where nobody can be asked."""
    if not (sys.stdin.isatty() and screen.is_terminal):
        return False
    screen.prompt(f"{screen.paint('Edit it again?', 'bold')} [Y/n] ")
    answer = sys.stdin.readline()
    return bool(answer) and answer.strip().lower() in ("", "y", "yes")


@contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    """Let Ctrl-C mean what it means in the editor; a signal that is ignored would be there too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
