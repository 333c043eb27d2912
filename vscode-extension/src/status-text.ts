// What does the status bar say? Text, what a screen reader says, and how bad it is. Pure.

import { counted } from "./counting";
import { formatCap, formatUsd, shareOf } from "./money";
import type { CostReport, StatusResult } from "./protocol";
import type { State } from "./state";

export interface StatusText {
  readonly text: string;
  /** For a screen reader: no icons, whole words. */
  readonly label: string;
  readonly severity: "none" | "warning" | "error";
}

const WARNING_SHARE = 0.8;

/** Returns what is shown of a state. */
export function statusText(state: State): StatusText {
  const cost = runningCost(state);
  const doing = describe(state);
  const severity = doing.severity === "none" ? cost.severity : doing.severity;
  const text = cost.text ? `${doing.text || "$(pulse)"} ${cost.text}` : doing.text || "$(pulse) Pairwright";
  const label = ["Pairwright", doing.label, cost.label].filter(Boolean).join(", ");
  return { text, label, severity };
}

function describe(state: State): StatusText {
  switch (state.connection) {
    case "off":
      return { text: "$(circle-slash) Pairwright", label: "not connected", severity: "none" };
    case "missing":
      return { text: "$(cloud-download) Pairwright: not installed", label: "not installed", severity: "warning" };
    case "failed":
      return { text: "$(error) Pairwright", label: `error: ${state.problem}`, severity: "error" };
    case "starting":
      return { text: "$(sync~spin) Pairwright: starting", label: "starting", severity: "none" };
    case "ready":
      return describeWork(state);
  }
}

function describeWork(state: State): StatusText {
  if (state.working) {
    return { text: `$(sync~spin) ${state.working}`, label: `working: ${state.working}`, severity: "none" };
  }
  if (state.isOverBudget) {
    return { text: "$(error) over budget", label: "over budget", severity: "error" };
  }
  if (state.waiting > 0) {
    const hunks = counted(state.waiting, "hunk");
    return { text: `$(eye) ${hunks} to review`, label: `${hunks} to review`, severity: "none" };
  }
  if (state.failure) {
    return { text: "$(warning) failed", label: `the last task failed: ${state.failure}`, severity: "none" };
  }
  if (state.indexing) {
    const { files, pending } = state.indexing;
    const percent = files > 0 ? Math.floor((100 * (files - pending)) / files) : 0;
    return { text: `$(sync~spin) indexing ${percent} %`, label: `indexing, ${percent} percent`, severity: "none" };
  }
  return { text: "", label: "ready", severity: "none" };
}

/** The task's cost while it runs or waits, else the day's; none while only others' hunks wait. */
function runningCost(state: State): StatusText {
  if (state.connection !== "ready") {
    return { text: "", label: "", severity: "none" };
  }
  const { cost, day } = state;
  const isAtWork = state.working !== undefined || state.isOverBudget;
  if (cost && (isAtWork || (state.waiting > 0 && state.waitingTasks.includes(cost.taskId)))) {
    return spentOf(cost.taskUsd, cost.taskCapUsd, cost.taskUnpricedCalls, "this task");
  }
  if (state.waiting > 0 && !isAtWork) {
    return { text: "", label: "", severity: "none" };
  }
  return day ? spentOf(day.spentUsd, day.capUsd, day.unpriced, "today") : { text: "", label: "", severity: "none" };
}

function spentOf(spent: string, cap: string, unpriced: number, when: string): StatusText {
  const share = shareOf(spent, cap);
  const severity = share >= 1 ? "error" : share >= WARNING_SHARE ? "warning" : "none";
  const atLeast = unpriced > 0 ? "at least " : "";
  return {
    text: `${formatUsd(spent, unpriced)} / ${formatCap(cap)}`,
    label: `${atLeast}${formatUsd(spent)} of ${formatCap(cap)} spent ${when}`,
    severity,
  };
}

/** Returns the hover as Markdown; `ourName` is what this editor calls itself. */
export function statusHover(
  state: State,
  roles: CostReport | undefined,
  status: StatusResult | undefined,
  ourName = "",
): string {
  const parts = [`**Pairwright**: ${describe(state).label}`];
  if (state.problem || state.failure) {
    parts.push(escape(state.problem || state.failure));
  }
  if (state.day) {
    const { spentUsd, capUsd, unpriced } = state.day;
    parts.push(`Today ${formatUsd(spentUsd, unpriced)} of ${formatCap(capUsd)}`);
  }
  if (roles && roles.rows.length > 0) {
    parts.push("All days, by role:", rolesTable(roles));
  }
  parts.push(...receiptLines(state));
  if (status) {
    parts.push(...indexLines(status), presenceOf(status, ourName), ...noticesOf(status));
  }
  return parts.join("\n\n");
}

function rolesTable(report: CostReport): string {
  const rows = report.rows.map((row) => {
    const cached = row.inputTokens > 0 ? Math.round((100 * row.cachedTokens) / row.inputTokens) : 0;
    return `| ${escape(row.key)} | ${row.calls} | ${cached} % | ${formatUsd(row.costUsd, row.unpricedCalls)} |`;
  });
  return ["| role | calls | from cache | cost |", "|---|--:|--:|--:|", ...rows].join("\n");
}

function receiptLines(state: State): string[] {
  const { receipt } = state;
  if (!receipt) {
    return [];
  }
  const lines = [`Last task: ${formatUsd(receipt.costUsd, receipt.unpricedCalls)}`];
  // Where all models are free, nothing is there to save.
  const isPaid = Number(receipt.costUsd) > 0 || Number(receipt.strongAloneUsd) > 0;
  if (receipt.strongAloneUsd && isPaid && receipt.unpricedCalls === 0) {
    const saved = Number(receipt.strongAloneUsd) - Number(receipt.costUsd);
    const word = saved < 0 ? "lost" : "saved";
    lines.push(
      `About ${formatUsd(String(Math.abs(saved)))} ${word} against the strong model alone ` +
        `(${formatUsd(receipt.strongAloneUsd)})`,
    );
  }
  return lines;
}

function indexLines(status: StatusResult): string[] {
  const read = status.pending === 0 ? "all read" : `${status.pending} not yet read`;
  return [`Index: ${status.files} files, ${read}, ${status.symbols} symbols`];
}

/** Who else is here: assistants, terminals, other windows. */
function presenceOf(status: StatusResult, ourName: string): string {
  const names = [...status.clientNames];
  const ours = names.indexOf(ourName);
  names.splice(ours < 0 ? names.length : ours, 1);
  const counts = new Map<string, number>();
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const shown = [...counts].map(([name, count]) => escape(name) + (count > 1 ? ` (${count})` : ""));
  return shown.length > 0 ? `Also here: ${shown.join(", ")}` : "Nobody else is connected";
}

function noticesOf(status: StatusResult): string[] {
  const notices = [...(status.notice ? [status.notice] : []), ...status.settingsProblems];
  return notices.map((notice) => `$(warning) ${escape(notice)}`);
}

/** Returns text in which nothing reads as Markdown or as an icon. */
export function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|$~]/g, "\\$&");
}
