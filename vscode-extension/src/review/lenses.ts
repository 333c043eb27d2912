// Which buttons stand above a hunk? Keep, discard, look at it; and what the gate says, once a file.

import * as vscode from "vscode";
import type { DecisionArguments, HunkView } from "../protocol";
import type { Proposed, ReviewBook } from "./book";
import { anchorLine } from "./layout";
import { proposedPath } from "./overview";
import { firstLine, wordsOf } from "./words";

const MOST_SHOWN = 60;

/** Shows the buttons of the review. */
export class ReviewLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changes.event;

  constructor(
    private readonly book: ReviewBook,
    private readonly pathOf: (uri: vscode.Uri) => string | undefined,
  ) {}

  refresh(): void {
    this.changes.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const proposed = proposedPath(document.uri);
    const path = this.pathOf(document.uri) ?? proposed;
    if (path === undefined) {
      return [];
    }
    // Of a text that is proposed only a whole new file has a place for buttons.
    const hunks = this.book
      .hunksOf(path)
      .filter(({ hunk }) => proposed === undefined || hunk.fileChange === "create");
    hunks.sort((one, other) => one.hunk.oldStart - other.hunk.oldStart);
    return hunks.flatMap(({ change, hunk }, at) => {
      const line = anchorLine(hunk, document.lineCount);
      const range = new vscode.Range(line, 0, line, 0);
      return commandsOf(change, hunk, at, hunks.length).map((command) => new vscode.CodeLens(range, command));
    });
  }

  dispose(): void {
    this.changes.dispose();
  }
}

function commandsOf(change: Proposed, hunk: HunkView, at: number, count: number): vscode.Command[] {
  if (change.isStreaming) {
    return at === 0 ? [{ title: "$(sync~spin) being written", command: "pairwright.menu" }] : [];
  }
  const target: DecisionArguments = { taskId: change.taskId, hunkIds: [hunk.hunkId] };
  const commands: vscode.Command[] = [
    { title: "$(check) Keep", command: "pairwright.keepHunk", arguments: [target] },
    { title: "$(close) Discard", command: "pairwright.discardHunk", arguments: [target] },
  ];
  if (change.proposer) {
    commands.push({ title: "Discard with a Remark…", command: "pairwright.discardWithRemark", arguments: [target] });
  }
  commands.push({
    title: `$(diff) ${at + 1} of ${count}, ${wordsOf(hunk)}`,
    command: "pairwright.overview",
    tooltip: change.label,
  });
  if (at === 0) {
    commands.push(...badgeOf(change));
  }
  return commands;
}

/** Who proposed it, what the gate says, and what it wants to be known; all of it is a click away. */
function badgeOf(change: Proposed): vscode.Command[] {
  const from = change.proposer ? [`${change.proposer}: ${clipped(change.label)}`] : [];
  const gate = change.verdict?.badge ? [change.verdict.badge] : [];
  const notes = change.verdict?.notes.map((note) => `$(info) ${clipped(note)}`) ?? [];
  const tooltip = change.verdict?.notes.join("\n") || "What the gate says";
  const command = "pairwright.showVerdict";
  return [...from, ...gate, ...notes].map((title) => ({ title, command, tooltip, arguments: [{ taskId: change.taskId }] }));
}

function clipped(text: string): string {
  const line = firstLine(text);
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN - 1)}…` : line;
}
