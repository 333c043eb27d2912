"""Is an entry put where it belongs, and all else left as it was?"""

from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from pairwright_client.config_jsonc import Broken
from pairwright_client.config_yaml import merged

KEYS = ("extensions", "pairwright")
ENTRY = {"name": "pairwright", "cmd": "pairwright", "args": ["mcp"], "enabled": True}

PLAIN = """\
# mine
GOOSE_MODEL: gpt  # keep
extensions:
    # the tools
    developer:
        enabled: true
        args:
        - a
        - b
last: [1, 2]
"""


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# nothing\n",
        "a: 1\n",
        "a: 1",
        "extensions:\n",
        "extensions: {}\n",
        "extensions: # none yet\nb: 2\n",
        "---\nextensions:\n  other:\n    cmd: x\n",
        "a:\n- 1\n- 2\nextensions:\n  other: {cmd: x}\n",
        "a: 1\r\nextensions:\r\n  other:\r\n    cmd: x\r\n",
        PLAIN,
    ],
)
def test_whatever_its_layout_it_holds_the_same_and_ours(before: str) -> None:
    after = merged(before, KEYS, ENTRY)
    expected: Any = yaml.safe_load(before) or {}
    expected["extensions"] = {**(expected.get("extensions") or {}), "pairwright": ENTRY}
    assert yaml.safe_load(after) == expected
    assert merged(after, KEYS, ENTRY) == after
    kept = [line for line in before.splitlines() if line != "extensions: {}"]
    assert [line for line in after.splitlines() if line in kept] == kept


@pytest.mark.parametrize(
    "refused",
    [
        "extensions: {a: {cmd: x}}\n",
        "extensions: *there\n",
        "extensions:\n- a\n",
        "extensions:\n  pairwright:\n    cmd: other\n",
        "extensions:\n  a: 1\nextensions:\n  b: 1\n",
        "{a: 1}\n",
        "\ta: 1\n",
        "a: 1\n\tb: 2\n",
        "nonsense\n",
        "[",
        "a: 1\n---\nb: 2\n",
    ],
)
def test_what_is_not_laid_out_plainly_is_refused(refused: str) -> None:
    with pytest.raises(Broken):
        merged(refused, KEYS, ENTRY)
