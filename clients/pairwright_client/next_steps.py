"""What is to be done next, and by which command? For a person, who copies it into a shell."""

import shlex
from collections.abc import Sequence

from pairwright.protocol.messages import FollowUp
from pairwright.protocol.terminal import visible
from pairwright_client.terminal import Screen

_BLANKS = str.maketrans("\n\t", "  ")


def show_next_steps(screen: Screen, steps: Sequence[FollowUp], options: Sequence[str] = ()) -> None:
    """Write each step as the command that has it done; `options` are given to each of them."""
    if not steps:
        return
    screen.line()
    screen.line("Next steps: what was not changed and may break", "bold")
    for step in steps:
        screen.line(f"  {command_for(step, options)}")


def command_for(step: FollowUp, options: Sequence[str] = ()) -> str:
    """Return the command, quoted for a shell: whatever names of files say, it is one command."""
    files = [f"--file={step.files[0]}"] if len(step.files) == 1 else []
    words = ["pairwright", "run", step.intent, *files, *options]
    # Made visible first: the shell must see what the person sees. It would complete at a tab.
    return " ".join(shlex.quote(visible(word.translate(_BLANKS))) for word in words)
