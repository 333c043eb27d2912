import re
from pathlib import Path

text = Path("README.md").read_text()
assert text.startswith("# greeter") and "## Licence" in text and "MIT" in text
usage = text.split("## Usage")[1].split("\n## ")[0]
code = re.search(r"```(?:python|py)?\n(.*?)```", usage, re.DOTALL)[1]
exec(compile(code, "usage", "exec"), {})
assert "greeter" in code and "greet(" in code
