"""Which questions about code does a session meet? All of them by method; none that is off."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pairwright.engine.questions.at_places import CodeQuestions
from pairwright.engine.questions.queries import Queries
from pairwright.lsp.code.hierarchies import Hierarchies
from pairwright.lsp.code.hovering import Hovering
from pairwright.lsp.code.navigation import Navigation
from pairwright.lsp.code.places import CodePlaces
from pairwright.lsp.code.shaping import Shaping
from pairwright.lsp.code.switches import FEATURES
from pairwright.lsp.documents.sync import DocumentSync
from pairwright.lsp.handshake import ClientTraits
from pairwright.lsp.stream.connection import Work
from pairwright.settings import FeatureSettings


def code_requests(
    queries: Queries,
    documents: DocumentSync,
    traits: ClientTraits,
    root: Path,
    settings: FeatureSettings,
) -> Mapping[str, Callable[[Any], Work]]:
    """Return what begins each request; one of a feature that is off finds nothing.

    It may be one that `initialize` offered, before the settings were read.
    """
    questions = CodeQuestions(queries)
    places = CodePlaces(queries, documents, traits.encoding, root)
    requests = {
        **Navigation(queries, places, nests_symbols=traits.nests_symbols).requests,
        **Hovering(questions, places, reads_markdown=traits.reads_markdown).requests,
        **Shaping(questions, places, traits).requests,
        **Hierarchies(questions, places).requests,
    }
    off = {
        method
        for feature in FEATURES
        if not traits.choices.is_on(feature, settings)
        for method in feature.methods
    }
    return {**requests, **dict.fromkeys(off, _begin_nothing)}


def _begin_nothing(_: Any) -> Work:
    return _find_nothing


async def _find_nothing() -> None:
    """Answer `null`: every one of these requests may find nothing."""
