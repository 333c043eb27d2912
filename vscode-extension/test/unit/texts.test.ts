import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv } from "../../src/cost/csv";
import { formatCap, formatUsd, shareOf } from "../../src/money";
import { estimateOf, findSteps, type LineEdit, startAt, toggleSkip, toggleTier } from "../../src/plan/steps";
import type { CostReport, PlanView } from "../../src/protocol";
import { redact } from "../../src/redact";

test("an amount is never shown as less than it is", () => {
  const amounts = ["0", "0.00001", "0.0003", "0.043", "12.345", undefined, "x"];
  assert.deepEqual(amounts.map((amount) => formatUsd(amount)), [
    "$0.00", "<$0.0001", "$0.0003", "$0.043", "$12.35", "price unknown", "price unknown",
  ]);
  assert.equal(formatUsd("0.043", 2), "≥$0.043");
});

test("a cap is shown as it was set", () => {
  assert.deepEqual(["5", "0.50", "0.125"].map(formatCap), ["$5.00", "$0.50", "$0.125"]);
  assert.equal(shareOf("1", "0"), 1);
});

test("a report holds no key, no password and no home", () => {
  const text = 'Authorization: Bearer abcdefgh12345678 sk-proj-abcdefghijklmnopqrst api_key="hunter22" https://me:pw12@host/x /users/me/a.py';
  assert.equal(
    redact(text, "/users/me"),
    'Authorization: [redacted] [redacted] [redacted] api_key="[redacted]" https://[redacted]@host/x ~/a.py',
  );
});

const row = {
  key: '=SUM(A1),"x"', calls: 1, inputTokens: 2, cachedTokens: 0, outputTokens: 3, costUsd: "0.1",
  unpricedCalls: 0, isEstimated: false, openCalls: 0, openUsd: "0",
};

test("a spreadsheet finds no formula in the exported costs", () => {
  const report: CostReport = {
    rows: [row], total: row, dayUsd: "0", dayCapUsd: "5", dayUnpricedCalls: 0, priceSources: [],
  };
  const lines = toCsv([["task", report]]).split("\r\n");
  assert.equal(lines[1], 'task,"\'=SUM(A1),""x""",1,2,0,3,0.1,0,false,0,0');
});

const PLAN = ["# Plan", "", "Goal", "", "## 1. First", "", "- files: `a.py`", "- skip: yes", "", "## 2) Second", "", "Detail"];

function edited(lines: readonly string[], edit: LineEdit): string[] {
  return lines.toSpliced(edit.line, edit.replaces ? 1 : 0, ...(edit.text === undefined ? [] : [edit.text]));
}

test("steps are found with their marks", () => {
  assert.deepEqual(findSteps(PLAN).map((step) => [step.number, step.line, step.end, step.isSkipped]), [
    [1, 4, 9, true],
    [2, 9, 12, false],
  ]);
});

test("a step is skipped and taken up again by one line", () => {
  const [first, second] = findSteps(PLAN);
  assert.ok(first && second);
  assert.deepEqual(edited(PLAN, toggleSkip(PLAN, first)), PLAN.toSpliced(7, 1));
  assert.deepEqual(edited(PLAN, toggleSkip(PLAN, second)), PLAN.toSpliced(11, 0, "- skip: yes"));
});

test("a plan is followed from a step on: those before it are skipped, it is not", () => {
  const all = [...PLAN, "", "## 3. Third", "", "Detail"];
  const from = (number: number): (readonly [number, boolean])[] => {
    const changed = startAt(all, findSteps(all), number).reduce(edited, all);
    return findSteps(changed).map((step) => [step.number, step.isSkipped] as const);
  };
  assert.deepEqual(from(1), [[1, false], [2, false], [3, false]]);
  assert.deepEqual(from(3), [[1, true], [2, true], [3, false]]);
});

test("a step is given to the strong model and back", () => {
  const [first] = findSteps(PLAN);
  assert.ok(first);
  const strong = edited(PLAN, toggleTier(PLAN, first));
  assert.equal(strong[8], "- by: strong");
  const [again] = findSteps(strong);
  assert.ok(again?.isStrong);
  assert.deepEqual(edited(strong, toggleTier(strong, again)), PLAN);
});

test("a plan's estimate is shown above the text that it was made for, and above no other", () => {
  const view = { text: "# Plan\n", estimateUsd: "0.0029" } as PlanView;
  assert.equal(estimateOf(view, "# Plan\r\n"), " (about $0.0029)");
  assert.equal(estimateOf(view, "# Plan\n- by: strong\n"), "");
  assert.equal(estimateOf({ text: "# Plan\n" } as PlanView, "# Plan\n"), "");
  assert.equal(estimateOf(undefined, "# Plan\n"), "");
});
