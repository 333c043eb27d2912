"""The rename that needs no model: what asks for it, what is certain, and what is doubtful."""

import pytest

from pairwright.strategies.renaming import Rename, read_rename, rename_texts
from pairwright.workspace.paths import WorkspacePath
from tests.index.analyses import analyse
from tests.strategies.stage import task_without_models


def renamed(workspace: str, instruction: str = "Rename take to grab.") -> dict[str, str] | None:
    """Return the files that change, None when there is a doubt."""
    texts = rename_texts(task_without_models(analyse(workspace), instruction))
    return None if texts is None else {str(path): text for path, text in texts.items()}


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("Rename take to grab", Rename("take", "grab")),
        ("rename `take` to `grab`.", Rename("take", "grab")),
        ("Please rename the function take() to grab() everywhere.", Rename("take", "grab")),
        ("Rename 'take' as 'grab', and update all its callers", Rename("take", "grab")),
        ("rename take -> grab", Rename("take", "grab")),
        ("Rename take in shop/a.py to grab", Rename("take", "grab", "shop/a.py")),
        ("Rename method Account.take to Account.grab", Rename("Account.take", "grab")),
        ("Rename Account::take to grab in the whole project", Rename("Account.take", "grab")),
        ("The class Till should be renamed to Register.", Rename("Till", "Register")),
        ("take should be called grab", Rename("take", "grab")),
        ("Change the name of the variable rate to tax_rate", Rename("rate", "tax_rate")),
        ("Rename take to grab\n(This is about the file a.py.)", Rename("take", "grab", "a.py")),
        (
            "Rename take to grab\n(This is about lines 1 to 2 of b/a.py.)",
            Rename("take", "grab", "b/a.py"),
        ),
    ],
)
def test_a_plain_wish_to_rename_is_understood(instruction: str, expected: Rename) -> None:
    assert read_rename(instruction) == expected


@pytest.mark.parametrize(
    "instruction",
    [
        "",
        "Rename",
        "Rename take",
        "Rename take to take",
        "Rename take to grab and make it return twice the value",
        "Rename take to grab, but keep the old name as an alias",
        "Rename Account.take to Wallet.grab",
        "Rename the file a.py to b.py",
        "Rename the parameter x of take to y",
        "Rename all functions to snake_case names",
        "Do not rename take to grab",
        "Mend take. Rename take to grab.",
        "Should take be renamed to grab?",
    ],
)
def test_what_asks_for_more_or_something_else_is_no_rename(instruction: str) -> None:
    assert read_rename(instruction) is None


PYTHON = """#- a.py
def take(x):
    \"\"\"Take (or `take`) one; to take two is too much.\"\"\"
    # take care
    return x

#- b.py
import a
from a import take as t, take
print(take(1), a.take(2), t(3))

#- notes.md
How to take part.
"""
SCRIPT = """#- m.ts
export function take(x: number) { return x }
#- n.ts
import { take } from "./m"
import * as m from "./m"
console.log(take(1), m.take(2))
"""
GO = """#- go.mod
module shop
#- a.go
package main

func take(x int) int { return x }
#- b.go
package main

func main() { take(3) }
"""
JAVA = """#- Till.java
class Till {
    static int take(int x) { return x; }
    int twice() { return take(1) + Till.take(2); }
}
"""
JAVASCRIPT = """#- m.js
export const take = (x) => x
#- n.js
import { take } from "./m.js"
take(take(1))
"""


@pytest.mark.parametrize("workspace", [PYTHON, SCRIPT, GO, JAVA, JAVASCRIPT])
def test_every_use_is_renamed_in_each_language(workspace: str) -> None:
    done = renamed(workspace)
    assert done is not None
    for path, text in done.items():
        document = analyse(workspace).snapshot.documents[WorkspacePath(path)]
        assert "grab" in text
        assert len(text) == len(document.text), "as long as before, since the names are"
        assert "take(" not in text


def test_prose_and_other_names_stay() -> None:
    done = renamed(PYTHON)
    assert done is not None
    assert '"""Take (or `take`) one; to take two is too much."""' in done["a.py"]
    assert "# take care" in done["a.py"]
    assert (
        done["b.py"]
        == "import a\nfrom a import grab as t, grab\nprint(grab(1), a.grab(2), t(3))\n\n"
    )
    assert "notes.md" not in done


