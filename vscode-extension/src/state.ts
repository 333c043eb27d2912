// What is Pairwright doing? One value, and how each thing that happens changes it. Pure.

import type { CostNotice, Receipt, TaskEvent } from "./protocol";

export type Connection = "off" | "starting" | "ready" | "missing" | "failed";

/** All that the status bar shows. */
export interface State {
  readonly connection: Connection;
  /** Why there is no connection, in one sentence. */
  readonly problem: string;
  readonly indexing: { readonly files: number; readonly pending: number } | undefined;
  /** The step of the running task. */
  readonly working: string | undefined;
  /** How many hunks wait for a decision. */
  readonly waiting: number;
  /** The tasks whose hunks wait. */
  readonly waitingTasks: readonly string[];
  readonly cost: CostNotice | undefined;
  readonly day: { readonly spentUsd: string; readonly capUsd: string; readonly unpriced: number } | undefined;
  readonly isOverBudget: boolean;
  /** Why the last task failed; empty when it did not. */
  readonly failure: string;
  readonly receipt: Receipt | undefined;
}

export const INITIAL: State = {
  connection: "off",
  problem: "",
  indexing: undefined,
  working: undefined,
  waiting: 0,
  waitingTasks: [],
  cost: undefined,
  day: undefined,
  isOverBudget: false,
  failure: "",
  receipt: undefined,
};

export type Happening =
  | { readonly what: "connection"; readonly connection: Connection; readonly problem?: string }
  | { readonly what: "indexing"; readonly files: number; readonly pending: number }
  | { readonly what: "began" }
  | { readonly what: "event"; readonly event: TaskEvent }
  | { readonly what: "ended"; readonly receipt?: Receipt; readonly failure?: string; readonly isOverBudget?: boolean }
  | { readonly what: "cost"; readonly cost: CostNotice }
  | { readonly what: "day"; readonly spentUsd: string; readonly capUsd: string; readonly unpriced: number }
  | { readonly what: "waiting"; readonly hunks: number; readonly taskIds: readonly string[] };

/** Returns the state after something happened. */
export function advance(state: State, happening: Happening): State {
  switch (happening.what) {
    case "connection":
      return {
        ...state,
        connection: happening.connection,
        problem: happening.problem ?? "",
        ...(happening.connection === "ready" ? {} : { indexing: undefined, working: undefined }),
      };
    case "indexing":
      return {
        ...state,
        indexing: happening.pending > 0 ? { files: happening.files, pending: happening.pending } : undefined,
      };
    case "began":
      return { ...state, working: "preparing", failure: "", isOverBudget: false, cost: undefined };
    case "event":
      return { ...state, working: stepAfter(state.working, happening.event) };
    case "ended":
      return {
        ...state,
        working: undefined,
        failure: happening.failure ?? "",
        isOverBudget: happening.isOverBudget ?? false,
        receipt: happening.receipt ?? state.receipt,
      };
    case "cost":
      return {
        ...state,
        cost: happening.cost,
        day: {
          spentUsd: happening.cost.dayUsd,
          capUsd: happening.cost.dayCapUsd,
          unpriced: happening.cost.dayUnpricedCalls,
        },
      };
    case "day":
      return { ...state, day: { spentUsd: happening.spentUsd, capUsd: happening.capUsd, unpriced: happening.unpriced } };
    case "waiting":
      return { ...state, waiting: happening.hunks, waitingTasks: happening.taskIds };
  }
}

function stepAfter(step: string | undefined, event: TaskEvent): string | undefined {
  switch (event.kind) {
    case "stepStarted":
      return event.attempt > 1 ? `${event.step}, try ${event.attempt}` : event.step;
    case "progress":
      return event.total ? `${event.step} ${Math.floor((100 * event.done) / event.total)} %` : event.step;
    case "escalated":
      return `up to ${event.rung}`;
    case "testsRun":
      return event.isGreen ? "tests pass" : "tests fail";
    case "checked":
      return event.verdict.isSound ? "checked" : "checked, not sound";
    default:
      return step;
  }
}
