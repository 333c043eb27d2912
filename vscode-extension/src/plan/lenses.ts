// Which buttons has a plan's document? Follow it; and skip a step, or have the strong model write it.

import * as vscode from "vscode";
import { PLAN_SCHEME, type PlanFiles } from "./documents";
import { estimateOf, findSteps, type LineEdit, startAt, type StepPlace, toggleSkip, toggleTier } from "./steps";

/** A step, as buttons name it. */
export interface StepTarget {
  readonly uri: vscode.Uri;
  readonly number: number;
}

export class PlanLenses implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(private readonly files: PlanFiles) {
    this.onDidChangeCodeLenses = files.onChange;
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const view = this.files.viewOf(document.uri);
    const estimate = estimateOf(view, document.getText());
    const top = new vscode.Range(0, 0, 0, 0);
    const whole = [
      new vscode.CodeLens(top, {
        title: `$(play) Follow this plan${estimate}`,
        command: "pairwright.runPlan",
        arguments: [document.uri],
      }),
      new vscode.CodeLens(top, {
        title: "$(refresh) Plan anew…",
        command: "pairwright.planAnew",
        arguments: [document.uri],
      }),
    ];
    return [...whole, ...findSteps(linesOf(document)).flatMap((step) => lensesOf(document, step))];
  }
}

/** Carries out a button of a step. */
export async function changeStep(
  target: StepTarget | undefined,
  change: "skip" | "tier",
): Promise<void> {
  const found = await findStep(target);
  if (found) {
    const { document, lines, step } = found;
    const edit = change === "skip" ? toggleSkip(lines, step) : toggleTier(lines, step);
    await applyLineEdit(document, edit);
    await document.save();
  }
}

/** Has the steps before one skipped; returns the plan, undefined where no step is meant. */
export async function skipBefore(target: StepTarget | undefined): Promise<vscode.Uri | undefined> {
  const found = await findStep(target);
  if (!found) {
    return undefined;
  }
  for (const edit of startAt(found.lines, found.steps, found.step.number)) {
    await applyLineEdit(found.document, edit);
  }
  await found.document.save();
  return found.document.uri;
}

interface FoundStep {
  readonly document: vscode.TextDocument;
  readonly lines: readonly string[];
  readonly steps: readonly StepPlace[];
  readonly step: StepPlace;
}

/** Returns the step that is named, else the one at the cursor. */
async function findStep(target: StepTarget | undefined): Promise<FoundStep | undefined> {
  const active = vscode.window.activeTextEditor;
  const uri = target?.uri ?? active?.document.uri;
  if (uri?.scheme !== PLAN_SCHEME) {
    return undefined;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const lines = linesOf(document);
  const line = active?.document === document ? active.selection.active.line : 0;
  const steps = findSteps(lines);
  const isMeant = (step: StepPlace): boolean =>
    target ? step.number === target.number : step.line <= line && line < step.end;
  const step = steps.find(isMeant);
  return step && { document, lines, steps, step };
}

function lensesOf(document: vscode.TextDocument, step: StepPlace): vscode.CodeLens[] {
  const range = new vscode.Range(step.line, 0, step.line, 0);
  const target: StepTarget = { uri: document.uri, number: step.number };
  const lens = (title: string, command: string): vscode.CodeLens =>
    new vscode.CodeLens(range, { title, command, arguments: [target] });
  return [
    lens(step.isSkipped ? "$(circle-slash) Skipped: take it up" : "Skip", "pairwright.skipStep"),
    lens("Follow from here", "pairwright.runFromStep"),
    lens(step.isStrong ? "$(star-full) Strong model: use the weak one" : "Use the strong model here", "pairwright.changeTier"),
  ];
}

async function applyLineEdit(document: vscode.TextDocument, edit: LineEdit): Promise<void> {
  const end = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
  const change = new vscode.WorkspaceEdit();
  if (edit.replaces) {
    const range = document.lineAt(edit.line).rangeIncludingLineBreak;
    change.replace(document.uri, range, edit.text === undefined ? "" : `${edit.text}${end}`);
  } else if (edit.line >= document.lineCount) {
    const last = document.lineAt(document.lineCount - 1).range.end;
    change.insert(document.uri, last, `${end}${edit.text ?? ""}`);
  } else {
    change.insert(document.uri, new vscode.Position(edit.line, 0), `${edit.text ?? ""}${end}`);
  }
  await vscode.workspace.applyEdit(change);
}

function linesOf(document: vscode.TextDocument): string[] {
  return document.getText().split(/\r\n|\n|\r/);
}
