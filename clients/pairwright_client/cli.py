"""What happens with what is typed after `pairwright`? Arguments in, the command's function called.

Each command's function is imported when it is chosen: `--help` and the forwarder must answer at
once, and what a task needs takes ten times as long to load.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TextIO

from pairwright.errors import PairwrightError, UserError
from pairwright.protocol.terminal import visible
from pairwright_client.commands import PASSED_ON, make_parser
from pairwright_client.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, ClientError

Command = Callable[[argparse.Namespace], int]

_ASKING_MODELS = ("run:run", "budgets:go_on")
_CANCELLED_TASK = (
    "cancelled; 'pairwright continue' goes on where a model had answered, at no cost for that"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line; return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        _survive_unwritable_characters(stream)
    if given and given[0] in PASSED_ON:
        return _pass_on(given)
    args = make_parser().parse_args(given)
    try:
        return function_of(args.command)(args)
    except KeyboardInterrupt:
        goes_on = args.command in _ASKING_MODELS
        return _report(args, _CANCELLED_TASK if goes_on else "cancelled", EXIT_INTERRUPTED)
    except ClientError as error:
        return _report(args, str(error), error.exit_code)
    except UserError as error:
        return _report(args, str(error), EXIT_USAGE)
    except PairwrightError as error:
        return _report(args, str(error), EXIT_FAILED)
    except BrokenPipeError:
        # Nobody reads what we say. At exit Python would flush, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED


def function_of(command: str) -> Command:
    """Import what carries a command out, named as `module:function` of this package."""
    module, _, function = command.partition(":")
    carry_out: Command = getattr(import_module(f"pairwright_client.{module}"), function)
    return carry_out


def _pass_on(given: list[str]) -> int:
    """Become the server's own program, which knows the command."""
    # `-P` keeps Python from importing modules of the current directory.
    command = [sys.executable, "-P", "-m", "pairwright", *given]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - no shell; the program is this interpreter
    return subprocess.call(command)


def _report(args: argparse.Namespace, message: str, exit_code: int) -> int:
    if args.json:
        import json

        line = {"kind": "error", "message": message, "exitCode": exit_code}
        sys.stdout.write(json.dumps(line) + "\n")
    sys.stderr.write(f"pairwright: {visible(message)}\n")
    return exit_code


def _survive_unwritable_characters(stream: TextIO) -> None:
    with suppress(AttributeError):  # Not every stream that stands in for one has it.
        stream.reconfigure(errors="replace")  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