METHOD = """#- a.py
class Till:
    def take(self):
        return 1

    def twice(self):
        return self.take() + self.take()
"""


def test_a_method_of_a_known_object_is_renamed() -> None:
    used = METHOD + "#- b.py\nfrom a import Till\n\ntill = Till()\nprint(till.take())\n"
    done = renamed(used, "Rename Till.take to grab")
    assert done is not None
    assert "self.grab() + self.grab()" in done["a.py"]
    assert "till.grab()" in done["b.py"]


def test_a_method_of_an_unknown_object_is_renamed_where_nothing_else_can_be_meant() -> None:
    done = renamed(METHOD + "#- b.py\ndef of(till):\n    return till.take()\n")
    assert done is not None
    assert "till.grab()" in done["b.py"]


TAKE = "#- a.py\ndef take(x):\n    return x\n\n"


@pytest.mark.parametrize(
    "workspace",
    [
        "#- a.py\nx = 1\n",
        TAKE + "#- b.py\ndef take(y):\n    return y\n",
        TAKE + "#- b.py\nimport a\ngetattr(a, 'take')(1)\n",
        TAKE + "#- b.py\nfrom unittest import mock\nmock.patch('a.take')\n",
        TAKE + '#- b.py\n__all__ = ["take"]\n',
        TAKE + "#- b.py\nf(take=1)\n",
        TAKE + "#- b.py\ndef f(take):\n    return take\n",
        TAKE + "#- b.py\ndef f(x):\n    return x.take()\n",
        TAKE + "#- b.py\ndef broken(:\n    take(1)\n",
        TAKE + "#- b.py\nfrom a import take\ngrab = 1\ntake(grab)\n",
        TAKE + '#- setup.json\n{"run": "a:take"}\n',
        TAKE + '#- page.html\n<a href="{{ take }}">take</a>\n',
        TAKE + "#- README.md\nCall `a.take(1)`.\n",
        METHOD + "#- b.py\nimport numpy\n\ndef of(till):\n    return till.take()\n",
        METHOD
        + "#- b.py\nfrom a import Till\n\nclass Own(Till):\n    def take(self):\n        return 2\n",  # noqa: E501
        METHOD.replace("class Till:", "class Till(Foreign):"),
        METHOD + "#- b.py\nclass Other:\n    def grab(self):\n        return 2\n",
        SCRIPT + '#- o.ts\nimport { take } from "./m"\nexport const all = { take }\n',
        SCRIPT + "#- o.ts\ndeclare const x: any\nx.take()\n",
        "#- a.rb\ndef take(x)\n  x\nend\n\ntake(1)\n",
    ],
)
def test_what_is_doubtful_is_left_to_the_models(workspace: str) -> None:
    assert renamed(workspace) is None


@pytest.mark.parametrize("method", ["get", "read", "append"])
def test_a_method_that_built_in_types_have_is_not_renamed_by_name_alone(method: str) -> None:
    workspace = METHOD.replace("take", method) + f"#- b.py\ndef of(x):\n    return x.{method}()\n"
    assert renamed(workspace, f"Rename {method} to grab") is None


@pytest.mark.parametrize(
    ("old", "new"), [("take", "Take"), ("take", "__take"), ("Till.__init__", "start")]
)
def test_what_changes_who_may_use_a_name_is_left_to_the_models(old: str, new: str) -> None:
    workspace = "#- a.py\nclass Till:\n    def __init__(self):\n        pass\n    def take(self):\n        pass\n"  # noqa: E501
    assert renamed(workspace, f"Rename {old} to {new}") is None


def test_the_file_that_is_named_decides_between_two_definitions() -> None:
    two = TAKE + "#- b/a2.py\ndef take(y):\n    return take(y - 1)\n"
    assert renamed(two) is None
    assert renamed(two, "Rename take in a2.py to grab") == {
        "b/a2.py": "def grab(y):\n    return grab(y - 1)\n"
    }
