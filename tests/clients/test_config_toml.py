"""Is a table put where it belongs, and all else left as it was?"""

import tomllib

import pytest

from pairwright_client.config_jsonc import Broken
from pairwright_client.config_toml import merged

KEYS = ("mcp_servers", "pairwright")
ENTRY = {"command": "pairwright", "args": ["mcp"]}
TABLE = '[mcp_servers.pairwright]\ncommand = "pairwright"\nargs = ["mcp"]\n'


def test_a_new_table_goes_to_the_end_and_all_before_stays() -> None:
    before = '# mine\nmodel = "x" # keep\n\n[mcp_servers.other]\ncommand = "y"\n'
    assert merged(before, KEYS, ENTRY) == f"{before}\n{TABLE}"
    assert merged("", KEYS, ENTRY) == TABLE
    assert merged('a = "x"', KEYS, ENTRY) == f'a = "x"\n\n{TABLE}'


def test_line_ends_are_those_of_the_file() -> None:
    after = merged('a = "x"\r\n', KEYS, ENTRY)
    assert after.count("\r\n") == after.count("\n") == 5


@pytest.mark.parametrize(
    "header", ["[mcp_servers.pairwright]", '[ mcp_servers . "pairwright" ] # x']
)
def test_of_a_table_that_is_there_only_our_values_change(header: str) -> None:
    before = f"""\
[a]
command = "not mine"

{header}
command = "old"   # where it was
startup_timeout_sec = 20

[mcp_servers.pairwright.env]
command = "not this"

[z]
args = []
"""
    after = merged(before, KEYS, ENTRY)
    expected = tomllib.loads(before)
    expected["mcp_servers"]["pairwright"] |= ENTRY
    assert tomllib.loads(after) == expected
    assert header in after
    assert merged(after, KEYS, ENTRY) == after


@pytest.mark.parametrize(
    "broken",
    [
        "a = ",
        "[a]\n[a]\n",
        "nonsense",
        "mcp_servers = 7",
        "mcp_servers = []",
        '[mcp_servers]\npairwright = "x"\n',
        'mcp_servers = { other = { command = "x" } }\n',
        'mcp_servers.pairwright.command = "x"\n',
        '[mcp_servers]\npairwright = { command = "x" }\n',
        '[mcp_servers.pairwright]\nargs = [\n  "a",\n  "b",\n]\n',
    ],
)
def test_what_is_broken_or_cannot_be_changed_safely_is_refused(broken: str) -> None:
    with pytest.raises(Broken):
        merged(broken, KEYS, ENTRY)
