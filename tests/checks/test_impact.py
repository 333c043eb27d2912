"""What may a change break elsewhere?"""

import asyncio

import pytest

from pairwright.checks.comparison import compare
from pairwright.checks.impact import Affected, ChangeKind, Impact, impact_of
from pairwright.workspace.paths import WorkspacePath
from tests.checks.impacts import STORE, changed, impact, places
from tests.checks.support import analysis_of
from tests.support.outlines import outlined_here


@pytest.mark.parametrize(
    ("old", "new", "name", "kind"),
    [
        ("def load(self, path):", "def load(self, path, mode):", "Store.load", "signature"),
        ("def load(self, path):", "def load(self, path, mode=0):", "Store.load", "extended"),
        ("def load(self, path):", "def load(self, path, *, m=0):", "Store.load", "extended"),
        ("def load(self, path):", "def load(self, mode=0, path=1):", "Store.load", "signature"),
        ("    def volume", "    @property\n    def volume", "Store.volume", "signature"),
        ("def open_store", "async def open_store", "open_store", "signature"),
        ("class Cache(Store)", "class Cache(dict)", "Cache", "bases"),
        ("    def volume(self):\n        return LIMIT\n", "", "Store.volume", "removed"),
        ("def open_store", "def make_store", "open_store", "renamed"),
        ("return LIMIT", "return 1", "Store.volume", "body"),
        ("LIMIT = 3", "LIMIT = 4", "LIMIT", "body"),
        ("class Cache", "def f(): pass\n\n\nclass Cache", "f", "added"),
        ("class Cache", "print(1)\n\n\nclass Cache", "", "module_code"),
        ("import decode, encode", "import decode", "encode", "import_removed"),
        ("self.path = path", "self.place = path", "Store.path", "renamed"),
    ],
)
def test_what_changed_is_told_with_its_kind(old: str, new: str, name: str, kind: str) -> None:
    assert ("store.py", name, ChangeKind(kind)) in changed(impact({"store.py": (old, new)}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import json\n", "import json\nimport os\n"),
        ("LIMIT = 3\n", "# three\nLIMIT = 3\n\n"),
        ("    def volume(self):\n", "    def volume(self):\n        # how many\n"),
    ],
)
def test_comments_and_new_imports_change_nothing_that_others_see(old: str, new: str) -> None:
    assert impact({"store.py": (old, new)}).changed == ()


def test_callers_of_a_changed_signature_may_break_and_so_may_overrides() -> None:
    found = impact({"store.py": ("def load(self, path):", "def load(self, path, mode):")})
    assert found.is_complete
    fate = "`Store.load(path)`, whose signature changed"
    assert ("app.py", f"perhaps calls {fate}") in places(found)
    assert ("store.py", f"calls {fate}") in places(found)
    assert ("store.py", f"overrides {fate}") in places(found)
    assert "tests/test_store.py" in [path for path, _ in places(found)]
    app = next(each for each in found.affected if each.path == "app.py")
    assert (app.symbol, app.line) == ("main", 5)


def test_what_is_overridden_may_no_longer_fit() -> None:
    workspace = STORE.replace("return super().load(path)", "return 1")
    new = ("load(self, path):\n        return 1", "load(self, path, extra):\n        return 1")
    found = impact({"store.py": new}, workspace)
    reason = "is overridden by `Cache.load(path)`, whose signature changed"
    assert ("store.py", reason) in places(found)


def test_an_added_parameter_that_may_be_left_out_breaks_no_caller() -> None:
    found = impact({"store.py": ("def load(self, path):", "def load(self, path, mode=0):")})
    assert places(found) == [
        ("store.py", "overrides `Store.load(path)`, which takes more parameters now")
    ]


def test_a_changed_body_breaks_nobody_but_is_tested() -> None:
    found = impact({"store.py": ("return decode(path)", "return decode(path) or 1")})
    assert found.affected == ()
    assert found.tests == ("tests/test_store.py", "tests/test_app.py")


def test_users_of_a_removed_or_renamed_definition_may_break() -> None:
    found = impact({"store.py": ("def open_store", "def make_store")})
    reasons = dict(places(found))
    assert reasons["app.py"] == "imports `open_store(path)`, which is now `make_store`" or (
        reasons["app.py"] == "calls `open_store(path)`, which is now `make_store`"
    )
    assert {"app.py", "report.py", "tests/test_store.py"} <= set(reasons)


def test_heirs_of_a_class_with_other_bases_may_break() -> None:
    found = impact({"store.py": ("class Store:", "class Store(dict):")})
    assert ("app.py", "inherits from `Store`, whose bases changed") in places(found)


def test_who_imports_a_name_that_is_no_longer_passed_on_may_break() -> None:
    found = impact({"store.py": ("import decode, encode", "import decode")})
    assert places(found) == [("report.py", "imports `encode`, which `store.py` no longer imports")]


