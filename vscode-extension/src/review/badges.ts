// Which files have something to review, and what does the gate say of them? A badge in lists of files.

import * as vscode from "vscode";
import type { ReviewBook } from "./book";

/** Marks files in the explorer and on tabs. */
export class FileBadges implements vscode.FileDecorationProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri[]>();
  private marked = new Map<string, string>();
  readonly onDidChangeFileDecorations = this.changes.event;

  constructor(
    private readonly book: ReviewBook,
    private readonly pathOf: (uri: vscode.Uri) => string | undefined,
    private readonly root: vscode.Uri,
  ) {}

  refresh(): void {
    const wanted = new Map(
      this.book.all.flatMap((change) =>
        change.hunks.map((hunk) => [hunk.path, `${change.taskId} ${change.verdict?.isSound}`] as const),
      ),
    );
    const paths = [...new Set([...this.marked.keys(), ...wanted.keys()])];
    const changed = paths.filter((path) => this.marked.get(path) !== wanted.get(path));
    this.marked = wanted;
    if (changed.length > 0) {
      this.changes.fire(changed.map((path) => vscode.Uri.joinPath(this.root, path)));
    }
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const path = this.pathOf(uri);
    const change = path === undefined ? undefined : this.book.hunksOf(path)[0]?.change;
    if (!change) {
      return undefined;
    }
    if (!change.verdict) {
      return new vscode.FileDecoration("P…", "Pairwright: being written");
    }
    const { isSound, badge } = change.verdict;
    const colour = new vscode.ThemeColor(isSound ? "charts.green" : "charts.orange");
    return new vscode.FileDecoration(isSound ? "P✓" : "P!", `Pairwright: to review, ${badge}`, colour);
  }

  dispose(): void {
    this.changes.dispose();
  }
}
