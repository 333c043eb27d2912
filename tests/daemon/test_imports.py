"""Is what answers `initialize` light?"""

import subprocess
import sys


def test_a_daemon_listens_before_anything_heavy_is_imported() -> None:
    heavy = "{'lsprotocol', 'litellm', 'pydantic', 'pairwright.engine', 'tree_sitter', 'cattrs'"
    heavy += ", 'mcp', 'starlette', 'uvicorn', 'pairwright.mcp'}"
    script = f"import sys, pairwright.cli, pairwright.daemon.app; print({heavy} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=10, check=True
    )
    assert result.stdout == "set()\n"


def test_the_first_answer_waits_for_no_more_than_the_index() -> None:
    rest = "{'pydantic', 'lsprotocol', 'pairwright.settings', 'pairwright.strategies'"
    rest += ", 'pairwright.editing', 'pairwright.checks', 'pairwright.engine.session'}"
    script = f"import sys, pairwright.daemon.foundation; print({rest} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True
    )
    assert result.stdout == "set()\n"


def test_the_engine_is_put_together_without_mcp() -> None:
    mcp = "{'mcp', 'mcp_types', 'starlette', 'uvicorn', 'pairwright.mcp'}"
    script = f"import sys, pairwright.daemon.composition; print({mcp} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True
    )
    assert result.stdout == "set()\n"
