"""Does another implementation, MCP Inspector's command line, find and call our tools?"""

import json
import re
from pathlib import Path
from typing import Any

from pairwright.mcp.http import listening_http
from tests.mcp.conformance.node import node_modules, run_node
from tests.mcp.conformance.proxy import adding_token
from tests.mcp.peers import TinyServers

_INSPECTOR = "@modelcontextprotocol/inspector-cli/build/cli.js"
_TOKEN = "a token of this test"


async def inspect(*arguments: str, cwd: Path) -> Any:
    exit_code, output = await run_node(_INSPECTOR, "--cli", *arguments, cwd=cwd, timeout_s=60)
    assert exit_code == 0, output
    return json.loads(output)


async def test_over_http_it_lists_and_calls_a_tool(tmp_path: Path) -> None:
    node_modules()
    async with (
        listening_http(TinyServers().open, _TOKEN) as url,
        adding_token(int(re.findall(r":(\d+)/", url)[0]), _TOKEN) as port,
    ):
        asked = (f"http://localhost:{port}/mcp", "--transport", "http", "--method")
        listed = await inspect(*asked, "tools/list", cwd=tmp_path)
        called = await inspect(*asked, "tools/call", "--tool-name", "whoami", cwd=tmp_path)
    assert [tool["name"] for tool in listed["tools"]] == ["whoami", "wait"]
    assert "inspector" in called["content"][0]["text"]
