"""How is a real Neovim driven? Headless, by keys and Lua through its own remote calls."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.stage import PROJECT, Stage, wait_for

PLUGIN = PROJECT / "clients" / "neovim"
PROGRAM = shutil.which("nvim")
_REMOTE_S = 20.0
_INIT = """
vim.opt.runtimepath:prepend(vim.env.PAIRWRIGHT_PLUGIN)
vim.g.mapleader = ' '
vim.g.loaded_python3_provider = 0
said, answers = {}, {}
vim.notify = function(message) table.insert(said, message) end
vim.ui.input = function(_, answer) answer(table.remove(answers, 1)) end
vim.ui.select = function(_, _, answer) answer(table.remove(answers, 1)) end
require('pairwright').setup({ root_markers = { 'orderdesk' } })
"""
_SHOWN = """
local shown = {}
local namespace = vim.api.nvim_get_namespaces().pairwright
for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
  local row, details = mark[2], mark[4]
  if details.hl_group then
    table.insert(shown, '-' .. vim.api.nvim_buf_get_lines(0, row, row + 1, false)[1])
  end
  for _, line in ipairs(details.virt_lines or {}) do
    table.insert(shown, '+' .. line[1][1])
  end
end
return shown
"""


class Neovim:
    """One running Neovim with the plugin."""

    def __init__(self, stage: Stage, socket: Path) -> None:
        """Speak to the one that listens at the socket."""
        self.stage = stage
        self._socket = socket

    def lua(self, code: str) -> Any:
        """Run Lua and return what it returns, through JSON."""
        body = f"((function() {code} end)())".replace("\n", " ").replace("'", "''")
        return json.loads(self._remote("--remote-expr", f"luaeval('vim.json.encode({body})')"))

    def keys(self, keys: str) -> None:
        """Type, in the notation of mappings."""
        self._remote("--remote-send", keys)

    def command(self, line: str) -> None:
        self.lua(f"vim.cmd({_quoted(line)}) return 0")

    def lines(self) -> list[str]:
        """Return the text of the current buffer."""
        lines: list[str] = self.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)")
        return lines

    def shown(self) -> list[str]:
        """Return how hunks look in the current buffer: `-` a line marked, `+` a virtual one."""
        # No hunk at all is an empty table, which has no kind of its own in Lua.
        return list(self.lua(_SHOWN) or [])

    def said(self) -> str:
        return "\n".join(self.lua("return said") or [])

    def answer(self, *answers: str) -> None:
        """Have the next questions answered so."""
        self.lua(f"answers = {{{', '.join(map(_quoted, answers))}}} return 0")

    def wait_for(self, condition: str, *, seconds: float = 5) -> None:
        """Wait, bounded, until a Lua expression is true."""
        try:
            wait_for(lambda: self.lua(f"return {condition}"), what=condition, seconds=seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; said: {self.said()}") from None

    def wait_until_said(self, words: str, *, seconds: float = 5) -> None:
        self.wait_for(
            f"table.concat(said, ' '):find({_quoted(words)}, 1, true) ~= nil", seconds=seconds
        )

    def _remote(self, *arguments: str) -> str:
        call = [str(PROGRAM), "--server", str(self._socket), *arguments]
        ended = subprocess.run(
            call, capture_output=True, text=True, timeout=_REMOTE_S, stdin=subprocess.DEVNULL
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout or ended.stderr


@contextmanager
def neovim(stage: Stage, *files: str) -> Iterator[Neovim]:
    """Open files of the workspace in a Neovim of its own."""
    init, socket = stage.home / "init.lua", stage.runtime / "nvim"
    init.write_text(_INIT, "utf-8")
    arguments = ["--headless", "-u", str(init), "-i", "NONE", "-n", "--listen", str(socket)]
    environment = {
        **stage.environment,
        "PAIRWRIGHT_PLUGIN": str(PLUGIN),
        "XDG_CACHE_HOME": str(stage.home / "cache"),
        "XDG_CONFIG_HOME": str(stage.home / "config"),
        "XDG_DATA_HOME": str(stage.home / "share"),
        "XDG_STATE_HOME": str(stage.home / "share"),
    }
    process = subprocess.Popen(
        [str(PROGRAM), *arguments, *files],
        cwd=stage.root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: os.path.exists(socket), what="Neovim listens")
        yield Neovim(stage, socket)
    finally:
        process.terminate()
        process.wait(5)


def _quoted(text: str) -> str:
    """Return text as a string of Lua."""
    return json.dumps(text, ensure_ascii=False)
