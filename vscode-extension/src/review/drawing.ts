// How does a change look in an editor? Removed lines are marked, new ones stand beside them.

import * as vscode from "vscode";
import type { HunkView } from "../protocol";
import { type AddedLine, expandTabs, type Layout, layOut, type TextShape } from "./layout";

const NO_BREAK_SPACE = "\u00a0";

/** Draws hunks into editors; nothing of it is in the text. */
export class Drawing implements vscode.Disposable {
  private readonly removed = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("pairwright.removedLineBackground"),
    textDecoration: "line-through",
    borderColor: new vscode.ThemeColor("pairwright.hunkBorder"),
    borderStyle: "solid",
    borderWidth: "0 0 0 2px",
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.deletedForeground"),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private readonly added = vscode.window.createTextEditorDecorationType({
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.addedForeground"),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  private readonly whole = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  draw(editor: vscode.TextEditor, hunks: readonly HunkView[]): void {
    const layout = layOut(hunks, shapeOf(editor));
    const removed = layout.removed.map(
      ({ start, end }) => new vscode.Range(start, 0, end - 1, editor.document.lineAt(end - 1).text.length),
    );
    const showsNew = vscode.workspace.getConfiguration("pairwright").get("review.showNewLines", true);
    const added = showsNew ? layout.added.map((line) => optionsOf(editor.document, line)) : [];
    editor.setDecorations(this.removed, removed);
    editor.setDecorations(this.added, added);
    editor.setDecorations(this.whole, layout.anchors.map((anchor) => hoverOf(editor.document, anchor, hunks)));
  }

  dispose(): void {
    this.removed.dispose();
    this.added.dispose();
    this.whole.dispose();
  }
}

function shapeOf(editor: vscode.TextEditor): TextShape {
  const { document } = editor;
  const tabSize = typeof editor.options.tabSize === "number" ? editor.options.tabSize : 4;
  return {
    lineCount: document.lineCount,
    tabSize,
    columns: (line) =>
      line < document.lineCount ? expandTabs(document.lineAt(line).text, tabSize).length : 0,
  };
}

/** The hunk as a diff, for whoever points at it, and for screen readers. */
function hoverOf(
  document: vscode.TextDocument,
  anchor: Layout["anchors"][number],
  hunks: readonly HunkView[],
): vscode.DecorationOptions {
  const hunk = hunks.find((each) => each.hunkId === anchor.hunkId);
  const hoverMessage = new vscode.MarkdownString().appendCodeblock(hunk?.unified ?? "", "diff");
  return { range: document.lineAt(anchor.line).range, hoverMessage };
}

function optionsOf(document: vscode.TextDocument, added: AddedLine): vscode.DecorationOptions {
  const end = document.lineAt(Math.min(added.line, document.lineCount - 1)).range.end;
  const sign = added.isCount ? " " : "+";
  const padded = ` ${sign} ${added.text.padEnd(added.width)} `.replaceAll(" ", NO_BREAK_SPACE);
  return {
    range: new vscode.Range(end, end),
    renderOptions: {
      after: {
        contentText: padded,
        margin: `0 0 0 ${added.gap}ch`,
        color: new vscode.ThemeColor("pairwright.addedLineForeground"),
        backgroundColor: new vscode.ThemeColor("pairwright.addedLineBackground"),
        border: "1px solid",
        borderColor: new vscode.ThemeColor("pairwright.hunkBorder"),
        ...(added.isCount ? { fontStyle: "italic" } : {}),
      },
    },
  };
}
