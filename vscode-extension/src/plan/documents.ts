// How is a plan edited? As a Markdown file that the daemon keeps: read, written, and judged by it.

import * as vscode from "vscode";
import type { Connection } from "../client";
import type { PlanView } from "../protocol";

export const PLAN_SCHEME = "pairwright-plan";

/** The daemon's plans as files. */
export class PlanFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly files = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly views = new Map<string, PlanView>();
  private readonly problems = vscode.languages.createDiagnosticCollection("pairwright-plan");
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly registration: vscode.Disposable;
  readonly onDidChangeFile = this.files.event;
  /** Fires when a plan was read or written. */
  readonly onChange = this.changes.event;

  constructor(private readonly connection: Connection) {
    const options = { isCaseSensitive: true };
    this.registration = vscode.workspace.registerFileSystemProvider(PLAN_SCHEME, this, options);
  }

  /** Returns what the daemon last said of a plan. */
  viewOf(uri: vscode.Uri): PlanView | undefined {
    return this.views.get(planIdOf(uri));
  }

  async open(planId: string): Promise<void> {
    const uri = planUri(planId);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, "markdown");
    await vscode.window.showTextDocument(document, { viewColumn: planColumn(), preview: false });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const view = this.viewOf(uri) ?? (await this.read(uri));
    const at = Date.parse(view.writtenAt) || 0;
    const size = Buffer.byteLength(view.text);
    return { type: vscode.FileType.File, ctime: at, mtime: at + view.version, size };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.read(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const planId = planIdOf(uri);
    const text = Buffer.from(content).toString();
    const baseVersion = this.views.get(planId)?.version;
    const base = baseVersion === undefined ? {} : { baseVersion };
    this.took(uri, await this.connection.request("pairwright/plan/update", { planId, text, ...base }));
    this.files.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.registration.dispose();
    this.problems.dispose();
    this.files.dispose();
    this.changes.dispose();
  }

  private async read(uri: vscode.Uri): Promise<PlanView> {
    if (!(await this.connection.start())) {
      throw vscode.FileSystemError.Unavailable(uri);
    }
    const view = await this.connection.request("pairwright/plan/get", { planId: planIdOf(uri) });
    this.took(uri, view);
    return view;
  }

  private took(uri: vscode.Uri, view: PlanView): void {
    this.views.set(view.planId, view);
    const severities = {
      error: vscode.DiagnosticSeverity.Error,
      warning: vscode.DiagnosticSeverity.Warning,
    };
    const found = view.problems.map(({ line, message, severity }) => {
      const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
      const problem = new vscode.Diagnostic(range, message, severities[severity]);
      problem.source = "Pairwright";
      return problem;
    });
    this.problems.set(uri, found);
    this.changes.fire();
  }
}

/** Returns where a plan is to be shown: where one is already, else beside the code. */
export function planColumn(): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === PLAN_SCHEME);
  return shown?.viewColumn ?? vscode.ViewColumn.Beside;
}

export function planUri(planId: string): vscode.Uri {
  return vscode.Uri.from({ scheme: PLAN_SCHEME, path: `/${planId}/Plan.md` });
}

export function planIdOf(uri: vscode.Uri): string {
  return uri.path.split("/")[1] ?? "";
}
