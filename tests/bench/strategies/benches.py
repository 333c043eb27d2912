"""A small suite, and models that answer from a list."""

from pathlib import Path

from tests.support.engines import write_files

TASK_TOML = """\
instruction = "The total in shop.py leaves out the first price: count it too."
kind = "fix"
language = "python"
file = "shop.py"
test_command = ["{python}", "test_shop.py"]
judge_command = ["{python}", "hidden_test.py"]
"""
FILES = {
    "task.toml": TASK_TOML,
    "repo/shop.py": "def total(prices):\n    return sum(prices[1:])\n",
    "repo/test_shop.py": "from shop import total\nassert total([2, 3]) == 5, total([2, 3])\n",
    "hidden/hidden_test.py": "from shop import total\nassert total([2, 3, 4]) == 9\n",
    "solution/shop.py": "def total(prices):\n    return sum(prices)\n",
}
RIGHT = """\
### FILE shop.py
<<<<<<< SEARCH
    return sum(prices[1:])
=======
    return sum(prices)
>>>>>>> REPLACE
### END 1
"""
OVERFITTED = RIGHT.replace("    return sum(prices)\n", "    return 5\n")


def write_task(suite: Path, name: str = "total", **changed: str) -> Path:
    """Write a task; `changed` replaces lines of its `task.toml` by their key."""
    lines = TASK_TOML.splitlines()
    for key, value in changed.items():
        lines = [line for line in lines if not line.startswith(f"{key} =")]
        if value:
            lines.append(f"{key} = {value}")
    write_files(suite / name, {**FILES, "task.toml": "\n".join(lines) + "\n"})
    return suite / name
