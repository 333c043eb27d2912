import subprocess
import sys
from pathlib import Path

ORIGINAL = Path("clamp.py").read_text()
MUTANTS = [
    ("return low\n", "return value\n"),
    ("return high\n", "return value\n"),
    ('raise ValueError("low is greater than high")', "pass"),
    ("    return value\n", "    return low\n"),
]


def passes():
    ran = subprocess.run(
        [sys.executable, "-B", "-m", "unittest", "-v", "test_clamp"], capture_output=True, timeout=30
    )
    return ran.returncode == 0 and b"Ran 0 tests" not in ran.stderr


assert passes(), "the tests pass on the code as it is"
for before, after in MUTANTS:
    assert before in ORIGINAL
    Path("clamp.py").write_text(ORIGINAL.replace(before, after))
    assert not passes(), f"no test sees {after!r}"
