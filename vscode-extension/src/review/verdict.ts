// What does the gate say of a change? A list of all of it; places that may break can be gone to.

import * as vscode from "vscode";
import type { VerdictView } from "../protocol";
import { sayingsOf } from "./words";

/** Shows the list, until something is chosen or it is closed. */
export async function showVerdict(verdict: VerdictView, root: vscode.Uri): Promise<void> {
  const items = sayingsOf(verdict).map(({ text, detail, place }) => ({ label: text, detail, place }));
  const title = verdict.isSound ? "The gate found nothing wrong" : "The gate is not content";
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen?.place) {
    const { path, line } = chosen.place;
    const selection = new vscode.Range(line, 0, line, 0);
    await vscode.window.showTextDocument(vscode.Uri.joinPath(root, path), { selection });
  }
}
