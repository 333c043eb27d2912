"""What can be typed after `python -m pairwright`? Argument parsing, nothing else."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from pairwright import __version__

_MODULES = {
    "daemon": "pairwright.daemon.app",
    "models": "pairwright.daemon.model_files",
    "doctor": "pairwright.daemon.doctor",
}
"""Where each command's `main` is; only the chosen one is imported."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    args = _parser().parse_args(argv)
    exit_code: int = import_module(_MODULES[args.command]).main(args)
    return exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pairwright", description="The daemon of a workspace, its models, and its doctor."
    )
    parser.add_argument("--version", action="version", version=f"pairwright {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    daemon = commands.add_parser("daemon", help="be a workspace's daemon (clients start it)")
    daemon.add_argument("--workspace", type=Path, required=True, metavar="DIR")
    daemon.add_argument(
        "--state-dir", type=Path, metavar="DIR", help="where ledger and journal lie instead"
    )

    models = commands.add_parser("models", help="the embedded models on this machine")
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="which there are, and which are here")
    pull = actions.add_parser("pull", help="download and verify one")
    pull.add_argument("name", metavar="NAME")
    pull.add_argument("--from", type=Path, metavar="FILE", dest="source", help="a GGUF file")
    test = actions.add_parser("test", help="ask a model one question")
    test.add_argument("name", metavar="NAME", help="such as embedded/qwen2.5-coder-0.5b")

    doctor = commands.add_parser("doctor", help="what is missing, and what mends it")
    doctor.add_argument("--json", action="store_true", dest="is_json", help="as JSON")
    return parser
