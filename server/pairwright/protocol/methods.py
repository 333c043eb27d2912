"""Which methods are ours? Each name once, with what travels under it."""

RUN = "pairwright/run"
"""Request `RunParams` -> `RunResult`; events go to its `partialResultToken` as `$/progress`."""

ACCEPT = "pairwright/accept"
"""Request `AcceptParams` -> `AcceptResult`: keep pending hunks of a change, and write them."""

REJECT = "pairwright/reject"
"""Request `RejectParams` -> `RejectResult`: decide against pending hunks of a change."""

PROPOSE = "pairwright/propose"
"""Request `ProposeParams` -> `ProposeResult`: edits that somebody else wrote, for review here."""

CHANGE = "pairwright/change"
"""Request `ChangeParams` -> `ChangeView`. From the server, a notification `ChangeNotice`."""

CHANGES = "pairwright/changes"
"""Request `ChangesParams` -> `ChangesResult`: what waits for a decision, whoever proposed it."""

GRANTS = "pairwright/grants"
"""Request `GrantsParams` -> `GrantsResult`: what clients may do beyond reading."""

HISTORY = "pairwright/history"
"""Request `HistoryParams` -> `HistoryResult`: what was written, and what of it still stands."""

UNDO = "pairwright/undo"
"""Request `UndoParams` -> `UndoResult`: take a written change back, or a part of it."""

REDO = "pairwright/redo"
"""Request `RedoParams` -> `UndoResult`: take an undo back."""

PLAN_GET = "pairwright/plan/get"
"""Request `PlanGetParams` -> `PlanView`: a plan's document, and what is wrong with it."""

PLAN_UPDATE = "pairwright/plan/update"
"""Request `PlanUpdateParams` -> `PlanView`: keep what a person wrote, whatever it says."""

PLAN_LIST = "pairwright/plan/list"
"""Request `PlansParams` -> `PlansResult`."""

COST = "pairwright/cost"
"""Request `CostParams` -> `CostReport`. From the server, a notification `CostNotice`."""

DISCLOSED = "pairwright/disclosed"
"""Request `DisclosedParams` -> `DisclosedResult`: which bytes of which file went to which host."""

CONTINUE = "pairwright/continue"
"""Request `ContinueParams` -> `RunResult`, with events as of `RUN`: go on with a stopped task."""

ESTIMATE = "pairwright/estimate"
"""Request `EstimateParams` -> `Estimate`: about what a task would cost."""

BUDGET = "pairwright/budget"
"""Request `BudgetParams` -> `BudgetResult`: what may be spent, and a running task's new cap."""

STATUS = "pairwright/status"
"""Request `StatusParams` -> `StatusResult`."""

DIAGNOSE = "pairwright/diagnose"
"""Request from the server `DiagnoseParams` -> `DiagnoseResult`, to clients that declare it."""

MODELS = "pairwright/models"
"""Request `ModelsParams` -> `ModelsResult`: which pair would be used, and why."""

KEYS = "pairwright/keys"
"""Request `KeysParams` -> `KeysResult`: a key of the editor's secret store, kept in memory."""

LEND = "pairwright/lend"
"""Request `LendParams` -> `LendResult`: models that the client's editor asks for us."""

ASK = "pairwright/ask"
"""Request from the server `AskParams` -> `AskResult`, to a client that lends the model."""

PLANE = "pairwright/plane"
"""Request `PlaneParams` -> `PlaneResult`: what strategies cost here, against what was kept."""

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

LISTEN_HTTP = "pairwright/listenHttp"
"""On the socket of MCP, as its first request: no params -> `HttpEndpoint`."""
