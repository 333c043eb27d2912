// What does whoever mends a bug need to know? Versions, the state, and the log without secrets.

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { type Connection, reasonOf } from "./client";
import { redact } from "./redact";

const MOST_LOG_CHARACTERS = 20_000;

/** Opens a report as a document, for a person to read before anybody gets it. */
export async function openReport(
  context: vscode.ExtensionContext,
  connection: Connection,
): Promise<void> {
  const { version } = context.extension.packageJSON as { version: string };
  const lines = [
    "# Pairwright: report of an issue",
    "",
    "Describe what you did, what you expected, and what happened. Nothing of this was sent.",
    "",
    "| | |",
    "|---|---|",
    `| extension | ${version} |`,
    `| server | ${connection.serverVersion ?? "not connected"}, from ${connection.server?.source ?? "nowhere"} |`,
    `| editor | ${vscode.env.appName} ${vscode.version} |`,
    `| system | ${process.platform} ${process.arch} |`,
    `| trusted | ${vscode.workspace.isTrusted ? "yes" : "no"} |`,
    ...(await statusLines(connection)),
    "",
    "```text",
    await lastOfLog(context),
    "```",
  ];
  const content = redact(lines.join("\n"), homedir());
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
}

async function statusLines(connection: Connection): Promise<string[]> {
  try {
    const status = await connection.request("pairwright/status", {});
    return [
      `| index | ${status.files} files, ${status.pending} pending, ${status.symbols} symbols |`,
      ...status.settingsProblems.map((problem) => `| settings | ${problem} |`),
    ];
  } catch (error) {
    return [`| status | ${reasonOf(error)} |`];
  }
}

async function lastOfLog(context: vscode.ExtensionContext): Promise<string> {
  try {
    const text = await readFile(vscode.Uri.joinPath(context.logUri, "Pairwright.log").fsPath, "utf8");
    return text.slice(-MOST_LOG_CHARACTERS);
  } catch {
    return "no log";
  }
}
