// Where is text shown that a model still writes? In read-only documents, redrawn now and then.

import * as vscode from "vscode";
import { Throttle } from "./throttle";

const SCHEME = "pairwright-live";
const REDRAWS_PER_SECOND = 10;

/** Documents by a name each, which end with `.md`. */
export class LiveText implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly texts = new Map<string, string>();
  private readonly registration: vscode.Disposable;
  private readonly redraw = new Throttle(REDRAWS_PER_SECOND, () => this.fire());
  readonly onDidChange = this.changes.event;

  constructor() {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  write(name: string, text: string): void {
    this.texts.set(uriOf(name).path, text);
    this.redraw.ask();
  }

  /** Opens a document, which does not take the focus. */
  async show(name: string, viewColumn: vscode.ViewColumn): Promise<void> {
    const options = { viewColumn, preview: true, preserveFocus: true };
    await vscode.window.showTextDocument(uriOf(name), options);
  }

  /** Opens a document as rendered Markdown. */
  async showRendered(name: string): Promise<void> {
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uriOf(name));
  }

  /** Closes a document's tabs. */
  async close(name: string): Promise<void> {
    const wanted = uriOf(name).toString();
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter(
      (tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === wanted,
    );
    await vscode.window.tabGroups.close(ours, true);
  }

  dispose(): void {
    this.redraw.dispose();
    this.registration.dispose();
    this.changes.dispose();
  }

  private fire(): void {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === SCHEME) {
        this.changes.fire(document.uri);
      }
    }
  }
}

function uriOf(name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md` });
}
