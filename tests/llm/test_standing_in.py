"""Is whoever stands before a provider that provider, in all that it does not change?"""

from pairwright.llm.model import Completion, Message, ModelRequest, Provider
from pairwright.llm.scripted_provider import ScriptedProvider
from pairwright.llm.standing_in import StandIn
from tests.support.engines import scripted_model

QUESTION = (Message("user", "What?"),)


async def test_everything_is_passed_on() -> None:
    behind = scripted_model("weak", ["Well."])
    before: Provider = StandIn(behind)
    names = [name for name, what in vars(StandIn).items() if isinstance(what, property)]
    assert len(names) == 6
    assert [getattr(before, each) for each in names] == [getattr(behind, each) for each in names]
    assert before.count_tokens(QUESTION) == behind.count_tokens(QUESTION)
    items = [item async for item in before.stream(ModelRequest(QUESTION, max_output_tokens=9))]
    assert isinstance(items[-1], Completion)
    assert items[-1].text == "Well."
    assert isinstance(behind, ScriptedProvider)
    assert [request.messages for request in behind.requests] == [QUESTION]
