// What goes over the wire? Written by `python -m tests.tidy.write_extension_protocol` from the
// server's `protocol` package. Money is a decimal string; lines are zero-based.

/** What may be asked. */
export interface Requests {
  "pairwright/run": { params: RunParams; result: RunResult };
  "pairwright/accept": { params: AcceptParams; result: AcceptResult };
  "pairwright/reject": { params: RejectParams; result: RejectResult };
  "pairwright/propose": { params: ProposeParams; result: ProposeResult };
  "pairwright/change": { params: ChangeParams; result: ChangeView };
  "pairwright/changes": { params: ChangesParams; result: ChangesResult };
  "pairwright/grants": { params: GrantsParams; result: GrantsResult };
  "pairwright/history": { params: HistoryParams; result: HistoryResult };
  "pairwright/undo": { params: UndoParams; result: UndoResult };
  "pairwright/redo": { params: RedoParams; result: UndoResult };
  "pairwright/plan/get": { params: PlanGetParams; result: PlanView };
  "pairwright/plan/update": { params: PlanUpdateParams; result: PlanView };
  "pairwright/plan/list": { params: PlansParams; result: PlansResult };
  "pairwright/cost": { params: CostParams; result: CostReport };
  "pairwright/disclosed": { params: DisclosedParams; result: DisclosedResult };
  "pairwright/continue": { params: ContinueParams; result: RunResult };
  "pairwright/estimate": { params: EstimateParams; result: Estimate };
  "pairwright/budget": { params: BudgetParams; result: BudgetResult };
  "pairwright/status": { params: StatusParams; result: StatusResult };
  "pairwright/models": { params: ModelsParams; result: ModelsResult };
  "pairwright/keys": { params: KeysParams; result: KeysResult };
  "pairwright/lend": { params: LendParams; result: LendResult };
  "pairwright/plane": { params: PlaneParams; result: PlaneResult };
  "pairwright/index": { params: IndexParams; result: IndexReport };
  "pairwright/symbols": { params: SymbolsParams; result: SymbolsResult };
  "pairwright/references": { params: ReferencesParams; result: ReferencesResult };
  "pairwright/search": { params: SearchParams; result: SearchResult };
  "pairwright/map": { params: MapParams; result: MapResult };
}

/** What the server says by itself. */
export interface Notices {
  "pairwright/change": ChangeNotice;
  "pairwright/cost": CostNotice;
}

/** Which commands the server lists. */
export const COMMANDS = [
  "pairwright.edit",
  "pairwright.planAndEdit",
  "pairwright.editWeak",
  "pairwright.editStrong",
  "pairwright.fix",
  "pairwright.fixAll",
  "pairwright.writeTests",
  "pairwright.document",
  "pairwright.refactor",
  "pairwright.explain",
  "pairwright.undo",
  "pairwright.keepHunk",
  "pairwright.discardHunk",
  "pairwright.keepFile",
  "pairwright.discardFile",
  "pairwright.showDiff",
  "pairwright.showVerdict",
  "pairwright.showPlan",
  "pairwright.showReceipt",
  "pairwright.runPlan",
  "pairwright.markStep",
] as const;

/** Which pending hunks to keep; None keeps all that are pending. */
export interface AcceptParams {
  taskId: string;
  hunkIds?: readonly string[];
  approvedPaths?: readonly string[];
  checkOnly?: boolean;
}

/** What was written, and what is left to decide. */
export interface AcceptResult {
  entryId: string | null;
  files: readonly string[];
  notes: readonly string[];
  needsApproval: readonly string[];
  pending: readonly HunkView[];
  conflicts: readonly Conflict[];
}

/** A place that may not work any more, though the change does not touch what is wrong there. */
export interface AffectedView {
  path: string;
  line: number;
  symbol: string;
  reason: string;
}

/** The next piece of the answer. */
export interface AskDelta {
  text: string;
}

