// How does Pairwright come onto this machine? Into a virtual environment of the extension's own.

import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import * as vscode from "vscode";
import { privateEnvironment, programOf } from "./server";

const PACKAGE = "pairwright[server,local]";

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
      await run(programOf(environment, "python"), pip, log, token);
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

function run(
  command: string,
  args: readonly string[],
  log: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
): Promise<void> {
  log.info(`running ${command} ${args.join(" ")}`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    const cancelling = token.onCancellationRequested(() => child.kill());
    child.stdout.on("data", (text: Buffer) => log.info(text.toString().trimEnd()));
    child.stderr.on("data", (text: Buffer) => log.warn(text.toString().trimEnd()));
    child.on("error", reject);
    child.on("close", (code) => {
      cancelling.dispose();
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`${command} ended with code ${code ?? "none"}`));
      }
    });
  });
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
