import json
from pathlib import Path

expected = {"name": "demo", "ports": [8080, 8081], "debug": True, "paths": {"data": "/srv/data"}}
assert json.loads(Path("config.json").read_text()) == expected
