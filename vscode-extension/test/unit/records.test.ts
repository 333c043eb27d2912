import assert from "node:assert/strict";
import { test } from "node:test";
import type { TaskEvent } from "../../src/protocol";
import { beginRecord, endRecord, formatDuration, recordCost, recordEvent, tookOf } from "../../src/records";

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

test("a step costs what the task's cost grew by while it was the last one", () => {
  let task = recordCost(beginRecord("1", "do it", 0), "0.01", 0);
  task = recordCost(recordEvent(task, STEP, 10), "0.05", 0);
  task = recordCost(recordEvent(task, { ...STEP, step: "repair" }, 30), "0.07", 1);
  task = endRecord(task, "review", 90);
  assert.deepEqual(task.steps.map(tookOf), ["about $0.040 · 0.0 s", "about ≥$0.020 · 0.1 s"]);
});

test("what was reserved and not needed is not taken for a gain", () => {
  let task = recordCost(beginRecord("1", "do it", 0), "0.05", 0);
  task = recordCost(recordEvent(task, STEP, 1), "0.02", 0);
  assert.deepEqual(task.steps[0]?.spent, { usd: 0, unpriced: 0 });
});

test("a time is told in seconds, then in minutes", () => {
  assert.deepEqual([900, 59_900, 125_000].map(formatDuration), ["0.9 s", "59.9 s", "2 min 5 s"]);
});
