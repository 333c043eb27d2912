"""Does Kakoune load the configuration, and ask for what is selected?"""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.stage import PROJECT

PROGRAM = shutil.which("kak")
CONFIGURATION = PROJECT / "clients" / "kakoune" / "pairwright.kak"

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Kakoune (kak) is not installed")


@pytest.mark.parametrize("selection", ["2.1,3.4", "3.4,2.1"])
def test_a_task_is_asked_for_on_the_selected_lines(tmp_path: Path, selection: str) -> None:
    source, asked = tmp_path / "a.py", tmp_path / "asked"
    source.write_text("one = 1\ntwo = 2\nthree = 3\nfour = 4\n", "utf-8")
    # It stands for Kakoune's own `terminal`, which needs a window, and for the program.
    pairwright = tmp_path / "pairwright"
    pairwright.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {asked}\n', "utf-8")
    pairwright.chmod(0o755)
    commands = f"""
        declare-option str-list lsp_servers
        source {CONFIGURATION}
        define-command -override terminal -params .. %{{ nop %sh{{ "$@" </dev/null >/dev/null }} }}
        edit {source}
        select {selection}
        pairwright-run make them floats
        quit!
    """
    ended = subprocess.run(
        [str(PROGRAM), "-n", "-ui", "dummy", "-e", commands],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=20,
        stdin=subprocess.DEVNULL,
    )
    assert asked.exists(), ended.stderr
    wanted = ["run", "--file", str(source), "--lines", "2:3", "make them floats"]
    assert asked.read_text("utf-8").splitlines() == wanted
