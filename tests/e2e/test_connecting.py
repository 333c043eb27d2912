"""Do assistants as people have them start us by what `pairwright mcp install` writes for them?

Each is asked by its own command whether its servers can be reached; no model and no account is
needed for that. It runs for those that are in the path.
"""

import os
import shutil
import subprocess

import pytest

from tests.e2e.stage import COMMAND_S, Stage, ended

ASSISTANTS = {"claude-code": "claude", "gemini": "gemini", "opencode": "opencode"}
"""Each one's program. Codex, whose list does not start anything, has a test of its own."""
TRUSTED = {"GEMINI_CLI_TRUST_WORKSPACE": "true"}
"""Gemini starts nothing in a folder that its person does not trust."""
_TRIES = 3


@pytest.mark.parametrize("assistant", ASSISTANTS)
def test_an_assistant_reaches_us_by_what_is_installed_for_it(
    fresh_stage: Stage, assistant: str
) -> None:
    program = shutil.which(ASSISTANTS[assistant])
    if program is None:
        pytest.skip(f"{ASSISTANTS[assistant]} is not installed")
    stage = fresh_stage
    stage.put_sample()
    installed = stage.call("mcp", "install", assistant, "--write")
    assert installed.exit_code == 0, installed.err
    # Some give up after five seconds, which a busy machine may need to start a daemon: not twice.
    said = next(filter(_is_connected, (_list(stage, program) for _ in range(_TRIES))), "")
    assert said, f"{program} could not start {stage.command('mcp')}"


def _is_connected(said: str) -> bool:
    lines = [line.lower() for line in said.splitlines() if "pairwright" in line]
    return any("connected" in line and "disconnected" not in line for line in lines)


def _list(stage: Stage, program: str) -> str:
    places = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    asking = subprocess.Popen(
        [program, "mcp", "list"],
        cwd=stage.root,
        env={**places, **stage.environment, **TRUSTED},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return ended(asking, seconds=COMMAND_S).out
