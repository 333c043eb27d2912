import pytest

from pairwright.index.builder import index_of, indexed_file
from pairwright.workspace.paths import WorkspacePath


def check_imports(importer: str, text: str, files: str, expected: str) -> None:
    """Check which of the (empty) files one file's text imports."""
    index = index_of({**dict.fromkeys(files.split(), ""), importer: text})
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
    imported = index_of(texts).imports_of(WorkspacePath("main.py"))
    assert set(imported) == {"pkg/__init__.py", "pkg/stack.py"}


def test_what_a_package_passes_on_is_read_anew_when_the_package_changes() -> None:
    main, package = WorkspacePath("main.py"), WorkspacePath("pkg/__init__.py")
    before = index_of(
        {
            "pkg/__init__.py": "from .a import f\n",
            "pkg/a.py": "",
            "pkg/b.py": "",
            "main.py": "from pkg import f\n",
        }
    )
    assert before.imports_of(main) == ("pkg/a.py", "pkg/__init__.py")
    after = before.with_files({package: indexed_file(package, "from .b import f\n")})
    assert after.imports_of(main) == ("pkg/b.py", "pkg/__init__.py")
    assert after.files_importing(WorkspacePath("pkg/b.py")) == ("main.py", "pkg/__init__.py")
    assert before.imports_of(main) == ("pkg/a.py", "pkg/__init__.py")


def test_an_import_is_resolved_anew_when_files_come_and_go() -> None:
    main, first, second = map(WorkspacePath, ("main.py", "a.py", "src/a.py"))
    index = index_of({"main.py": "import a\n"})
    assert index.imports_of(main) == ()
    index = index.with_files({second: indexed_file(second, "")})
    assert index.imports_of(main) == ("src/a.py",)
    index = index.with_files({first: indexed_file(first, "")})
    assert index.imports_of(main) == ("a.py",)
    assert index.files_importing(first) == ("main.py",)
    index = index.with_files({first: None})
    assert index.imports_of(main) == ("src/a.py",)
    assert index.files_importing(first) == ()


_JAVA = "src/main/java/com/acme/Stack.java"


