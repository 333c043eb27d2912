"""Is an editor served over loopback, by processes that share nothing but the token's file?"""

import asyncio
import json
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from pairwright.lsp.stream.framing import read_frame
from pairwright.protocol.framing import frame
from pairwright.protocol.loopback import TCP_FILE
from tests.e2e.stage import COMMAND_S, Stage
from tests.support.waiting import eventually, within

CONVERSATION: tuple[tuple[str, Any], ...] = (
    ("initialize", {"capabilities": {}}),
    ("pairwright/status", {}),
    ("shutdown", None),
)


async def test_an_editor_reaches_a_daemon_by_its_file(fresh_stage: Stage, tmp_path: Path) -> None:
    with fresh_stage.start("daemon", "--tcp", "--workspace", str(fresh_stage.root)) as daemon:

        def listens() -> list[Path]:
            assert daemon.poll() is None, daemon.communicate()
            return list(fresh_stage.runtime.glob(f"*/{TCP_FILE}"))

        await eventually(listens, seconds=COMMAND_S)
        (place,) = listens()
        async with within(COMMAND_S):
            said = await answers_by(fresh_stage, place, tmp_path)
        daemon.terminate()
        daemon.communicate(timeout=COMMAND_S)
    assert said[0]["serverInfo"]["name"] == "pairwright"
    assert said[1]["pid"] == daemon.pid
    assert said[2] is None
    assert daemon.returncode == 0
    assert not place.exists()


async def answers_by(stage: Stage, place: Path, home: Path) -> list[Any]:
    """Ask through a forwarder that finds no socket of the workspace, and may start nothing."""
    runtime = home / "elsewhere"
    process = await asyncio.create_subprocess_exec(
        *stage.command("lsp", "--tcp-file", str(place)),
        stdin=PIPE,
        stdout=PIPE,
        env={**stage.environment, "PAIRWRIGHT_RUNTIME_DIR": str(runtime)},
        cwd=home,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    said = []
    for number, (method, params) in enumerate(CONVERSATION):
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        process.stdin.write(frame(json.dumps(request).encode()))
        while (message := json.loads(await read_frame(process.stdout) or b"{}")).get("id") is None:
            assert "method" in message
        assert message["id"] == number
        said.append(message["result"])
    process.stdin.write(frame(b'{"jsonrpc":"2.0","method":"exit"}'))
    process.stdin.close()
    assert await process.wait() == 0
    assert not runtime.exists()
    return said
