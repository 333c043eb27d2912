import subprocess
import sys
from pathlib import Path

ORIGINAL = Path("stack.py").read_text()
MUTANTS = [
    ("self._items.append(item)", "pass"),
    ("return self._items.pop()", "return self._items.pop(0)"),
    ('raise IndexError("the stack is empty")', "return None"),
    ("return len(self._items)", "return 0"),
]


def passes():
    ran = subprocess.run(
        [sys.executable, "-B", "-m", "unittest", "-q", "test_stack"], capture_output=True, timeout=30
    )
    return ran.returncode == 0


assert passes(), "the tests pass on the code as it is"
for before, after in MUTANTS:
    assert before in ORIGINAL
    Path("stack.py").write_text(ORIGINAL.replace(before, after))
    assert not passes(), f"no test sees {after!r}"
