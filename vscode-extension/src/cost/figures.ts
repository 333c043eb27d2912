// What travels between the extension and its panel? Plain figures, and two wishes.

import type { BudgetResult, CostReport, PlaneResult } from "../protocol";

export const GROUPS = ["day", "task", "role", "model", "strategy", "client"] as const;
export type Group = (typeof GROUPS)[number];

/** All that the panel shows. */
export interface Figures {
  readonly reports: readonly (readonly [group: Group, report: CostReport])[];
  readonly budget: BudgetResult;
  readonly plane: PlaneResult;
}

export type ToPanel = { readonly what: "figures"; readonly figures: Figures } | { readonly what: "failed"; readonly reason: string };
export type FromPanel = { readonly what: "ready" } | { readonly what: "export" };
