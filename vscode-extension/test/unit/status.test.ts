import assert from "node:assert/strict";
import { test } from "node:test";
import type { CostNotice, StatusResult } from "../../src/protocol";
import { advance, type Happening, INITIAL, type State } from "../../src/state";
import { escape, statusHover, statusText } from "../../src/status-text";

const READY: Happening = { what: "connection", connection: "ready" };
const COST: CostNotice = {
  kind: "costUpdated",
  taskId: "t",
  taskUsd: "0.043",
  taskUnpricedCalls: 0,
  taskCapUsd: "1.00",
  dayUsd: "0.2",
  dayUnpricedCalls: 0,
  dayCapUsd: "5",
};

function after(...happenings: Happening[]): State {
  return happenings.reduce(advance, INITIAL);
}

function cost(more: Partial<CostNotice> = {}): Happening {
  return { what: "cost", cost: { ...COST, ...more } };
}

const CASES: readonly [name: string, state: State, text: string, severity: string][] = [
  ["starting", after({ what: "connection", connection: "starting" }), "$(sync~spin) Pairwright: starting", "none"],
  ["not installed", after({ what: "connection", connection: "missing" }), "$(cloud-download) Pairwright: not installed", "warning"],
  ["an error", after({ what: "connection", connection: "failed", problem: "why" }), "$(error) Pairwright", "error"],
  ["indexing", after(READY, { what: "indexing", files: 200, pending: 50 }), "$(sync~spin) indexing 75 %", "none"],
  ["ready, the day's cost", after(READY, cost()), "$(pulse) $0.200 / $5.00", "none"],
  ["working, the task's cost", after(READY, { what: "began" }, cost()), "$(sync~spin) preparing $0.043 / $1.00", "none"],
  ["waiting", after(READY, { what: "waiting", hunks: 2, taskIds: ["t"] }), "$(eye) 2 hunks to review", "none"],
  ["waiting, with what the task has cost", after(READY, cost(), { what: "waiting", hunks: 2, taskIds: ["t"] }), "$(eye) 2 hunks to review $0.043 / $1.00", "none"],
  ["an assistant's proposal, without the cost of another task", after(READY, cost(), { what: "waiting", hunks: 2, taskIds: ["of-an-assistant"] }), "$(eye) 2 hunks to review", "none"],
  ["four fifths spent", after(READY, { what: "began" }, cost({ taskUsd: "0.80" })), "$(sync~spin) preparing $0.800 / $1.00", "warning"],
  ["all spent", after(READY, { what: "began" }, cost({ taskUsd: "1" })), "$(sync~spin) preparing $1.00 / $1.00", "error"],
  ["unpriced", after(READY, { what: "began" }, cost({ taskUnpricedCalls: 1 })), "$(sync~spin) preparing ≥$0.043 / $1.00", "none"],
  ["over budget", after(READY, { what: "began" }, cost(), { what: "ended", isOverBudget: true, failure: "spent" }), "$(error) over budget $0.043 / $1.00", "error"],
];
for (const [name, state, text, severity] of CASES) {
  test(`the status bar shows: ${name}`, () => {
    assert.deepEqual([statusText(state).text, statusText(state).severity], [text, severity]);
  });
}

test("a screen reader hears words and no icons", () => {
  const { label } = statusText(after(READY, { what: "began" }, cost({ taskUnpricedCalls: 1 })));
  assert.equal(label, "Pairwright, working: preparing, at least $0.043 of $1.00 spent this task");
});

test("steps are told as they begin, and forgotten when the task ends", () => {
  const event = { kind: "stepStarted", step: "edit", tier: "weak", model: "m", attempt: 2 } as const;
  const working = after(READY, { what: "began" }, { what: "event", event });
  assert.equal(working.working, "edit, try 2");
  assert.equal(advance(working, { what: "ended" }).working, undefined);
});

test("a lost connection ends the work that was shown", () => {
  const state = after(READY, { what: "began" }, { what: "connection", connection: "starting" });
  assert.equal(state.working, undefined);
});

test("the hover tells what was saved, and lost, against the strong model alone", () => {
  const receipt = {
    roles: [], unpricedCalls: 0, durationMs: 1, escalations: [], replayedCalls: 0, rungs: [],
  };
  const hover = (strongAloneUsd: string | null, costUsd = "0.01"): string =>
    statusHover(after(READY, { what: "ended", receipt: { ...receipt, costUsd, strongAloneUsd } }), undefined, undefined);
  assert.match(hover("0.05"), /About \$0\.040 saved/);
  assert.match(hover("0.002"), /About \$0\.0080 lost/);
  assert.doesNotMatch(hover(null), /saved|lost/);
  assert.match(hover("0"), /About \$0\.010 lost/);
  assert.doesNotMatch(hover("0", "0"), /saved|lost/);
});

test("the hover says who else is here, each by its name, and not this editor itself", () => {
  const status: StatusResult = {
    version: "1", pid: 1, revision: 1, files: 3, unreadable: 0, symbols: 9, pending: 1, notice: "", clients: 4,
    tasks: [], settingsProblems: [], clientNames: ["a [b]", "editor", "editor", "terminal"],
  };
  const hover = (clientNames: readonly string[]): string =>
    statusHover(after(READY), undefined, { ...status, clientNames }, "editor");
  assert.match(hover(status.clientNames), /Also here: a \\\[b\\\], editor, terminal/);
  assert.match(hover(["editor", "x", "x"]), /Also here: x \(2\)/);
  assert.match(hover(["editor"]), /Nobody else is connected/);
  assert.match(hover(["editor"]), /Index: 3 files, 1 not yet read, 9 symbols/);
});

test("what others wrote is text in the hover, and nothing else", () => {
  assert.equal(escape("[a](command:x) $(bug) <b>"), "\\[a\\]\\(command:x\\) \\$\\(bug\\) \\<b\\>");
});
