// How does a change look as a whole? Each file as it is beside itself as it would be.

import * as vscode from "vscode";
import type { Conflict } from "../protocol";
import type { ReviewBook } from "./book";
import { applyHunks } from "./shifting";

/** Of documents that show how a file would be. */
export const PROPOSED = "pairwright-proposed";

/** Serves texts that are in no file: proposed ones, both sides of conflicts, nothing. */
export class Overview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly fixed = new Map<string, string>();
  private readonly registration: vscode.Disposable;
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly root: vscode.Uri,
    private readonly book: ReviewBook,
  ) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(PROPOSED, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const fixed = this.fixed.get(uri.toString());
    if (fixed !== undefined) {
      return fixed;
    }
    const path = uri.path.slice(1);
    const hunks = this.book.hunksOf(path).map(({ hunk }) => hunk);
    if (hunks.some((hunk) => hunk.fileChange === "delete")) {
      return "";
    }
    const isNew = hunks.some((hunk) => hunk.fileChange === "create");
    return applyHunks(isNew ? "" : await this.present(path), hunks);
  }

  /** Opens a file that is not there yet, as it would be. */
  async showNew(path: string): Promise<vscode.TextEditor> {
    return vscode.window.showTextDocument(this.proposed(path), { preview: true });
  }

  /** Tells the open comparisons that something changed, and closes new files of which nothing is left. */
  refresh(): void {
    this.closeDecided();
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === PROPOSED) {
        this.changes.fire(document.uri);
      }
    }
  }

  /** Shows all files of all changes, one below the other. */
  async show(): Promise<void> {
    const files = new Map<string, vscode.Uri>();
    for (const change of this.book.all) {
      for (const hunk of change.hunks) {
        const isNew = hunk.fileChange === "create";
        files.set(hunk.path, isNew ? this.text("empty", hunk.path, "") : this.file(hunk.path));
      }
    }
    const resources = [...files].map(([path, original]) => [this.file(path), original, this.proposed(path)]);
    await vscode.commands.executeCommand("vscode.changes", "Pairwright: Proposed Changes", resources);
  }

  /** Shows what a change wants beside what stands there now. */
  async showConflict(conflict: Conflict): Promise<void> {
    const theirs = this.text("now", conflict.path, conflict.theirs);
    const ours = this.text("wanted", conflict.path, conflict.ours);
    const title = `${conflict.path}: as it is now ↔ as the change wants it`;
    await vscode.commands.executeCommand("vscode.diff", theirs, ours, title);
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  private closeDecided(): void {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const decided = tabs.filter(({ input }) => {
      const path = input instanceof vscode.TabInputText ? proposedPath(input.uri) : undefined;
      return path !== undefined && this.book.hunksOf(path).length === 0;
    });
    if (decided.length > 0) {
      void vscode.window.tabGroups.close(decided, true);
    }
  }

  private async present(path: string): Promise<string> {
    try {
      return (await vscode.workspace.openTextDocument(this.file(path))).getText();
    } catch {
      return ""; // The file is gone: then nothing of it is left to compare with.
    }
  }

  private file(path: string): vscode.Uri {
    return vscode.Uri.joinPath(this.root, path);
  }

  private proposed(path: string): vscode.Uri {
    return vscode.Uri.from({ scheme: PROPOSED, path: `/${path}` });
  }

  private text(side: string, path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: PROPOSED, authority: side, path: `/${path}` });
    this.fixed.set(uri.toString(), text);
    this.changes.fire(uri);
    return uri;
  }
}

/** Returns the file that a document shows as it would be; undefined of any other document. */
export function proposedPath(uri: vscode.Uri): string | undefined {
  return uri.scheme === PROPOSED && uri.authority === "" ? uri.path.slice(1) : undefined;
}
