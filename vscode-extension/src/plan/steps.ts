// How is a plan's document changed by a button? One line of one step. And what would it cost? Pure.

import { formatUsd } from "../money";
import type { PlanView } from "../protocol";

/** A step of the document, as far as buttons need it; lines count from zero. */
export interface StepPlace {
  readonly number: number;
  readonly line: number;
  readonly end: number;
  readonly isSkipped: boolean;
  readonly isStrong: boolean;
}

/** A line to put in place of another (`line`), or before it when nothing is replaced. */
export interface LineEdit {
  readonly line: number;
  readonly replaces: boolean;
  /** Without its end; undefined takes the line away. */
  readonly text: string | undefined;
}

const STEP = /^##\s+(\d{1,6})[.)]\s*/;
const FIELD = /^[-*]\s+([A-Za-z]+)\s*:\s*(.*)$/;

/** Returns about what it costs to follow a plan; empty once the document says something else. */
export function estimateOf(view: PlanView | undefined, text: string): string {
  const isOfText = view !== undefined && withoutReturns(view.text) === withoutReturns(text);
  return isOfText && view.estimateUsd ? ` (about ${formatUsd(view.estimateUsd)})` : "";
}

/** Returns the steps of a document. */
export function findSteps(lines: readonly string[]): StepPlace[] {
  const starts = lines.flatMap((line, at) => (STEP.test(line) ? [at] : []));
  return starts.map((line, at) => {
    const end = starts[at + 1] ?? lines.length;
    const fields = fieldsOf(lines, line, end);
    return {
      number: at + 1,
      line,
      end,
      isSkipped: /^(yes|true|y)$/i.test(fields.get("skip")?.value ?? ""),
      isStrong: fields.get("by")?.value.toLowerCase() === "strong",
    };
  });
}

/** Returns the edit that skips a step, or takes it up again. */
export function toggleSkip(lines: readonly string[], step: StepPlace): LineEdit {
  return setField(lines, step, "skip", step.isSkipped ? undefined : "yes");
}

/** Returns the edit that has a step written by the other model. */
export function toggleTier(lines: readonly string[], step: StepPlace): LineEdit {
  return setField(lines, step, "by", step.isStrong ? undefined : "strong");
}

/** Returns the edits that have a plan followed from a step on; from below, so that each still fits. */
export function startAt(lines: readonly string[], steps: readonly StepPlace[], number: number): LineEdit[] {
  const wrong = steps.filter((step) => step.number <= number && step.isSkipped === (step.number === number));
  return wrong.reverse().map((step) => toggleSkip(lines, step));
}

function setField(
  lines: readonly string[],
  step: StepPlace,
  name: string,
  value: string | undefined,
): LineEdit {
  const fields = fieldsOf(lines, step.line, step.end);
  const present = fields.get(name);
  const text = value === undefined ? undefined : `- ${name}: ${value}`;
  if (present) {
    return { line: present.line, replaces: true, text };
  }
  const places = [...fields.values()].map((field) => field.line);
  const hasBlankBelow = lines[step.line + 1]?.trim() === "";
  const line = places.length > 0 ? Math.max(...places) + 1 : step.line + (hasBlankBelow ? 2 : 1);
  return { line: Math.min(line, lines.length), replaces: false, text };
}

function fieldsOf(
  lines: readonly string[],
  start: number,
  end: number,
): Map<string, { line: number; value: string }> {
  const found = new Map<string, { line: number; value: string }>();
  for (let line = start + 1; line < end; line += 1) {
    const field = FIELD.exec(lines[line] ?? "");
    if (field?.[1] && !found.has(field[1].toLowerCase())) {
      found.set(field[1].toLowerCase(), { line, value: (field[2] ?? "").trim() });
    }
  }
  return found;
}

function withoutReturns(text: string): string {
  return text.replaceAll("\r", "");
}
