// Where does a person see where the money went? In a panel of its own, which nothing remote reaches.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { type Connection, reasonOf } from "../client";
import { Throttle } from "../throttle";
import { toCsv } from "./csv";
import { type Figures, type FromPanel, GROUPS, type ToPanel } from "./figures";

const READS_PER_SECOND = 1;

/** At most one panel. */
export class CostPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private figures: Figures | undefined;
  private readonly read = new Throttle(READS_PER_SECOND, () => void this.send());
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly connection: Connection,
    private readonly extensionUri: vscode.Uri,
  ) {
    this.listening = connection.onCost(() => this.panel && this.read.ask());
  }

  show(): void {
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const scripts = vscode.Uri.joinPath(this.extensionUri, "dist");
    const options = { enableScripts: true, localResourceRoots: [scripts] };
    const panel = vscode.window.createWebviewPanel(
      "pairwright.costs",
      "Pairwright Costs",
      vscode.ViewColumn.Active,
      options,
    );
    panel.webview.onDidReceiveMessage((message: FromPanel) => this.took(message));
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    panel.webview.html = page(panel.webview, scripts);
    this.panel = panel;
  }

  dispose(): void {
    this.listening.dispose();
    this.read.dispose();
    this.panel?.dispose();
  }

  private took(message: FromPanel): void {
    if (message.what === "export") {
      void this.exportCsv();
    } else {
      this.read.ask();
    }
  }

  private async send(): Promise<void> {
    let message: ToPanel;
    try {
      this.figures = await this.ask();
      message = { what: "figures", figures: this.figures };
    } catch (error) {
      message = { what: "failed", reason: reasonOf(error) };
    }
    await this.panel?.webview.postMessage(message);
  }

  private async ask(): Promise<Figures> {
    const asked = GROUPS.map(
      async (by) => [by, await this.connection.request("pairwright/cost", { by })] as const,
    );
    const [budget, plane] = await Promise.all([
      this.connection.request("pairwright/budget", {}),
      this.connection.request("pairwright/plane", {}),
    ]);
    return { reports: await Promise.all(asked), budget, plane };
  }

  private async exportCsv(): Promise<void> {
    const figures = this.figures ?? (await this.ask());
    const defaultUri = vscode.Uri.joinPath(this.connection.folder.uri, "pairwright-costs.csv");
    const target = await vscode.window.showSaveDialog({ defaultUri, filters: { CSV: ["csv"] } });
    if (target) {
      await vscode.workspace.fs.writeFile(target, Buffer.from(toCsv(figures.reports)));
    }
  }
}

function page(webview: vscode.Webview, scripts: vscode.Uri): string {
  const nonce = randomBytes(16).toString("base64");
  const uriOf = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(scripts, name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pairwright Costs</title>
<link rel="stylesheet" href="${uriOf("cost.css")}">
</head>
<body>
<main id="main"><h1>Costs</h1><p role="status">Reading…</p></main>
<script nonce="${nonce}" src="${uriOf("cost.js")}"></script>
</body>
</html>`;
}