/** One turn of the conversation. */
export interface AskMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/** A question for a model that the client lends; what comes of it goes to the token. */
export interface AskParams {
  model: string;
  messages: readonly AskMessage[];
  maxOutputTokens: number;
  partialResultToken: string;
}

/** How it ended: the answer is whole, unless there is a failure. */
export interface AskResult {
  failure?: "notPermitted" | "blocked" | "notFound" | "tooLong" | "refused" | "failed";
  inputTokens?: number;
  outputTokens?: number;
}

/** Four fifths of a cap are spent; said once for each cap. */
export interface BudgetNotice {
  kind: "budgetNotice";
  taskId: string;
  cap: "task" | "day" | "workspace";
  spentUsd: string;
  capUsd: string;
}

/** Which running task, and what it may cost from now on. */
export interface BudgetParams {
  taskId?: string;
  taskUsd?: string;
  unpricedModel?: string;
  isAllowed?: boolean;
}

/** What is spent, open calls at their worst case, and what may be. */
export interface BudgetResult {
  taskId: string | null;
  taskUsd: string | null;
  taskCapUsd: string | null;
  dayUsd: string;
  dayCapUsd: string;
  workspaceUsd: string;
  workspaceCapUsd: string | null;
  unpricedModels: readonly string[];
}

/** A change came up for review, or was decided further; its hunks are asked for. */
export interface ChangeNotice {
  taskId: string;
  proposer: string;
  label: string;
  state: "running" | "review" | "done" | "failed" | "cancelled";
  pending: number;
  decisions: number;
}

/** Which change to tell, and whether to wait for news of it. */
export interface ChangeParams {
  taskId: string;
  waitS?: number;
  seen?: number;
}

/** The proposal, as hunks to keep or discard. */
export interface ChangeReady {
  kind: "changeReady";
  taskId: string;
  verdict: VerdictView;
  hunks: readonly HunkView[];
  conflicts: readonly Conflict[];
  followUps: readonly FollowUp[];
}

/** A proposed change as it stands. */
export interface ChangeView {
  taskId: string;
  proposer: string;
  label: string;
  state: "running" | "review" | "done" | "failed" | "cancelled";
  verdict: VerdictView | null;
  hunks: readonly HunkDecision[];
  decisions: number;
  pending: readonly HunkView[];
  conflicts: readonly Conflict[];
  entryIds: readonly string[];
  inUse: readonly InUse[];
}

/** Nothing to say. */
export interface ChangesParams {
}

/** The changes that wait for a decision, oldest first. */
export interface ChangesResult {
  changes: readonly ChangeView[];
}

/** One check of the gate. */
export interface CheckView {
  name: "applies" | "protected" | "size" | "parses" | "problems" | "mended" | "tests";
  outcome: "passed" | "failed" | "not_run";
  detail: string;
}

/** An attempt was judged. */
export interface Checked {
  kind: "checked";
  attempt: number;
  verdict: VerdictView;
}

/** What a command is about: its one argument. */
export interface CommandArguments {
  uri: string;
  range?: SelectedRange;
  instruction?: string;
  problems?: readonly DiagnosedProblem[];
  budgetUsd?: string;
}

/** What became of a command; what went wrong was shown to the person as well. */
export interface CommandResult {
  isDone: boolean;
  message: string;
  uri?: string;
  entryId?: string;
  pending?: number;
}

/** A hunk that the text has moved away from. */
export interface Conflict {
  path: string;
  reason: string;
  ours: string;
  theirs: string;
  hunkId?: string;
}

/** Which task goes on, and what it may cost in all. */
export interface ContinueParams {
  taskId?: string;
  budgetUsd?: string;
  allowUnpriced?: boolean;
  partialResultToken?: string | number;
}

/** The running cost. */
export interface CostNotice {
  kind: "costUpdated";
  taskId: string;
  taskUsd: string;
  taskUnpricedCalls: number;
  taskCapUsd: string;
  dayUsd: string;
  dayUnpricedCalls: number;
  dayCapUsd: string;
}

