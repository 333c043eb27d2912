"""The command line is light, and hands on what is not its own."""

import argparse
import inspect
import subprocess
import sys

import pytest

from pairwright import __version__
from pairwright_client.cli import function_of, main
from pairwright_client.commands import PASSED_ON, make_parser

HEAVY = ("pydantic", "pygls", "lsprotocol", "litellm", "asyncio", "platformdirs", "decimal")


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of the commands that are carried out here, by the commands' names."""
    (commands,) = (
        action.choices
        for action in make_parser()._subparsers._group_actions  # type: ignore[union-attr]
        if isinstance(action, argparse._SubParsersAction)
    )
    return {name: parser for name, parser in commands.items() if name not in PASSED_ON}


def loaded_after(program: str) -> set[str]:
    ending = "\nimport sys\nsys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program + ending], capture_output=True, text=True, timeout=5
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_help_loads_nothing_heavy() -> None:
    program = "from pairwright_client.commands import make_parser\nmake_parser().print_help()\n"
    program += "import pairwright_client.cli"
    loaded = loaded_after(program)
    assert "pairwright_client.cli" in loaded
    assert not loaded & (set(HEAVY) - {"decimal"})


def test_the_forwarder_loads_no_event_loop_and_no_message_models() -> None:
    loaded = loaded_after("import pairwright_client.forwarder")
    assert not loaded & (set(HEAVY) - {"platformdirs", "decimal"})
    assert "pairwright.protocol.messages" not in loaded


def test_the_clients_never_load_a_server(tmp_path: object) -> None:
    modules = "run, queries, index_queries, demo, replay, client, forwarder, cli"
    loaded = loaded_after(f"from pairwright_client import {modules}")
    assert not loaded & {"pygls", "lsprotocol", "litellm", "tree_sitter", "pairwright.settings"}


@pytest.mark.parametrize("name", sorted(parsers()))
def test_every_command_has_a_function_that_carries_it_out(name: str) -> None:
    carry_out = function_of(parsers()[name].get_default("command"))
    (argument,) = inspect.signature(carry_out).parameters.values()
    assert argument.annotation in (argparse.Namespace, "argparse.Namespace")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"pairwright {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["unknown"], ["run", "--no"], ["cost", "--by", "moon"]),
        *(["symbols"], ["refs"], ["search"], ["search", "x", "--case", "--no-case"]),
        *(["symbols", "x", "--limit", limit] for limit in ("0", "-1", "ten", "1.5", "²", "")),
        *(["map", "--tokens", "0"], ["map", "--focus"]),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: pairwright" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        *("demo", "run", "cost", "history", "undo", "redo", "status", "stop", "lsp"),
        *("index", "symbols", "refs", "search", "map"),
    ],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"usage: pairwright {command}" in capsys.readouterr().out


def test_the_servers_own_commands_are_handed_on_with_all_their_arguments() -> None:
    # `-P -m pairwright` is what it becomes; a stand-in for the interpreter shows the arguments.
    program = (
        "import sys\nfrom pairwright_client.cli import main\n"
        "sys.executable = '/bin/echo'\nmain(['models', 'pull', '--from', 'x.gguf', '--help'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=5)
    assert done.stdout == b"-P -m pairwright models pull --from x.gguf --help\n"


def test_a_reader_that_leaves_early_is_no_traceback() -> None:
    program = (
        "import sys\nfrom pairwright_client import cli, queries\n"
        "def noisy(args):\n"
        "    for _ in range(100000): print('x' * 80)\n"
        "queries.status = noisy\n"
        "sys.exit(cli.main(['status']))"
    )
    piped = f'{sys.executable} -c "$PROGRAM" | head -1'
    done = subprocess.run(
        ["sh", "-c", piped], env={"PROGRAM": program}, capture_output=True, text=True, timeout=5
    )
    assert (done.stdout, done.stderr) == ("x" * 80 + "\n", "")
