// What travels between the extension and its panel? Plain figures, and two wishes.

import type { BudgetResult, CostReport } from "../protocol";

export const GROUPS = ["day", "task", "role", "model", "strategy", "client"] as const;
export type Group = (typeof GROUPS)[number];

/** All that the panel shows. */
export interface Figures {
  readonly reports: readonly (readonly [group: Group, report: CostReport])[];
  readonly budget: BudgetResult;
}

export type ToPanel = { readonly what: "figures"; readonly figures: Figures } | { readonly what: "failed"; readonly reason: string };
export type FromPanel = { readonly what: "ready" } | { readonly what: "export" };
