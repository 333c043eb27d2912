import tomllib
from pathlib import Path

assert tomllib.loads(Path("service.toml").read_text())["limits"]["burst"] == 10
