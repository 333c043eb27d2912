"""Is a value put where it belongs, and all else left as it was?"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairwright_client.config_jsonc import Broken, merged, read

KEYS = ("servers", "pairwright")
ENTRY = {"command": "pairwright", "args": ["mcp"]}


def check(before: str, after: str) -> None:
    """The text becomes this, and what it became stays as it is."""
    assert merged(before, KEYS, ENTRY) == after
    assert merged(after, KEYS, ENTRY) == after


def test_an_empty_text_becomes_a_whole_file() -> None:
    for nothing in ("", "\n", "\ufeff"):
        written = merged(nothing, KEYS, ENTRY)
        assert json.loads(written) == {"servers": {"pairwright": ENTRY}}


def test_comments_order_and_layout_stay() -> None:
    check(
        """\
// mine
{
    "z": 1, // last letter
    /* others */
    "servers": {
        "other": {"command": "x"}, // keep
        "second": {"a": [1, 2,],} // and this
    },
    "a": "//no comment",
}
""",
        """\
// mine
{
    "z": 1, // last letter
    /* others */
    "servers": {
        "other": {"command": "x"}, // keep
        "second": {"a": [1, 2,],}, // and this
        "pairwright": {
            "command": "pairwright",
            "args": [
                "mcp"
            ]
        }
    },
    "a": "//no comment",
}
""",
    )


@pytest.mark.parametrize(
    "before",
    [
        "{}",
        "{ }",
        "{\n}\n",
        "{ // nothing yet\n}",
        '{"a": 1}',
        '{"a": 1,}',
        '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n',
        '{"servers": {}}',
        '{"servers": {"other": {}}, "a": 2}',
        '{"servers": {\n  "other": {} }\n}',
        '{\r\n  "a": 1\r\n}\r\n',
        '\ufeff{"a": 1}',
        '{"a": 1 /* b */ , /* c */ }',
        '{"a": "}", "b": "\\"{"}',
    ],
)
def test_whatever_its_layout_it_holds_the_same_and_ours(before: str) -> None:
    after = merged(before, KEYS, ENTRY)
    expected = read(before)
    expected.setdefault("servers", {})["pairwright"] = ENTRY
    assert read(after) == expected
    assert merged(after, KEYS, ENTRY) == after
    for comment in ("// nothing yet", "/* b */", "/* c */"):
        assert (comment in after) == (comment in before)
    assert after.count("\r\n") == (after.count("\n") if "\r" in before else 0)
    assert after.startswith("\ufeff") == before.startswith("\ufeff")


def test_of_an_entry_that_is_there_only_our_values_change() -> None:
    check(
        '{"servers": {"pairwright": {"env": {"A": "1"}, "command": "old", /* x */ "args": []}}}',
        '{"servers": {"pairwright": {"env": {"A": "1"}, "command": "pairwright", /* x */ '
        '"args": ["mcp"]}}}',
    )


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "[]",
        "nonsense",
        '{"a": }',
        '{"a": 1 "b": 2}',
        '{"a": 1,,}',
        '{"a": 1}}',
        "{a: 1}",
        "{'a': 1}",
        '{"a": 01}',
        '{"a": NaN}',
        '{"a": "\n"}',
        '{"a": 1} // x \n 7',
        '{"a": 1, "a": 2}',
        '{"servers": []}',
        '{"servers": null}',
        '{"servers": {"pairwright": 7}}',
        "[" * 5000,
        "/* never ends",
    ],
)
def test_what_is_broken_is_refused(broken: str) -> None:
    with pytest.raises(Broken):
        merged(broken, KEYS, ENTRY)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=3), _VALUES), st.sampled_from([None, 1, 2, "\t"]))
def test_any_json_keeps_all_that_it_held(held: dict[str, object], indent: int | str | None) -> None:
    after = merged(json.dumps(held, indent=indent), KEYS, ENTRY)
    assert json.loads(after) == {**held, "servers": {"pairwright": ENTRY}}
