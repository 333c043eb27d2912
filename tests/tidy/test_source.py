"""Do the tidy tests see what they are meant to see?"""

import ast
from pathlib import Path

from tests.tidy.source import Import, Module, imports_of, server_modules, tracked_files


def check_imports(text: str, *expected: Import) -> None:
    module = Module(Path("a.py"), "a.py", ast.parse(text))
    assert tuple(imports_of(module)) == expected


def test_every_form_of_import_is_seen() -> None:
    check_imports("import a.b, c", Import("a.b", 1, False), Import("c", 1, False))
    check_imports("from a.b import c as d", Import("a.b.c", 1, False))
    check_imports("from . import c", Import("..c", 1, False))
    check_imports("if x:\n    import a", Import("a", 2, False))
    check_imports("importlib.import_module('a.b')", Import("a.b", 1, False))
    check_imports("__import__('a')", Import("a", 1, False))


def test_an_import_in_a_function_is_local() -> None:
    check_imports("def f():\n    with x:\n        import a", Import("a", 3, True))
    check_imports("class C:\n    async def f(self):\n        import a", Import("a", 3, True))
    check_imports("f = lambda: __import__('a')", Import("a", 1, True))


def test_the_projects_files_are_found() -> None:
    names = {module.name for module in server_modules()}
    assert {"errors.py", "text/edits.py"} <= names
    assert {module.name.partition("/")[0] for module in server_modules("text")} == {"text"}
    assert "pyproject.toml" in {path.name for path in tracked_files()}
