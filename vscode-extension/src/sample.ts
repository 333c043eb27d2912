// On what can a first edit be tried? On a small file that is written into the folder, after a yes.

import * as vscode from "vscode";

const NAME = "pairwright_sample.py";
const TEXT = `"""A sample: the total is selected, so say what should become of it. Delete the file afterwards."""


def total(prices):
    result = 0
    for price in prices:
        result = result + price
    return result


print(total([1.50, 2.25]))
`;
const FIRST_LINE = 3;
const LAST_LINE = 7;

/** Opens the sample with its function selected; writes it where it is not there. */
export async function openSample(folder: vscode.WorkspaceFolder): Promise<void> {
  const uri = vscode.Uri.joinPath(folder.uri, NAME);
  if (!(await exists(uri))) {
    const detail = `${NAME} is written into ${folder.name}. Nothing else is touched.`;
    const answer = await vscode.window.showInformationMessage("Try it on a sample?", { modal: true, detail }, "Write It");
    if (answer !== "Write It") {
      return;
    }
    await vscode.workspace.fs.writeFile(uri, Buffer.from(TEXT));
  }
  const editor = await vscode.window.showTextDocument(uri);
  const last = Math.min(LAST_LINE, editor.document.lineCount - 1);
  const end = editor.document.lineAt(last).range.end;
  editor.selection = new vscode.Selection(new vscode.Position(Math.min(FIRST_LINE, last), 0), end);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
