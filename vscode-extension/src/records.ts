// What was done in this window? Each task with its steps, their state, cost and time. Pure.

import { formatUsd } from "./money";
import type { Receipt, TaskEvent } from "./protocol";

export type TaskState = "running" | "review" | "planned" | "answered" | "failed" | "cancelled";

export interface StepRecord {
  readonly label: string;
  readonly detail: string;
  readonly state: "running" | "done" | "failed";
  readonly startedAt: number;
  readonly endedAt?: number;
  /** What the task had cost when it began, and what it cost since. */
  readonly before: Spent;
  readonly spent: Spent;
}

/** For display only. */
export interface Spent {
  readonly usd: number;
  /** Calls that the amount leaves out. */
  readonly unpriced: number;
}

export interface TaskRecord {
  readonly key: string;
  readonly label: string;
  readonly state: TaskState;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly steps: readonly StepRecord[];
  /** What all steps cost by now. */
  readonly spent: Spent;
  readonly receipt?: Receipt;
  readonly message?: string;
}

const NOTHING: Spent = { usd: 0, unpriced: 0 };

export function beginRecord(key: string, label: string, now: number): TaskRecord {
  return { key, label, state: "running", startedAt: now, steps: [], spent: NOTHING };
}

/** Returns the record with an event taken in. */
export function recordEvent(task: TaskRecord, event: TaskEvent, now: number): TaskRecord {
  switch (event.kind) {
    case "stepStarted": {
      const label = event.attempt > 1 ? `${event.step}, try ${event.attempt}` : event.step;
      return begin(task, label, `${event.tier}: ${event.model}`, now);
    }
    case "checked":
      return finish(task, event.verdict.isSound ? "done" : "failed", now, event.verdict.badge);
    case "escalated":
      return begin(finish(task, "failed", now), `up to ${event.rung}`, event.reason, now);
    case "rungEnded":
      return finish(task, ["sound", "progress"].includes(event.outcome) ? "done" : "failed", now);
    case "testsRun": {
      const label = `tests ${event.when} the change`;
      const detail = event.isGreen ? "pass" : `${event.failing.length} fail`;
      return finish(begin(task, label, detail, now - event.durationMs), event.isGreen ? "done" : "failed", now);
    }
    default:
      return task;
  }
}

export function endRecord(
  task: TaskRecord,
  state: TaskState,
  now: number,
  more: { readonly receipt?: Receipt; readonly message?: string } = {},
): TaskRecord {
  const isGood = state !== "failed" && state !== "cancelled";
  return { ...finish(task, isGood ? "done" : "failed", now), state, endedAt: now, ...more };
}

/** Returns the record with the task's cost taken in: it is the last step that spends. */
export function recordCost(task: TaskRecord, taskUsd: string, unpricedCalls: number): TaskRecord {
  const now: Spent = { usd: Number(taskUsd), unpriced: unpricedCalls };
  const last = task.steps.length - 1;
  const steps = task.steps.map((step, at) => (at === last ? { ...step, spent: since(step.before, now) } : step));
  return { ...task, spent: now, steps };
}

function since(before: Spent, now: Spent): Spent {
  return { usd: Math.max(0, now.usd - before.usd), unpriced: Math.max(0, now.unpriced - before.unpriced) };
}

/** Returns what a step took, such as `about $0.012 · 3.2 s`. */
export function tookOf(step: StepRecord): string {
  const { usd, unpriced } = step.spent;
  const cost = usd > 0 || unpriced > 0 ? [`about ${formatUsd(String(usd), unpriced)}`] : [];
  const time = step.endedAt === undefined ? [] : [formatDuration(step.endedAt - step.startedAt)];
  return [...cost, ...time].join(" · ");
}

function begin(task: TaskRecord, label: string, detail: string, now: number): TaskRecord {
  const steps = finish(task, "done", now).steps;
  const step: StepRecord = { label, detail, state: "running", startedAt: now, before: task.spent, spent: NOTHING };
  return { ...task, steps: [...steps, step] };
}

function finish(task: TaskRecord, state: "done" | "failed", now: number, detail?: string): TaskRecord {
  const steps = task.steps.map((step) =>
    step.state === "running"
      ? { ...step, state, endedAt: now, ...(detail ? { detail: `${step.detail}, ${detail}` } : {}) }
      : step,
  );
  return { ...task, steps };
}

/** Returns a time such as `3.2 s` or `2 min 5 s`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
