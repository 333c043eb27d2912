"""Is it said of a model that an editor lends who asks it, and what it costs?"""

from decimal import Decimal

from pairwright.daemon.model_views import describe_named
from pairwright.llm.keys import KeyChain
from pairwright.settings import ModelSettings, PriceSettings

NAME = "editor/copilot/gpt-4o"


def test_a_lent_model_is_told_without_an_editor() -> None:
    (view,) = describe_named(ModelSettings(weak=NAME), KeyChain({})).items()
    assert view[0] == f"weak: {NAME}"
    assert view[1] == (
        "asked by an editor that lends it, while that is open on the workspace",
        "price: unknown; set [models.prices], or a cap refuses it",
    )


def test_its_price_is_what_the_person_says() -> None:
    own = PriceSettings(input_usd_per_million=Decimal(1), output_usd_per_million=Decimal(2))
    settings = ModelSettings(weak=NAME, prices={"editor/copilot/*": own})
    (lines,) = describe_named(settings, KeyChain({})).values()
    assert lines[1] == "price: $1.00 in and $2.00 out per million tokens (settings)"
