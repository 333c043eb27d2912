"""Does an assistant as people have it find and call our tools? Codex's command line, as installed.

Its own model is a script. It runs where `npm ci --prefix tests/e2e/codex` put it, where `codex` is
in the path, or where `PAIRWRIGHT_TEST_CODEX` names it.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.assistant import assistant
from tests.e2e.responses_server import ResponsesServer, ToolCall, serve_responses
from tests.e2e.stage import COMMAND_S, Stage, ended
from tests.e2e.test_neovim import MONEY

_OWN = Path(__file__).parent / "codex" / "node_modules" / ".bin"
PROGRAM = (
    os.environ.get("PAIRWRIGHT_TEST_CODEX")
    or shutil.which("codex", path=str(_OWN))
    or shutil.which("codex")
)
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Codex (codex) is not installed")

FIND = ToolCall("find_symbols", {"query": "parse_amount"})
DIFF = """--- a/orderdesk/money.py
+++ b/orderdesk/money.py
@@ -1 +1,2 @@
+# Amounts are in cents.
 {first}
"""
NAME = "codex-mcp-client"
"""What it calls itself."""
OURS = {
    "change_status",
    "find_symbols",
    "implement_plan",
    "map_workspace",
    "plan_change",
    "propose_change",
    "read_symbols",
    "workspace_status",
}


def test_codex_lists_our_tools_finds_a_symbol_and_proposes_a_change(fresh_stage: Stage) -> None:
    stage = fresh_stage
    stage.put_sample()
    before = stage.tree()
    first = (stage.root / MONEY).read_text("utf-8").partition("\n")[0]
    proposal = ToolCall("propose_change", {"edits": DIFF.format(first=first), "why": "the unit"})
    installed = stage.call("mcp", "install", "codex", "--write")
    assert installed.exit_code == 0, installed.err
    with serve_responses(FIND, proposal) as model:
        told = _codex(stage, model, "Say in which unit amounts are.")
        assert set(model.tools()) >= OURS, told
        found, proposed = model.outputs()
    assert f'"path":"{MONEY}"' in found
    assert "waiting for review" in proposed
    assert stage.tree() == before
    with assistant(stage) as person:
        (change,) = person.ask("pairwright/changes", {})["changes"]
        assert (change["proposer"], change["taskId"] in proposed) == (NAME, True)
        person.ask("pairwright/accept", {"taskId": change["taskId"]})
    assert (stage.root / MONEY).read_text("utf-8").startswith("# Amounts are in cents.\n")


def _codex(stage: Stage, model: ResponsesServer, prompt: str) -> str:
    config = stage.home / ".codex" / "config.toml"
    # It passes few variables on, and waits a second at most for a server that is not required.
    ours = sorted(name for name in stage.environment if name.startswith("PAIRWRIGHT_"))
    provider = (
        'model = "scripted"\nmodel_provider = "scripted"\n\n'
        f"{config.read_text('utf-8')}env_vars = {json.dumps(ours)}\n"
        "required = true\n\n"
        "[model_providers.scripted]\n"
        'name = "scripted"\n'
        f'base_url = "{model.api_base}"\n'
        'wire_api = "responses"\n'
        "supports_websockets = false\n"
    )
    config.write_text(provider, "utf-8")
    call = [str(PROGRAM), "exec", "--skip-git-repo-check", "--sandbox", "read-only", prompt]
    process = subprocess.Popen(
        call,
        cwd=stage.root,
        env={**stage.environment, "CODEX_HOME": str(config.parent)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    over = ended(process, seconds=COMMAND_S)
    assert over.exit_code == 0, over.err
    return over.out + over.err
