"""Does a list go out clean, in its text and in its data?"""

import pytest

from pairwright.disclosure.policy import Policy
from pairwright.disclosure.redaction import Redactor
from pairwright.engine.models.showing import Showing
from pairwright.mcp.convert import to_list_result
from pairwright.workspace.files import MemoryFileSystem
from pairwright.workspace.host import WorkspaceHost

KEY = "AKIA" + "Q3EGRQ7ZLMSTPW2V"


@pytest.mark.parametrize("secret", [f"k='{KEY}'", "a\u202eb"])
@pytest.mark.parametrize("is_broken_anew", [True, False])
def test_what_is_no_ones_to_see_is_in_neither_text_nor_data(
    secret: str, is_broken_anew: bool
) -> None:
    showing = Showing(WorkspaceHost(MemoryFileSystem()), Policy(redactor=Redactor()))
    lines = ["a.py:1 f" if is_broken_anew else f"a.py:1 {secret}", "next: read"]
    besides = [secret] if is_broken_anew else []
    for _ in range(2):
        said = to_list_result(showing, lines, besides, {"symbols": [{"signature": secret}]})
        assert KEY not in said.model_dump_json()
        assert "\\u202e" not in ascii(said.model_dump_json())


def test_what_is_clean_goes_out_as_it_is() -> None:
    showing = Showing(WorkspaceHost(MemoryFileSystem()), Policy(redactor=Redactor()))
    data = {"symbols": [{"signature": "def f(é):"}], "revision": 3}
    said = to_list_result(showing, ["a.py:1 def f(é):", "next: read"], [], data)
    assert said.structured_content == data
    assert said.content[0].model_dump()["text"] == "a.py:1 def f(é):\nnext: read"
