// What does a command speak of? The lines that are selected, or what a light bulb was asked about.

import * as vscode from "vscode";
import type { CommandArguments, DiagnosedProblem, RunParams } from "./protocol";

/** Where a task is to work. */
export interface Focus {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  /** The fields of `RunParams` that say so. */
  readonly place: Pick<RunParams, "file" | "firstLine" | "lastLine">;
  readonly problems: readonly DiagnosedProblem[];
}

/** Returns the focus; undefined where no file of the folder is meant. */
export async function focusOf(
  root: vscode.Uri,
  given: CommandArguments | undefined,
): Promise<Focus | undefined> {
  const editor = vscode.window.activeTextEditor;
  const uri = given ? vscode.Uri.parse(given.uri) : editor?.document.uri;
  if (!uri || uri.scheme !== "file" || !uri.path.startsWith(`${root.path}/`)) {
    return undefined;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const range = given ? rangeOf(document, given) : await selectedRange(document, editor);
  const file = uri.path.slice(root.path.length + 1);
  const isWhole = range.start.line === 0 && range.end.line >= document.lineCount - 1;
  const lines = isWhole ? {} : { firstLine: range.start.line, lastLine: lastLineOf(range) };
  const problems = given?.problems?.length ? given.problems : problemsIn(document, range, file);
  return { document, range, place: { file, ...lines }, problems };
}

function rangeOf(document: vscode.TextDocument, given: CommandArguments): vscode.Range {
  const whole = new vscode.Range(0, 0, document.lineCount - 1, 0);
  if (!given.range) {
    return whole;
  }
  const { start, end } = given.range;
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** The selection; of a mere cursor the innermost symbol around it, else its line. */
async function selectedRange(
  document: vscode.TextDocument,
  editor: vscode.TextEditor | undefined,
): Promise<vscode.Range> {
  const selection = editor?.selection ?? new vscode.Selection(0, 0, 0, 0);
  if (!selection.isEmpty) {
    return selection;
  }
  const found = await vscode.commands
    .executeCommand<(vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    )
    .then((symbols) => symbols, () => undefined);
  const symbols = (found ?? []).filter((symbol) => "children" in symbol);
  return innermost(symbols, selection.active)?.range ?? document.lineAt(selection.active.line).range;
}

function innermost(
  symbols: readonly vscode.DocumentSymbol[],
  position: vscode.Position,
): vscode.DocumentSymbol | undefined {
  const around = symbols.find((symbol) => symbol.range.contains(position));
  return around && (innermost(around.children, position) ?? around);
}

function lastLineOf(range: vscode.Range): number {
  const endsBefore = range.end.character === 0 && range.end.line > range.start.line;
  return endsBefore ? range.end.line - 1 : range.end.line;
}

function problemsIn(document: vscode.TextDocument, range: vscode.Range, path: string): DiagnosedProblem[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter((each) => each.severity <= vscode.DiagnosticSeverity.Warning && each.range.intersection(range))
    .map((each) => ({
      path,
      line: each.range.start.line,
      message: each.message,
      rule: ruleOf(each.code),
      source: each.source ?? "",
    }));
}

function ruleOf(code: vscode.Diagnostic["code"]): string {
  if (code === undefined) {
    return "";
  }
  return String(typeof code === "object" ? code.value : code);
}