/** How to group the costs of this workspace. */
export interface CostParams {
  by?: "day" | "model" | "strategy" | "client" | "role" | "task";
}

/** What this workspace cost. */
export interface CostReport {
  rows: readonly CostRow[];
  total: CostRow;
  dayUsd: string;
  dayCapUsd: string;
  dayUnpricedCalls: number;
  priceSources: readonly string[];
}

/** One group. */
export interface CostRow {
  key: string;
  calls: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  costUsd: string;
  unpricedCalls: number;
  isEstimated: boolean;
  openCalls: number;
  openUsd: string;
}

/** What is decided, or shown, of a change. */
export interface DecisionArguments {
  taskId: string;
  hunkIds?: readonly string[];
  path?: string;
  remark?: string;
}

/** Texts to look at, all at once; nothing of them is to be shown or kept. */
export interface DiagnoseParams {
  files: readonly ProposedFile[];
}

/** What the editor would underline in these files, and in no others. */
export interface DiagnoseResult {
  problems: readonly DiagnosedProblem[];
}

/** One thing that the editor would underline as an error. */
export interface DiagnosedProblem {
  path: string;
  line: number;
  message: string;
  rule: string;
  source: string;
}

/** One attempt of one call, written down before it was made. */
export interface DisclosedCall {
  at: string;
  taskId: string;
  host: string;
  isLocal: boolean;
  model: string;
  bytes: number;
  takenOut: number;
  parts: readonly DisclosedPart[];
}

/** What one host was sent in all. */
export interface DisclosedHost {
  host: string;
  isLocal: boolean;
  calls: number;
  bytes: number;
  files: number;
}

/** Which calls to tell; the newest first. */
export interface DisclosedParams {
  taskId?: string;
  since?: string;
  limit?: number;
}

/** One piece of what was sent. */
export interface DisclosedPart {
  kind: string;
  bytes: number;
  path: string;
  digest: string;
}

/** What left this machine for models, and what stayed on it. */
export interface DisclosedResult {
  calls: readonly DisclosedCall[];
  hosts: readonly DisclosedHost[];
  notice: string;
}

/** Something that the model wrote cannot be used. */
export interface EditRejected {
  kind: "editRejected";
  attempt: number;
  path: string;
  reason: string;
}

/** One rung up. */
export interface Escalated {
  kind: "escalated";
  rung: string;
  reason: string;
}

/** About what a task costs in each of three ways, before anybody is asked. */
export interface Estimate {
  strategy: string;
  weak: EstimateFigure;
  pair: EstimateFigure;
  strong: EstimateFigure;
  roomUsd: string;
  asked?: EstimateFigure;
  work: "change" | "plan" | "explanation";
}

/** About what a task costs in one way. */
export interface EstimateFigure {
  usd: string | null;
  highUsd: string | null;
  tasks: number;
  isLeast: boolean;
}

/** About what the task will cost; nobody was asked yet. */
export interface EstimateMade {
  kind: "estimateMade";
  estimate: Estimate;
}

/** A task, as it would be asked for. */
export interface EstimateParams {
  instruction: string;
  file?: string;
  firstLine?: number;
  lastLine?: number;
  strategy?: string;
  strong?: string;
  weak?: string;
  budgetUsd?: string;
}

/** A further step that a change asks for, in a file that it does not touch. */
export interface FollowUp {
  intent: string;
  files: readonly string[];
  symbols: readonly string[];
}

/** How far an answer can be trusted. */
export interface Freshness {
  revision: number;
  files: number;
  pending: number;
  isComplete: boolean;
  isChecked: boolean;
}

/** What one client may do beyond reading. */
export interface Grant {
  client: string;
  scopes: readonly ("write" | "spend")[];
}

/** Whose scope becomes another; with nothing given, nothing changes. */
export interface GrantsParams {
  client?: string;
  scope?: "write" | "spend";
  isGranted?: boolean;
}

