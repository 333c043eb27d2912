"""Which commands are proposed to a person after a change?"""

import shlex

import pytest

from pairwright.protocol.messages import FollowUp
from pairwright_client.next_steps import command_for, show_next_steps
from tests.clients.pictures import plain

STEP = FollowUp(intent="adapt `use` in use.py: it calls `load(path)`", files=("use.py",))


def test_each_step_is_written_as_a_command() -> None:
    paper, screen = plain()
    show_next_steps(screen, [STEP], ("--test=pytest -q",))
    assert paper.getvalue() == (
        "Next steps: what was not changed and may break\n"
        "  pairwright run 'adapt `use` in use.py: it calls `load(path)`' --file=use.py "
        "'--test=pytest -q'\n"
    )


def test_without_steps_nothing_is_written() -> None:
    paper, screen = plain()
    show_next_steps(screen, [])
    assert paper.getvalue() == ""


@pytest.mark.parametrize(
    "name", ["it's.py", "$(reboot).py", "`id`.py", "a;b.py", "-x.py", "a b.py", '"; id; "', "!!"]
)
def test_whatever_a_file_is_called_the_shell_reads_one_command(name: str) -> None:
    step = FollowUp(intent=f"adapt `f` in {name}", files=(name,))
    words = shlex.split(command_for(step))
    assert words == ["pairwright", "run", step.intent, f"--file={name}"]


def test_what_would_command_the_terminal_is_written_out() -> None:
    command = command_for(FollowUp(intent="adapt \x1b[2Jx\n\ty\u202e", files=("a\rb.py",)))
    assert command == r"pairwright run 'adapt \x1b[2Jx  y\u202e' '--file=a\x0db.py'"
