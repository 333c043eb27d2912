// How does a program run to its end? Its lines are logged, and whoever loses patience ends it.

import { spawn } from "node:child_process";
import type * as vscode from "vscode";

/** Runs a program; rejects when it cannot begin or ends with another code than 0. */
export function run(
  command: string,
  args: readonly string[],
  log: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
  onLine: (line: string) => void = () => undefined,
): Promise<void> {
  log.info(`running ${command} ${args.join(" ")}`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    const cancelling = token.onCancellationRequested(() => child.kill());
    const took = (text: Buffer): void => {
      for (const line of text.toString().split(/\r\n|\n|\r/).filter((each) => each.trim())) {
        log.info(line.trimEnd());
        onLine(line.trim());
      }
    };
    child.stdout.on("data", took);
    child.stderr.on("data", took);
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