/** All grants of this workspace, by the clients' names. */
export interface GrantsResult {
  grants: readonly Grant[];
}

/** One written change. */
export interface HistoryEntry {
  entryId: string;
  number: number;
  kind: "change" | "undo" | "redo";
  label: string;
  writtenAt: string;
  client: string;
  taskId: string | null;
  reverts: string | null;
  alsoReverts: readonly string[];
  changeNumber?: number;
  changeNumbers: readonly number[];
  standing: "standing" | "undone" | "partly" | "forgotten";
  files: readonly HistoryFile[];
}

/** One file of a written change. */
export interface HistoryFile {
  path: string;
  fileChange: "modify" | "create" | "delete" | "rename";
  added: number;
  removed: number;
  inEditor: boolean;
  movedFrom?: string;
  hunks: readonly HunkView[];
  undoneHunks: readonly string[];
}

/** Which written changes to tell; the newest first. */
export interface HistoryParams {
  entryId?: string;
  limit?: number;
}

/** Written changes, the newest first. */
export interface HistoryResult {
  entries: readonly HistoryEntry[];
  total: number;
  notice: string;
}

/** An address that is open as long as its asker stays connected. */
export interface HttpEndpoint {
  url: string;
  tokenFile: string;
}

/** A hunk of a change, and what was said of it. */
export interface HunkDecision {
  hunkId: string;
  path: string;
  state: "pending" | "kept" | "rejected";
  by: string;
  remark: string;
}

/** A hunk was found while the model still writes; not yet judged. */
export interface HunkReady {
  kind: "hunkReady";
  attempt: number;
  hunk: HunkView;
}

/** A piece of a diff. */
export interface HunkView {
  hunkId: string;
  path: string;
  oldStart: number;
  oldLines: readonly string[];
  newStart: number;
  newLines: readonly string[];
  unified: string;
  fileChange: "modify" | "create" | "delete" | "rename";
  newPath?: string;
  needsApproval: boolean;
}

/** A hunk that lies where a person types now. */
export interface InUse {
  hunkId: string;
  client: string;
  where: string;
}

/** What to wait for before the answer. */
export interface IndexParams {
  wait?: boolean;
  afterRevision?: number;
  partialResultToken?: string | number;
}

/** How far the index is; sent under the token while it is waited for. */
export interface IndexProgress {
  kind: "indexProgress";
  files: number;
  pending: number;
  parsed: number;
  cached: number;
}

/** What the index knows. */
export interface IndexReport {
  freshness: Freshness;
  languages: readonly LanguageCount[];
  symbols: number;
  references: number;
  parsed: number;
  cached: number;
  problems: number;
  unread: readonly UnreadFile[];
  unreadCount: number;
  notice: string;
  tableHash: string;
  elapsedS: number;
}

/** A key for a provider; without one the key that this client gave before is taken back. */
export interface KeysParams {
  provider: string;
  key?: string;
}

/** For whom clients hold keys now, in alphabetical order. */
export interface KeysResult {
  held: readonly string[];
}

/** How much of a language the workspace holds. */
export interface LanguageCount {
  language: string;
  files: number;
  notParsed: number;
  reason: string;
}

/** All that the client lends from now on; what it lent before and is missing here, no more. */
export interface LendParams {
  models: readonly LentModel[];
}

/** What clients lend now, in alphabetical order. */
export interface LendResult {
  lent: readonly string[];
}

/** A model that the client asks for us. */
export interface LentModel {
  name: string;
  contextTokens: number;
}

/** One file of the map. */
export interface MapEntryView {
  path: string;
  reason: string;
  symbols: readonly string[];
  tokens: number;
}

/** What the map should be about. */
export interface MapParams {
  focus?: readonly string[];
  tokens?: number;
}

/** The most important definitions, within the budget. */
export interface MapResult {
  freshness: Freshness;
  text: string;
  tokens: number;
  entries: readonly MapEntryView[];
}

