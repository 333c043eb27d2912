import assert from "node:assert/strict";
import { test } from "node:test";
import type { TaskEvent } from "../../src/protocol";
import { beginRecord, endRecord, formatDuration, recordEvent } from "../../src/records";

const STEP: TaskEvent = { kind: "stepStarted", step: "edit", tier: "weak", model: "m", attempt: 1 };

test("a step ends where the next one begins", () => {
  let task = beginRecord("1", "do it", 0);
  task = recordEvent(task, STEP, 10);
  task = recordEvent(task, { ...STEP, step: "repair", attempt: 2 }, 30);
  assert.deepEqual(task.steps.map((step) => [step.label, step.state, step.startedAt, step.endedAt]), [
    ["edit", "done", 10, 30],
    ["repair, try 2", "running", 30, undefined],
  ]);
});

test("what ran when a task was cancelled did not end well", () => {
  const task = endRecord(recordEvent(beginRecord("1", "do it", 0), STEP, 1), "cancelled", 5);
  assert.deepEqual([task.state, task.steps[0]?.state, task.endedAt], ["cancelled", "failed", 5]);
});

test("an unpriced rung says so", () => {
  const ended: TaskEvent = {
    kind: "rungEnded", rung: "weak", outcome: "nothing", attempts: [1], reason: "", costUsd: "0.01", unpricedCalls: 1,
  };
  const task = recordEvent(recordEvent(beginRecord("1", "do it", 0), STEP, 1), ended, 2);
  assert.equal(task.steps[0]?.detail, "weak: m, ≥$0.010");
});

test("a time is told in seconds, then in minutes", () => {
  assert.deepEqual([900, 59_900, 125_000].map(formatDuration), ["0.9 s", "59.9 s", "2 min 5 s"]);
});
