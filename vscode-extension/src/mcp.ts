// How does VS Code's own agent reach the daemon? As an MCP server that the extension announces.

import * as vscode from "vscode";
import type { Connection } from "./client";
import { findServer } from "./server";

const PROVIDER = "pairwright.mcp";

/** Announces the folder's daemon, where this VS Code knows MCP. */
export function announceMcp(connection: Connection, storage: vscode.Uri): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  const listening = connection.onState(({ state }) => {
    if (state === "ready") {
      changes.fire();
    }
  });
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider !== "function") {
    return vscode.Disposable.from(changes, listening);
  }
  const registration = vscode.lm.registerMcpServerDefinitionProvider(PROVIDER, {
    onDidChangeMcpServerDefinitions: changes.event,
    provideMcpServerDefinitions: async () => {
      const server = vscode.workspace.isTrusted ? await findServer(connection.folder, storage) : undefined;
      if (!server) {
        return [];
      }
      const args = [...server.args, "mcp", "--workspace", connection.folder.uri.fsPath];
      return [new vscode.McpStdioServerDefinition("Pairwright", server.command, args)];
    },
  });
  return vscode.Disposable.from(registration, changes, listening);
}