def test_who_imports_a_file_that_goes_may_break() -> None:
    found = impact({"codec.py": None})
    assert ("store.py", "imports `codec.py`, which is removed") in places(found)
    text = "def decode(text):\n    return text\n\n\ndef encode(text):\n    return text\n"
    found = impact({"codec.py": None, "coding.py": ("", text)})
    assert ("store.py", "imports `codec.py`, which is now `coding.py`") in places(found)


def test_what_the_change_itself_mends_is_left_out() -> None:
    found = impact(
        {
            "codec.py": ("def decode(text):", "def decode(text, strict):"),
            "store.py": ("return decode(path)", "return decode(path, True)"),
        }
    )
    assert found.affected == ()
    found = impact(
        {
            "codec.py": ("def decode(text):", "def decode(text, strict):"),
            "store.py": ("import json\n", "import json\nimport os\n"),
        }
    )
    assert [(each.path, each.symbol, each.line) for each in found.affected] == [
        ("store.py", "Store.load", 12)
    ]


def test_a_use_that_still_stands_in_a_touched_file_is_told_with_its_new_line() -> None:
    found = impact(
        {
            "codec.py": ("def decode(text):\n    return text\n", ""),
            "store.py": ("import json\n", "import json\n\n\n"),
        }
    )
    assert ("store.py", 13) in [(each.path, each.line) for each in found.affected]


def test_a_definition_that_moved_and_is_passed_on_breaks_nobody() -> None:
    body = "def open_store(path):\n    return Store(path)\n"
    texts = {"store.py": (body, ""), "opening.py": ("", body)}
    assert ("store.py", "open_store", ChangeKind.RENAMED) in changed(impact(texts))
    passing_on = {"store.py": (body, "from opening import open_store\n"), "opening.py": ("", body)}
    assert impact(passing_on).affected == ()


def test_what_only_the_name_says_is_no_certainty() -> None:
    workspace = STORE + "#- guess.py\ndef guess(thing):\n    return thing.volume()\n"
    volume = "    def volume(self):\n        return LIMIT\n"
    found = impact({"store.py": (volume, "")}, workspace)
    guess = next(each for each in found.affected if each.path == "guess.py")
    assert (guess.is_certain, guess.reason) == (
        False,
        "perhaps calls `Store.volume()`, which is removed",
    )
    assert [each.is_certain for each in found.affected] == sorted(
        (each.is_certain for each in found.affected), reverse=True
    )


def test_an_inherited_member_that_goes_breaks_nobody() -> None:
    load = "    def load(self, path):\n        return super().load(path)\n"
    assert impact({"store.py": (load, "    pass\n")}).affected == ()


def test_a_question_that_nobody_waits_for_ends_with_what_it_has() -> None:
    analysis = analysis_of(STORE)
    path = WorkspacePath("store.py")
    text = analysis.snapshot.documents[path].text.replace("load(self, path)", "load(self)", 1)
    found = impact_of(
        asyncio.run(compare(analysis, {path: text}, {}, outlined_here)), should_stop=lambda: True
    )
    assert (found.tests, found.is_complete) == (None, False)
    assert changed(found) == [("store.py", "Store.load", ChangeKind.SIGNATURE)]


def test_many_places_are_cut_and_it_is_said() -> None:
    calls = "".join(f"def f{number}():\n    make()\n\n\n" for number in range(300))
    workspace = f"#- a.py\ndef make():\n    pass\n#- b.py\nfrom a import make\n\n\n{calls}"
    found = impact({"a.py": ("def make()", "def make(x)")}, workspace)
    assert not found.is_complete
    assert len(found.affected) == 200


def test_no_change_has_no_impact() -> None:
    assert impact({"store.py": ("", "")}) == Impact((), (), None)
    assert impact({}) == Impact((), (), None)


def test_a_file_that_does_not_parse_is_answered_for() -> None:
    found = impact({"store.py": ("def open_store(path):", "def open_store(path:::\n\x00")})
    assert isinstance(found, Impact)


def test_other_languages_are_followed() -> None:
    workspace = """\
#- src/stack.ts
export class Stack {
  push(item: number): void {}
}
#- src/use.ts
import { Stack } from "./stack";
export function use() {
  const stack = new Stack();
  stack.push(1);
}
#- src/use.test.ts
import { use } from "./use";
test("use", () => { use(); });
"""
    new = ("push(item: number)", "push(item: number, at: number)")
    found = impact({"src/stack.ts": new}, workspace)
    reason = "calls `Stack.push(item)`, whose signature changed"
    assert [Affected(each.path, "use", 3, reason) for each in found.affected] == [
        Affected(WorkspacePath("src/use.ts"), "use", 3, reason)
    ]
    assert found.tests == ("src/use.test.ts",)