@pytest.mark.parametrize(
    ("importer", "text", "files", "expected"),
    [
        ("a/B.java", "import com.acme.Stack;", _JAVA, _JAVA),
        ("a/B.java", "import static com.acme.Stack.push;", _JAVA, _JAVA),
        ("a/B.java", "import com.acme.Stack.Entry;", _JAVA, _JAVA),
        ("a/B.java", "import com.acme.*;", f"{_JAVA} com/other/X.java", _JAVA),
        ("a/B.java", "import java.util.List;", "my/List.java", ""),
        ("a/B.kt", "import com.acme.Stack", "app/com/acme/Stack.kt", "app/com/acme/Stack.kt"),
        ("a/B.kt", "import com.acme.Stack", _JAVA, _JAVA),
        (
            "a/B.scala",
            "import com.acme.{Stack, Queue}",
            "com/acme/Queue.scala",
            "com/acme/Queue.scala",
        ),
        (
            "cmd/main.go",
            'import "github.com/acme/tool/internal/db"',
            "go.mod internal/db/a.go internal/db/b.go internal/db/a_test.go",
            "internal/db/a.go internal/db/b.go",
        ),
        (
            "svc/main.go",
            'import "example.com/svc/db"',
            "svc/go.mod svc/db/a.go db/b.go",
            "svc/db/a.go",
        ),
        ("main.go", 'import "github.com/pkg/errors"', "errors/a.go", ""),
        ("main.go", 'import "fmt"', "internal/fmt/a.go", ""),
        ("src/main.rs", "mod stack;", "src/stack.rs", "src/stack.rs"),
        ("src/main.rs", "mod stack;", "src/stack/mod.rs", "src/stack/mod.rs"),
        ("src/a.rs", "mod b;", "src/lib.rs src/a/b.rs src/b.rs", "src/a/b.rs"),
        ("src/a/b.rs", "use crate::c::D;", "src/lib.rs src/c.rs", "src/c.rs"),
        ("src/a/b.rs", "use crate::Top;", "src/lib.rs", "src/lib.rs"),
        ("src/a/b.rs", "use super::c::f;", "src/lib.rs src/a/c.rs", "src/a/c.rs"),
        ("src/a/b.rs", "use super::f;", "src/lib.rs src/a.rs", "src/a.rs"),
        ("src/a.rs", "use self::b::f;", "src/lib.rs src/a/b.rs", "src/a/b.rs"),
        ("x/src/a.rs", "use my_core::T;", "my-core/src/lib.rs", "my-core/src/lib.rs"),
        ("src/a.rs", "use std::fmt;", "src/lib.rs", ""),
        ("a.rs", "use super::super::super::x;", "b.rs", ""),
        ("src/a.c", '#include "b.h"', "src/b.h b.h", "src/b.h"),
        ("src/a.c", '#include "../b.h"', "src/b.h b.h", "b.h"),
        ("src/a.cpp", '#include "lib/b.hpp"', "include/lib/b.hpp", "include/lib/b.hpp"),
        ("src/a.c", "#include <lib/b.h>", "include/lib/b.h", "include/lib/b.h"),
        ("src/a.cpp", "#include <vector>", "tests/vector", ""),
        ("app/a.rb", 'require_relative "../b"', "b.rb", "b.rb"),
        ("app/a.rb", 'require "shop/cart"', "lib/shop/cart.rb", "lib/shop/cart.rb"),
        (
            "x/a.rb",
            'require "shop/cart"',
            "gems/shop/lib/shop/cart.rb",
            "gems/shop/lib/shop/cart.rb",
        ),
        ("app/a.rb", 'require "json"', "doc/json.rb", ""),
        ("a.php", "<?php use App\\Models\\User;", "app/Models/User.php", "app/Models/User.php"),
        ("a.php", "<?php use Acme\\User;", "src/User.php", "src/User.php"),
        ("a.php", "<?php use Exception;", "lib/Exception.php", ""),
        ("x/a.php", "<?php require __DIR__ . '/b.php';", "x/b.php b.php", "x/b.php"),
        (
            "A.cs",
            "using Acme.Core.Models;",
            "src/Acme.Core/Models/B.cs",
            "src/Acme.Core/Models/B.cs",
        ),
        ("A.cs", "using Acme.Core;", "src/Acme/Core/B.cs", "src/Acme/Core/B.cs"),
        ("A.cs", "using static Acme.Core.B;", "src/Acme/Core/B.cs", "src/Acme/Core/B.cs"),
        ("A.cs", "using System.Text;", "Text/B.cs", ""),
        ("a.lua", 'local b = require("x.b")', "lua/x/b.lua", "lua/x/b.lua"),
        ("a.lua", 'local b = require("x")', "x/init.lua", "x/init.lua"),
        ("a.ex", "alias MyApp.UserName", "lib/my_app/user_name.ex", "lib/my_app/user_name.ex"),
        ("a.hs", "import Data.Stack", "src/Data/Stack.hs", "src/Data/Stack.hs"),
        ("src/a.ml", "open Stack", "src/stack.ml lib/stack.ml", "src/stack.ml"),
        ("src/a.ml", "module M = Stack.Make", "lib/stack.ml", "lib/stack.ml"),
        ("src/a.jl", 'include("b.jl")', "src/b.jl b.jl", "src/b.jl"),
        ("test/a.jl", "using Shop", "src/Shop.jl", "src/Shop.jl"),
        ("css/a.css", '@import "b.css";', "css/b.css b.css", "css/b.css"),
        ("css/a.css", '@import url("https://x.org/b.css");', "b.css", ""),
        ("a.html", '<script src="/js/b.js?v=1"></script>', "static/js/b.js", "static/js/b.js"),
        ("x/a.html", '<link href="b.css">', "x/b.css", "x/b.css"),
        ("x/a.sh", "source ./b.sh", "x/b.sh b.sh", "x/b.sh"),
        ("x/a.sh", '. "$DIR/b.sh"', "x/b.sh", "x/b.sh"),
        ("x/a.sh", ". lib/b.sh", "lib/b.sh", "lib/b.sh"),
        ("src/a.zig", 'const b = @import("b.zig");', "src/b.zig", "src/b.zig"),
        ("a.zig", 'const std = @import("std");', "b.zig", ""),
    ],
)
def test_imports_of_other_languages_find_their_files_by_paths(
    importer: str, text: str, files: str, expected: str
) -> None:
    check_imports(importer, text, files, expected)


@pytest.mark.parametrize(
    "importer_and_text",
    [
        ("a.py", "from ........ import x"),
        ("a.py", "import " + ".".join("a" * 300)),
        ("a.js", 'import x from ""'),
        ("a.js", 'import x from "../../../.."'),
        ("a.go", 'import ""'),
        ("a.go", 'import "/"'),
        ("a.rs", "use super::super::x; use ::; use crate::*;"),
        ("a.c", '#include "../../../x.h"\n#include ""'),
        ("a.rb", 'require ""\nrequire "/"\nrequire_relative "../../x"'),
        ("a.php", "<?php use \\; require '';"),
        ("A.cs", "using ;"),
        ("a.lua", 'require("")\nrequire("...")'),
        ("a.ml", "open"),
        ("a.jl", 'using .\ninclude("")'),
        ("a.css", '@import "";'),
        (
            "a.html",
            '<script src=""></script><script src="/"></script><script src="../../x"></script>',
        ),
        ("a.sh", 'source "$X"\nsource ""\n. "$(dirname "$0")"'),
        ("A.java", "import ;\nimport a.;"),
    ],
)
def test_an_import_that_names_nothing_resolves_to_nothing(
    importer_and_text: tuple[str, str],
) -> None:
    importer, text = importer_and_text
    index = index_of({importer: text, "x/y.txt": ""})
    assert index.imports_of(WorkspacePath(importer)) == ()
