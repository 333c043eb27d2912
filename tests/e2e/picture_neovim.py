"""What does a review in Neovim look like? `python -m tests.e2e.picture_neovim` draws the pictures.

Needs `nvim` and `tmux`; what is shown is a real run with scripted models.
"""

import subprocess
import tempfile
import time
from pathlib import Path

from tests.e2e.answers import PRICED, edit_blocks
from tests.e2e.neovim import PLUGIN, PROGRAM
from tests.e2e.stage import COMMAND_S, PROJECT, Stage, staged, wait_for
from tests.support.model_server import Answer, Hang
from tests.support.terminal_picture import draw

PICTURES = PROJECT / "server" / "docs" / "pictures"
COLUMNS, ROWS = 104, 32
_SETTLED_S = 0.4
_INIT = """
vim.opt.runtimepath:prepend(vim.env.PAIRWRIGHT_PLUGIN)
vim.g.mapleader, vim.g.loaded_python3_provider = ' ', 0
vim.opt.termguicolors, vim.opt.number, vim.opt.signcolumn = true, true, 'yes'
vim.opt.laststatus, vim.opt.showmode, vim.opt.ruler = 2, false, false
vim.opt.statusline = " %f %m%=%{v:lua.require'pairwright'.status()} "
for name, look in pairs({
  Normal = { fg = '#dcdfe4', bg = '#181a1f' },
  NormalFloat = { fg = '#dcdfe4', bg = '#22252b' },
  FloatBorder = { fg = '#5c6370', bg = '#22252b' },
  NonText = { fg = '#5c6370' },
  StatusLine = { fg = '#dcdfe4', bg = '#33373f' },
  LineNr = { fg = '#5c6370' },
  SignColumn = { bg = '#181a1f' },
  Comment = { fg = '#8d9095', italic = true },
  String = { fg = '#98c379' },
  Statement = { fg = '#c678dd' },
  PreProc = { fg = '#c678dd' },
  Constant = { fg = '#d19a66' },
  Identifier = { fg = '#61afef' },
  Function = { fg = '#61afef' },
  Title = { fg = '#e5c07b', bold = true },
  DiffAdd = { bg = '#23402b' },
  DiffDelete = { bg = '#4a262b' },
}) do
  vim.api.nvim_set_hl(0, name, look)
end
require('pairwright').setup({ root_markers = { 'orderdesk' } })
"""
_TMUX = """
set -g status off
set -g default-terminal tmux-256color
set -ga terminal-overrides ",*:Tc"
"""
_PLAN = """Goal: accept amounts as the new price list writes them.
1. Take the commas out of the text in parse_amount.
2. Show separators in format_amount.
3. Multiply before dividing in percentage.
"""
_EDITS = edit_blocks(
    [
        (
            "orderdesk/money.py",
            '    cleaned = text.strip().removeprefix("$")\n',
            '    cleaned = text.strip().removeprefix("$").replace(",", "")\n',
        ),
        (
            "orderdesk/money.py",
            '    return f"${cents // 100}.{cents % 100:02d}"\n',
            '    dollars, rest = divmod(cents, 100)\n    return f"${dollars:,}.{rest:02d}"\n',
        ),
    ]
)


class Terminal:
    """A tmux of its own with Neovim in it."""

    def __init__(self, stage: Stage) -> None:
        self._server = str(stage.runtime / "tmux")
        self._environment = {**stage.environment, "PAIRWRIGHT_PLUGIN": str(PLUGIN)}
        init = stage.home / "init.lua"
        init.write_text(_INIT, "utf-8")
        self._stage = stage
        settings = stage.home / "tmux.conf"
        settings.write_text(_TMUX, "utf-8")
        command = [str(PROGRAM), "-u", str(init), "-i", "NONE", "-n", "orderdesk/money.py"]
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        self._tmux("-f", str(settings), "new-session", "-d", *size, *command)

    def type(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-e", "-p")

    def wait_for(self, words: str) -> None:
        try:
            wait_for(lambda: words in self._shown(), what=words, seconds=COMMAND_S)
        except AssertionError as error:
            raise AssertionError(f"{error}, but\n{self._shown()}") from None
        time.sleep(_SETTLED_S)

    def _shown(self) -> str:
        return self._tmux("capture-pane", "-p")

    def picture(self, name: str, label: str) -> None:
        (PICTURES / name).write_text(draw(self.screen(), columns=COLUMNS, label=label), "utf-8")

    def close(self) -> None:
        self._tmux("kill-server")

    def _tmux(self, *arguments: str) -> str:
        return subprocess.run(
            ["tmux", "-S", self._server, *arguments],
            cwd=self._stage.root,
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout


def draw_pictures() -> None:
    """Have a task done twice: cut off while it is written, and to its end."""
    with tempfile.TemporaryDirectory() as home, staged(Path(home)) as stage:
        stage.put_sample()
        settings = (stage.home / "config" / "settings.toml").read_text("utf-8")
        stage.write_settings(f"strategy = 'plan'\n{settings}")
        terminal = Terminal(stage)
        try:
            stage.server.answer_with(
                Answer(_PLAN, usage=PRICED), Hang(_EDITS.rpartition("### END")[0])
            )
            terminal.wait_for("parse_amount")
            terminal.type(":Pairwright edit get ready for the new price list", "Enter")
            terminal.wait_for("divmod")
            terminal.picture("neovim-run.svg", "Neovim while a plan is followed")
            terminal.type(":Pairwright cancel", "Enter")
            terminal.wait_for("cancelled")
            stage.server.answer_with(Answer(_PLAN, usage=PRICED), Answer(_EDITS, usage=PRICED))
            terminal.type(":Pairwright edit get ready for the new price list", "Enter")
            terminal.wait_for("2 hunks")
            terminal.type("gg", "]h")
            terminal.wait_for("1 of 2")
            terminal.picture("neovim-review.svg", "Neovim with two proposed hunks")
        finally:
            terminal.close()


if __name__ == "__main__":
    draw_pictures()
