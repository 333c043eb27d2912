// What happens when VS Code starts the extension? Little: the daemon is found and started behind it.

import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { Session } from "./session";

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const begun = performance.now();
  const log = vscode.window.createOutputChannel("Pairwright", { log: true });
  context.subscriptions.push(log);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  if (!folder) {
    log.info("no folder is open");
    return;
  }
  session = new Session(context, folder, log);
  context.subscriptions.push(session, registerCommands(session));
  void session.start();
  log.info(`activated in ${(performance.now() - begun).toFixed(1)} ms`);
}

export async function deactivate(): Promise<void> {
  await session?.connection.stop();
  session = undefined;
}
