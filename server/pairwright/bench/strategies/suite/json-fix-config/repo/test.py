import json
from pathlib import Path

assert json.loads(Path("config.json").read_text())["name"] == "demo"
