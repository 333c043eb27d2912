// What is a hunk in a few words, and what does the gate say of a change in more? Pure.

import type { CheckView, HunkView, VerdictView } from "../protocol";

const SIGNS = { passed: "$(pass)", failed: "$(error)", not_run: "$(circle-slash)" } as const;

/** One thing that the gate says. */
export interface Saying {
  readonly text: string;
  readonly detail: string;
  /** Where it is said of, if it is another place than the change. */
  readonly place?: { readonly path: string; readonly line: number };
}

/** Returns all that the gate says: what a person should know first, then each check, then what may break. */
export function sayingsOf({ notes, checks, mayBreak }: VerdictView): Saying[] {
  return [
    ...notes.map((note) => ({ text: `$(info) ${note}`, detail: "" })),
    ...checks.map((check) => ({ text: `${SIGNS[check.outcome]} ${nameOf(check)}`, detail: firstLine(check.detail) })),
    ...mayBreak.map(({ path, line, symbol, reason }) => ({
      text: `$(warning) may break: ${path}:${line + 1}`,
      detail: `${symbol} ${reason}`.trim(),
      place: { path, line },
    })),
  ];
}

function nameOf({ name, outcome }: CheckView): string {
  return outcome === "not_run" ? `${name}: not known` : name;
}

export function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

/** Returns such as `+3 −1`, or `new file, +12`. */
export function wordsOf(hunk: HunkView): string {
  const added = hunk.newLines.length > 0 ? `+${hunk.newLines.length}` : "";
  const removed = hunk.oldLines.length > 0 ? `−${hunk.oldLines.length}` : "";
  const size = [added, removed].filter(Boolean).join(" ");
  return [fateOf(hunk), size].filter(Boolean).join(", ");
}

function fateOf(hunk: HunkView): string {
  switch (hunk.fileChange) {
    case "create":
      return "new file";
    case "delete":
      return "deletes the file";
    case "rename":
      return `renames the file to ${hunk.newPath ?? "another name"}`;
    default:
      return "";
  }
}
