import tomllib
from pathlib import Path

assert tomllib.loads(Path("service.toml").read_text()) == {
    "title": "service",
    "server": {"host": "localhost", "port": 9000},
    "limits": {"requests_per_minute": 60, "burst": 10},
}
