import inspect
import tempfile
from pathlib import Path

from count import lines_of
from find import contains, first_line
from loading import load

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "a.txt")
    path.write_text("ö\nzwei\ndrei", encoding="utf-8")
    assert lines_of(path) == 3
    assert contains(path, "ö") and not contains(path, "x")
    assert first_line(path) == "ö"
assert inspect.signature(load).parameters["encoding"].default is inspect.Parameter.empty
