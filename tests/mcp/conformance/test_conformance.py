"""Does the official suite find what MCP demands, behind our own transport and guard? T21."""

import re
from pathlib import Path

import pytest

from pairwright.mcp.http import listening_http
from tests.mcp.conformance.fixtures import open_fixtures
from tests.mcp.conformance.node import node_modules, run_node
from tests.mcp.conformance.proxy import adding_token

SUITE = "@modelcontextprotocol/conformance/dist/index.js"
_TOKEN = "a token of this test"


# The fixtures offer what is deprecated, since the suite asks for it.
@pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")
@pytest.mark.parametrize(("revision", "scenarios"), [("2025-11-25", 30), ("2026-07-28", 37)])
async def test_all_scenarios_of_a_revision_pass(
    revision: str, scenarios: int, tmp_path: Path
) -> None:
    """T21."""
    node_modules()
    async with (
        listening_http(open_fixtures, _TOKEN) as url,
        adding_token(int(re.findall(r":(\d+)/", url)[0]), _TOKEN) as port,
    ):
        exit_code, output = await run_node(
            SUITE,
            *("server", "--url", f"http://localhost:{port}/mcp", "--requirements", revision),
            cwd=tmp_path,
            timeout_s=120,
        )
    passed, failed = scored(output)
    assert (failed, len(passed)) == ([], scenarios), output[-4000:]
    assert exit_code == 0


def scored(output: str) -> tuple[list[str], list[str]]:
    """Return the scenarios that the revision demands, as the suite's summary lists them."""
    summary, _, unscored = output.partition("=== SUMMARY ===")[2].partition("Not scored")
    outside = set(re.findall(r"^ +[✓✗] ([\w-]+)", unscored, re.M))
    verdicts = re.findall(r"^([✓✗]) ([\w-]+):", summary, re.M)
    named = [(mark, name) for mark, name in verdicts if name not in outside]
    passed = [name for mark, name in named if mark == "✓"]
    return passed, [name for mark, name in named if mark == "✗"]


def test_what_does_not_count_is_not_counted() -> None:
    verdicts = "=== SUMMARY ===\n✓ a: 1 passed\n✗ b-c: 0 passed\n✗ d: 0 passed\n"
    assert scored(verdicts + "Total: 1\n\nNot scored:\n  ✗ d (pending)\n") == (["a"], ["b-c"])
