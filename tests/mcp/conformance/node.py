"""Where are node and the packages that test us? Where `npm ci` put them, or nowhere.

`npm ci --prefix tests/mcp/conformance` installs them, node itself among them; the variable names
another place that holds them.
"""

import asyncio
import os
from pathlib import Path

import pytest

VARIABLE = "PAIRWRIGHT_TEST_NODE_MODULES"
_OWN = Path(__file__).parent / "node_modules"


def node_modules() -> Path:
    """Return where the packages are; a test that needs them is skipped when they are not there."""
    place = Path(os.environ.get(VARIABLE) or _OWN)
    if not (place / "node" / "bin" / "node").exists():
        pytest.skip("needs node's packages: npm ci --prefix tests/mcp/conformance")
    return place


async def run_node(script: str, *arguments: str, cwd: Path, timeout_s: float) -> tuple[int, str]:
    """Run a script of a package; return its exit code, and all that it wrote."""
    place = node_modules()
    node = place / "node" / "bin" / "node"
    process = await asyncio.create_subprocess_exec(
        *(str(node), str(place / script), *arguments),
        cwd=cwd,
        env={**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(timeout_s):
            output, _ = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    return process.returncode or 0, output.decode("utf-8", "replace")
