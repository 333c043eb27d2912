"""Which methods are ours? Each name once, with what travels under it."""

RUN = "pairwright/run"
"""Request `RunParams` -> `RunResult`; events go to its `partialResultToken` as `$/progress`."""

ACCEPT = "pairwright/accept"
"""Request `AcceptParams` -> `AcceptResult`: keep pending hunks of a change, and write them."""

REJECT = "pairwright/reject"
"""Request `RejectParams` -> `RejectResult`: decide against pending hunks of a change."""

HISTORY = "pairwright/history"
"""Request `HistoryParams` -> `HistoryResult`: what was written, and what of it still stands."""

UNDO = "pairwright/undo"
"""Request `UndoParams` -> `UndoResult`: take a written change back, or a part of it."""

REDO = "pairwright/redo"
"""Request `RedoParams` -> `UndoResult`: take an undo back."""

COST = "pairwright/cost"
"""Request `CostParams` -> `CostReport`. From the server, a notification `CostNotice`."""

STATUS = "pairwright/status"
"""Request `StatusParams` -> `StatusResult`."""

DIAGNOSE = "pairwright/diagnose"
"""Request from the server `DiagnoseParams` -> `DiagnoseResult`, to clients that declare it."""

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
