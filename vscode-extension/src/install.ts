// How does Pairwright come onto this machine? Into a virtual environment of the extension's own.

import { mkdir } from "node:fs/promises";
import * as vscode from "vscode";
import { run } from "./programs";
import { privateEnvironment, programOf } from "./server";

const PACKAGE = "pairwright[server,local]";
const MOST_SHOWN = 60;

/** Asks, then installs with progress; returns whether it is there now. */
export async function offerInstall(storage: vscode.Uri, log: vscode.LogOutputChannel): Promise<boolean> {
  const answer = await vscode.window.showInformationMessage(
    "Pairwright's server was not found in the selected Python environment or on the PATH.",
    "Install It Privately",
    "Set the Command…",
  );
  if (answer === "Set the Command…") {
    await vscode.commands.executeCommand("workbench.action.openSettings", "pairwright.server.command");
  }
  return answer === "Install It Privately" && install(storage, log);
}

/** Installs into the private environment; a failure is shown and returns false. */
export async function install(storage: vscode.Uri, log: vscode.LogOutputChannel): Promise<boolean> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: "Installing Pairwright",
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const environment = privateEnvironment(storage);
    try {
      await mkdir(storage.fsPath, { recursive: true });
      progress.report({ message: "making a virtual environment", increment: 5 });
      await run(pythonCommand(), ["-m", "venv", environment], log, token);
      progress.report({ message: "fetching packages", increment: 15 });
      const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--upgrade", PACKAGE];
      const tell = (line: string): void => {
        if (/^(Collecting|Downloading|Installing) /.test(line)) {
          progress.report({ message: line.slice(0, MOST_SHOWN) });
        }
      };
      await run(programOf(environment, "python"), pip, log, token, tell);
      return true;
    } catch (error) {
      await showFailure(error, log, token);
      return false;
    }
  });
}

function pythonCommand(): string {
  return process.platform === "win32" ? "python" : "python3";
}

async function showFailure(
  error: unknown,
  log: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
): Promise<void> {
  if (token.isCancellationRequested) {
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  log.error(`installing failed: ${reason}`);
  const answer = await vscode.window.showErrorMessage(`Installing Pairwright failed: ${reason}`, "Show the Log");
  if (answer) {
    log.show();
  }
}
