import pytest

from pairwright.index.index import Index
from pairwright.syntax.outline import outline_of
from pairwright.workspace.paths import WorkspacePath


def check_imports(importer: str, text: str, files: str, expected: str) -> None:
    """Check which of the (empty) files one file's text imports."""
    outlines = [outline_of(path, "") for path in files.split()]
    index = Index([*outlines, outline_of(importer, text)])
    assert list(index.imports_of(WorkspacePath(importer))) == expected.split()


@pytest.mark.parametrize(
    ("importer", "text", "files", "expected"),
    [
        ("main.py", "import stack", "stack.py", "stack.py"),
        ("main.py", "import pkg.a", "pkg/__init__.py pkg/a.py", "pkg/a.py"),
        ("main.py", "import pkg.a as b", "pkg/a.py", "pkg/a.py"),
        ("main.py", "from pkg import a", "pkg/__init__.py pkg/a.py", "pkg/__init__.py pkg/a.py"),
        ("main.py", "from pkg.a import f", "pkg/__init__.py pkg/a.py", "pkg/a.py"),
        ("main.py", "from pkg import *", "pkg/__init__.py", "pkg/__init__.py"),
        ("main.py", "from ns.sub import thing", "ns/sub/thing.py", "ns/sub/thing.py"),
        ("main.py", "import typed", "typed.pyi", "typed.pyi"),
        ("main.py", "import os, json.decoder", "pkg/json.py", ""),
        ("main.py", "import queue", "queue.py", "queue.py"),
        ("pkg/b.py", "import json", "pkg/json.py", "pkg/json.py"),
        ("main.py", "import main", "", ""),
        ("pkg/b.py", "from . import a", "pkg/__init__.py pkg/a.py", "pkg/__init__.py pkg/a.py"),
        ("pkg/b.py", "from .a import f", "pkg/__init__.py pkg/a.py a.py", "pkg/a.py"),
        ("pkg/sub/b.py", "from ..a import f", "pkg/a.py", "pkg/a.py"),
        ("pkg/sub/b.py", "from ... import a", "a.py", "a.py"),
        ("pkg/b.py", "from ....a import f", "a.py", ""),
        ("pkg/__init__.py", "from .a import f", "pkg/a.py", "pkg/a.py"),
        ("tests/test_a.py", "import pkg.a", "src/pkg/__init__.py src/pkg/a.py", "src/pkg/a.py"),
        ("tests/test_a.py", "import ns.a", "src/ns/a.py", "src/ns/a.py"),
        ("t.py", "import pkg.a", "lib/py/pkg/__init__.py lib/py/pkg/a.py", "lib/py/pkg/a.py"),
        ("x/main.py", "import common", "x/common.py y/common.py", "x/common.py"),
        ("y/main.py", "import common", "x/common.py y/common.py", "y/common.py"),
        ("z/main.py", "import common", "x/common.py y/common.py", "x/common.py"),
        ("main.py", "def f():\n    import late", "late.py", "late.py"),
        ("main.py", "if TYPE_CHECKING:\n    from a import T", "a.py", "a.py"),
    ],
)
def test_python_imports_find_their_files(
    importer: str, text: str, files: str, expected: str
) -> None:
    check_imports(importer, text, files, expected)


@pytest.mark.parametrize(
    ("importer", "text", "files", "expected"),
    [
        ("a.js", 'import x from "./b"', "b.js", "b.js"),
        ("a.js", 'import x from "./b.js"', "b.js", "b.js"),
        ("a.ts", 'import x from "./b.js"', "b.ts", "b.ts"),
        ("a.ts", 'import x from "./b"', "b.ts b.js", "b.ts"),
        ("a.ts", 'import type { X } from "./b"', "b.d.ts", "b.d.ts"),
        ("src/a.tsx", 'import X from "../lib"', "lib/index.tsx", "lib/index.tsx"),
        ("src/a.ts", 'import x from "."', "src/index.ts", "src/index.ts"),
        ("src/a.ts", 'import x from ".."', "index.ts", "index.ts"),
        ("a.js", 'const x = require("./b")', "b.cjs", "b.cjs"),
        ("a.js", 'export * from "./b"', "b.mjs", "b.mjs"),
        ("a.js", 'await import("./b")', "b.js", "b.js"),
        ("src/x/a.ts", 'import x from "@/lib/b"', "src/lib/b.ts", "src/lib/b.ts"),
        ("src/a.ts", 'import x from "lib/b"', "src/lib/b.ts", "src/lib/b.ts"),
        ("a.js", 'import x from "react"', "react.py", ""),
        ("a.js", 'import x from "../outside"', "outside.js", ""),
        ("a.js", "f(`./b`)", "b.js", ""),
    ],
)
def test_script_imports_find_their_files(
    importer: str, text: str, files: str, expected: str
) -> None:
    check_imports(importer, text, files, expected)


def test_a_name_that_a_package_passes_on_is_followed_to_its_origin() -> None:
    texts = {
        "pkg/__init__.py": "from .stack import Stack\nfrom .other import Other\n",
        "pkg/stack.py": "class Stack: pass\n",
        "pkg/other.py": "class Other: pass\n",
        "main.py": "from pkg import Stack\n",
    }
    index = Index(outline_of(path, text) for path, text in texts.items())
    imported = index.imports_of(WorkspacePath("main.py"))
    assert set(imported) == {"pkg/__init__.py", "pkg/stack.py"}
