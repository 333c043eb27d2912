from pathlib import Path

assert "## Usage" in Path("README.md").read_text()
