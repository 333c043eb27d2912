"""Which methods are ours? Each name once, with what travels under it."""

RUN = "pairwright/run"
"""Request `RunParams` -> `RunResult`; events go to its `partialResultToken` as `$/progress`."""

ACCEPT = "pairwright/accept"
"""Request `AcceptParams` -> `AcceptResult`: keep hunks of a change, discard the others."""

UNDO = "pairwright/undo"
"""Request `UndoParams` -> `UndoResult`: take an accepted change back."""

COST = "pairwright/cost"
"""Request `CostParams` -> `CostReport`. From the server, a notification `CostNotice`."""

STATUS = "pairwright/status"
"""Request `StatusParams` -> `StatusResult`."""

MODELS = "pairwright/models"
"""Request `ModelsParams` -> `ModelsResult`: which pair would be used, and why."""

INDEX = "pairwright/index"
"""Request `IndexParams` -> `IndexReport`; `IndexProgress` goes to its `partialResultToken`."""

SYMBOLS = "pairwright/symbols"
"""Request `SymbolsParams` -> `SymbolsResult`."""

REFERENCES = "pairwright/references"
"""Request `ReferencesParams` -> `ReferencesResult`."""

SEARCH = "pairwright/search"
"""Request `SearchParams` -> `SearchResult`."""

MAP = "pairwright/map"
"""Request `MapParams` -> `MapResult`."""
