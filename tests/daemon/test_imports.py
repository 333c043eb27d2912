"""Is what answers `initialize` light?"""

import subprocess
import sys


def test_a_daemon_listens_before_anything_heavy_is_imported() -> None:
    heavy = "{'lsprotocol', 'litellm', 'pydantic', 'pairwright.engine', 'tree_sitter', 'cattrs'}"
    script = f"import sys, pairwright.cli, pairwright.daemon.app; print({heavy} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=10, check=True
    )
    assert result.stdout == "set()\n"
