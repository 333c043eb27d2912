"""Are all providers known that litellm reaches, and is a wrong name met with a right one?"""

import subprocess
import sys

import pytest

from pairwright.llm.choices import open_provider
from pairwright.llm.keys import KeyChain
from pairwright.llm.litellm_provider import warm
from pairwright.llm.providers import REMOTE_PROVIDERS, known_names, near, provider_named
from pairwright.settings import ModelSettings

pytestmark = pytest.mark.usefixtures("imported_litellm")


class AnyKey:
    def get(self, name: str) -> str | None:
        return "key-for-everyone"


@pytest.mark.parametrize("name", sorted(known_names()))
async def test_every_name_is_one_that_litellm_answers_to(name: str) -> None:
    litellm = await warm()
    assert litellm.get_llm_provider(f"{name}/tiny", api_key="k")[1] == name
    needed = dict.fromkeys(REMOTE_PROVIDERS[name].needs if name in REMOTE_PROVIDERS else (), "x")
    provider = open_provider(
        f"{name}/tiny", ModelSettings(), needed, KeyChain(needed, keyring=AnyKey())
    )
    assert provider.model == f"{name}/tiny"


def test_there_are_more_than_a_hundred() -> None:
    assert len(known_names()) > 100
    assert {"openai", "bedrock", "vertex_ai", "azure", "poe", "cohere"} <= known_names()


@pytest.mark.parametrize("name", ["github_copilot", "vllm", "custom", "openai/gpt", "", "OPENAI"])
def test_what_is_no_provider_of_text_on_the_internet_is_none_here(name: str) -> None:
    assert provider_named(name) is None


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("opnai", "openai"), ("OpenAI", "openai"), ("together", "together_ai"), ("mist", "mistral")],
)
def test_a_wrong_name_is_met_with_near_ones(wrong: str, right: str) -> None:
    assert right in near(wrong)


def test_a_name_that_is_like_no_other_has_no_near_ones() -> None:
    assert near("qqqqqqqq") == ()
    assert near("") == ()


def test_ones_own_names_are_near_too() -> None:
    assert near("gpuu", ("gpu",)) == ("gpu",)


def test_without_litellm_our_own_table_is_left() -> None:
    code = (
        "import sys; sys.modules['litellm'] = None\n"
        "from pairwright.llm.providers import REMOTE_PROVIDERS, known_names\n"
        "print(known_names() == set(REMOTE_PROVIDERS))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=30
    )
    assert result.stdout == "True\n"
