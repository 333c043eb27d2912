import ast
from pathlib import Path

import waves

assert waves.wavelength(3, 2) == 6
tree = ast.parse(Path("waves.py").read_text())
functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
assert [function.name for function in functions] == ["frequency", "wavelength"]
for function in functions:
    assert ast.get_docstring(function), function.name
    assert len(function.body) == 2, "only a docstring is added"
assert ast.get_docstring(tree) == "Waves and their measures."
