// How do costs become a table for a spreadsheet? As CSV (RFC 4180), nothing of it a formula. Pure.

import type { CostReport, CostRow } from "../protocol";

const COLUMNS = [
  "group", "key", "calls", "input_tokens", "cached_tokens", "output_tokens", "cost_usd",
  "unpriced_calls", "is_estimated", "open_calls", "open_usd",
] as const;

/** Returns all groups in one table. */
export function toCsv(reports: readonly (readonly [group: string, report: CostReport])[]): string {
  const lines = reports.flatMap(([group, report]) => report.rows.map((row) => line(group, row)));
  return [COLUMNS.join(","), ...lines].map((text) => `${text}\r\n`).join("");
}

function line(group: string, row: CostRow): string {
  const values = [
    group, row.key, row.calls, row.inputTokens, row.cachedTokens, row.outputTokens, row.costUsd,
    row.unpricedCalls, row.isEstimated, row.openCalls, row.openUsd,
  ];
  return values.map((value) => cell(String(value))).join(",");
}

function cell(value: string): string {
  // A spreadsheet would work out what begins so.
  const safe = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
