"""What does `prompts` do? It lists what models are told, and prints it."""

import argparse
import os
import sys
from pathlib import Path

from pairwright.daemon.configuration import user_prompts_directory
from pairwright.engine.models.own_prompts import (
    PROMPTS_FOLDER,
    FoundPrompts,
    OwnPrompts,
    split_name,
)
from pairwright.errors import PairwrightError, UserError
from pairwright.protocol.rendezvous import state_place, workspace_around
from pairwright.protocol.terminal import visible
from pairwright.strategies.wording import PURPOSES, default_text


def main(args: argparse.Namespace) -> int:
    """Run the command `prompts`; return its exit code."""
    try:
        everywhere = user_prompts_directory(os.environ)
        here = state_place(workspace_around(Path.cwd())) / PROMPTS_FOLDER
        found = OwnPrompts(everywhere, here).read()
        told = _listing(found, everywhere, here) if args.name is None else _text(args.name, found)
    except PairwrightError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(told)
    for problem in found.problems:
        sys.stderr.write(f"{visible(problem)}\n")
    return 0


def _listing(found: FoundPrompts, everywhere: Path, here: Path) -> str:
    width = max(map(len, PURPOSES))
    lines = []
    for name, purpose in PURPOSES.items():
        own = [each for each in found.texts if split_name(each)[0] == name]
        told = f"  [yours: {', '.join(own)}]" if own else ""
        lines.append(f"{name:<{width}}  {purpose}{told}\n")
    lines.append(
        f"\nYour own go to {everywhere} as NAME.md, or NAME.python.md for one language;\n"
        f"those for this workspace alone to {here}\n"
    )
    return visible("".join(lines))


def _text(name: str, found: FoundPrompts) -> str:
    base, _ = split_name(name)
    if base not in PURPOSES:
        raise UserError(f"there is no prompt {name!r}: `pairwright prompts` lists them")
    return (found.texts.get(name) or found.texts.get(base) or default_text(base)) + "\n"
