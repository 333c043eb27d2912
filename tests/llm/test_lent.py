"""Is a model that only an editor can ask told from every other, where no editor can be asked?"""

from decimal import Decimal

import pytest

from pairwright.errors import NoModel
from pairwright.llm.choices import choose_pair, open_provider
from pairwright.llm.keys import KeyChain
from pairwright.llm.litellm_provider import LiteLLMProvider
from pairwright.llm.pricing import own_price_of, price_of
from pairwright.settings import EndpointSettings, ModelSettings, PriceSettings

NAME = "editor/copilot/gpt-4o"
OWN = ModelSettings(endpoints={"editor": EndpointSettings(api_base="http://127.0.0.1:9/v1")})


def test_it_is_not_taken_for_a_providers_model() -> None:
    with pytest.raises(NoModel, match="while that is open"):
        open_provider(NAME, ModelSettings(), {})
    with pytest.raises(NoModel, match="while that is open"):
        choose_pair(ModelSettings(weak=NAME), {}, keys=KeyChain({}))


def test_an_endpoint_of_that_name_comes_first() -> None:
    assert isinstance(open_provider(NAME, OWN, {}), LiteLLMProvider)
    pair = choose_pair(OWN, {}, strong=NAME, weak=NAME, keys=KeyChain({}))
    assert pair.remote == frozenset()


def test_only_the_person_gives_it_a_price() -> None:
    assert price_of("openai/gpt-4o") is not None
    assert own_price_of("openai/gpt-4o", {}) is None
    own = PriceSettings(input_usd_per_million=Decimal(1), output_usd_per_million=Decimal(2))
    price = own_price_of(NAME, {"editor/*": own})
    assert price is not None
    assert price.source == "settings"