/** A model is out of reach, and a fallback of the user's settings is asked in its place. */
export interface ModelReplaced {
  kind: "modelReplaced";
  tier: "weak" | "strong";
  model: string;
  replacedBy: string;
  reason: string;
}

/** One model of the pair. */
export interface ModelView {
  name: string;
  tier: "weak" | "strong";
  isLocal: boolean;
  downloadBytes: number;
}

/** A wish; None leaves the choice to the daemon. */
export interface ModelsParams {
  strong?: string;
  weak?: string;
}

/** The pair that a task would use. */
export interface ModelsResult {
  strong: ModelView;
  weak: ModelView;
  reason: string;
  estimateUsd: string | null;
}

/** A range of a file, with the line that it begins on. */
export interface Place {
  path: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  lineText: string;
  shownFrom: number;
}

/** Which plan is meant, and which step of it. */
export interface PlanArguments {
  uri: string;
  version?: number;
  step?: number;
  mark?: "skip" | "approve" | "only" | "strong" | "weak";
  budgetUsd?: string;
}

/** The next piece of the plan. */
export interface PlanDelta {
  kind: "planDelta";
  text: string;
}

/** What is to be seen once a step is done. */
export interface PlanExpectation {
  kind: "test" | "diagnostic" | "value";
  text: string;
}

/** Which plan; None: the one that was written last. */
export interface PlanGetParams {
  planId?: string;
}

/** What is wrong with a plan's document. */
export interface PlanProblemView {
  line: number;
  message: string;
  severity: "error" | "warning";
}

/** The plan is whole. */
export interface PlanReady {
  kind: "planReady";
  goal: string;
  steps: readonly PlanStep[];
  planId?: string;
}

/** One step of a plan. */
export interface PlanStep {
  intent: string;
  files: readonly string[];
  symbols: readonly string[];
  expectation?: PlanExpectation;
  tier: "weak" | "strong";
  weight: number;
  after: readonly number[];
  isSkipped: boolean;
  detail: string;
  line?: number;
  estimateUsd?: string;
}

/** One plan of a list. */
export interface PlanSummary {
  planId: string;
  version: number;
  title: string;
  origin: string;
  writtenAt: string;
  stepCount: number;
  errorCount: number;
  costUsd?: string;
  unpricedCalls: number;
}

/** What a person wrote; it is kept whatever it says. */
export interface PlanUpdateParams {
  text: string;
  planId?: string;
  baseVersion?: number;
  instruction?: string;
}

/** A plan as it is now. */
export interface PlanView {
  planId: string;
  version: number;
  text: string;
  instruction: string;
  file?: string;
  firstLine?: number;
  lastLine?: number;
  origin: string;
  writtenAt: string;
  taskId?: string;
  costUsd?: string;
  unpricedCalls: number;
  goal: string;
  steps: readonly PlanStep[];
  isOutdated: boolean;
  problems: readonly PlanProblemView[];
  estimateUsd?: string;
}

/** Nothing to say. */
export interface PlaneParams {
}

/** The points, the strategy with the most tasks first. */
export interface PlaneResult {
  points: readonly StrategyPoint[];
  leastTasks: number;
  notice: string;
}

/** How many plans to list; the latest. */
export interface PlansParams {
  limit?: number;
}

/** The plans of this workspace, the one that was written last first. */
export interface PlansResult {
  plans: readonly PlanSummary[];
  total: number;
  notices: readonly string[];
}

/** An attempt mends some failing tests and breaks none: the next one builds on it. */
export interface ProgressKept {
  kind: "progressKept";
  attempt: number;
  stillFailing: number;
  shownFiles: readonly string[];
}

/** A long step goes on: a download, a model's start. */
export interface ProgressMade {
  kind: "progress";
  step: string;
  done: number;
  total?: number;
  unit: "bytes" | "files" | "steps";
}

/** Edits that somebody else wrote, such as an assistant: judged here and decided by a person. */
export interface ProposeParams {
  edits: string;
  why: string;
  revision?: number;
}

/** What became of the edits: a change in review, or why there is none. */
export interface ProposeResult {
  change: ChangeView | null;
  refusals: readonly Refusal[];
}

/** A file as it would be; without text it would be gone. */
export interface ProposedFile {
  path: string;
  text?: string;
}

/** What a task cost. */
export interface Receipt {
  roles: readonly RoleCost[];
  costUsd: string;
  unpricedCalls: number;
  strongAloneUsd: string | null;
  durationMs: number;
  plannedUsd?: string;
  escalations: readonly string[];
  replayedCalls: number;
  rungs: readonly RungCost[];
}

/** Which undo to take back; without any field it is the last one that stands. */
export interface RedoParams {
  entryId?: string;
  taskId?: string;
  paths?: readonly string[];
  hunkIds?: readonly string[];
}

/** A use of a definition. */
export interface ReferenceView {
  place: Place;
  role: string;
  confidence: "exact" | "likely" | "byName";
}

/** One definition with its uses. */
export interface ReferencesOf {
  symbol: SymbolView;
  references: readonly ReferenceView[];
  total: number;
  isCut: boolean;
}

/** A definition by name: `push`, `Stack.push`, or with its file, `pkg/stack.py:Stack.push`. */
export interface ReferencesParams {
  name: string;
  limit?: number;
}

/** Each definition that the name may mean, with its uses. */
export interface ReferencesResult {
  freshness: Freshness;
  definitions: readonly ReferencesOf[];
  total: number;
}

/** An edit that means no change, or not exactly one. */
export interface Refusal {
  path: string;
  reason: string;
}

/** Which pending hunks to reject; None rejects all that are pending. */
export interface RejectParams {
  taskId: string;
  hunkIds?: readonly string[];
  remark?: string;
}

/** What is left to decide. */
export interface RejectResult {
  rejected: readonly string[];
  pending: readonly HunkView[];
  conflicts: readonly Conflict[];
}

/** What one tier used. */
export interface RoleCost {
  tier: "weak" | "strong";
  model: string;
  calls: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  isEstimated: boolean;
  costUsd: string | null;
  unpricedCalls: number;
  durationMs: number;
}

/** A task: what to do, where, with whom, for how much. */
export interface RunParams {
  instruction: string;
  kind?: "edit" | "fix" | "fix_all" | "tests" | "document" | "refactor" | "explain";
  problems?: readonly DiagnosedProblem[];
  instructionComment?: string;
  file?: string;
  firstLine?: number;
  lastLine?: number;
  strategy?: string;
  strong?: string;
  weak?: string;
  budgetUsd?: string;
  allowUnpriced?: boolean;
  testCommand?: readonly string[];
  planId?: string;
  plan?: string;
  planFirst?: boolean;
  localOnly?: boolean;
  partialResultToken?: string | number;
}

/** How a task ended: `review` with hunks to decide, `planned`, `answered`, else `failed`. */
export interface RunResult {
  taskId: string;
  state: "review" | "planned" | "answered" | "failed";
  message: string;
  isSound: boolean;
  receipt: Receipt;
  planId?: string;
  answer?: string;
  canContinue: boolean;
}

/** A rung, on the receipt of its task. */
export interface RungCost {
  rung: string;
  outcome: "sound" | "progress" | "nothing" | "skipped" | "outage" | "over_budget" | "failed";
  attempts: readonly number[];
  costUsd: string | null;
  unpricedCalls: number;
}

/** A rung of the ladder was left. */
export interface RungEnded {
  kind: "rungEnded";
  rung: string;
  outcome: "sound" | "progress" | "nothing" | "skipped" | "outage" | "over_budget" | "failed";
  attempts: readonly number[];
  reason: string;
  costUsd?: string;
  unpricedCalls: number;
}

/** One match. */
export interface SearchMatch {
  place: Place;
}

/** A text or a regular expression to be looked for in all files. */
export interface SearchParams {
  text: string;
  isRegex?: boolean;
  isCaseSensitive?: boolean;
  include?: string;
  limit?: number;
}

/** Matches by file, the most telling files first. */
export interface SearchResult {
  freshness: Freshness;
  matches: readonly SearchMatch[];
  files: number;
  isCut: boolean;
  note: string;
}

/** What is selected; start and end are one where there is only a cursor. */
export interface SelectedRange {
  start: TextPosition;
  end: TextPosition;
}

/** What is to be opened. */
export interface ShowArguments {
  taskId?: string;
  planId?: string;
}

/** Nothing to say. */
export interface StatusParams {
}

/** How the daemon is. */
export interface StatusResult {
  version: string;
  pid: number;
  revision: number;
  files: number;
  unreadable: number;
  symbols: number;
  pending: number;
  notice: string;
  clients: number;
  tasks: readonly TaskView[];
  settingsProblems: readonly string[];
  clientNames: readonly string[];
}

/** A model begins to work. */
export interface StepStarted {
  kind: "stepStarted";
  step: string;
  tier: "weak" | "strong";
  model: string;
  attempt: number;
}

/** Which strategy does the work, of a task that left the choice open. */
export interface StrategyChosen {
  kind: "strategyChosen";
  strategy: string;
  reason: string;
}

/** What one strategy cost in this workspace, and what became of its work. */
export interface StrategyPoint {
  strategy: string;
  tasks: number;
  kept: number;
  partly: number;
  discarded: number;
  sound: number;
  meanUsd: string | null;
  unpricedTasks: number;
}

/** A definition. */
export interface SymbolView {
  name: string;
  kind: string;
  place: Place;
  signature: string;
  doc: string;
  score: number;
}

/** A name, or some of its letters: `gbn` finds `get_by_name`, `Stack.pu` finds `Stack.push`. */
export interface SymbolsParams {
  query: string;
  limit?: number;
}

/** Definitions, the best first. */
export interface SymbolsResult {
  freshness: Freshness;
  symbols: readonly SymbolView[];
}

/** The task exists; it is pinned to the revision. */
export interface TaskStarted {
  kind: "taskStarted";
  taskId: string;
  revision: number;
  strategy: string;
  strong: string;
  weak: string;
  shownFiles: readonly string[];
  withheld: readonly string[];
}

/** A task of this daemon. */
export interface TaskView {
  taskId: string;
  instruction: string;
  state: string;
}

/** The tests were run: before the change, or on an attempt. */
export interface TestsRun {
  kind: "testsRun";
  when: "before" | "after";
  isGreen: boolean;
  ran: number | null;
  failing: readonly string[];
  durationMs: number;
  output: string;
}

/** A place in a document, as LSP has it. */
export interface TextPosition {
  line: number;
  character: number;
}

/** What to take back; without any field it is the last change that stands. */
export interface UndoParams {
  entryId?: string;
  taskId?: string;
  paths?: readonly string[];
  hunkIds?: readonly string[];
}

/** What was restored. */
export interface UndoResult {
  entryId: string;
  files: readonly string[];
  undoId?: string;
  label: string;
  number: number;
  isPart: boolean;
  numbers: readonly number[];
}

/** A file that is listed and has no text for us, or was not parsed. */
export interface UnreadFile {
  path: string;
  reason: string;
}

/** What the gate says. */
export interface VerdictView {
  isSound: boolean;
  checks: readonly CheckView[];
  badge: string;
  needsApproval: readonly string[];
  mayBreak: readonly AffectedView[];
  notes: readonly string[];
}

/** What is told of a task. */
export type TaskEvent =
  | TaskStarted
  | StrategyChosen
  | ProgressMade
  | TestsRun
  | StepStarted
  | PlanDelta
  | PlanReady
  | HunkReady
  | EditRejected
  | Checked
  | ProgressKept
  | Escalated
  | RungEnded
  | CostNotice
  | EstimateMade
  | BudgetNotice
  | ModelReplaced
  | ChangeReady;
