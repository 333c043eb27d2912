// Where are a change's lines drawn? Removed ones where they stand, new ones beside them. Pure.
//
// An editor has no room between its lines for text that is not in the file. So each new line is
// shown to the right of the lines that it replaces, in one column, and where a hunk is longer than
// the place up to the next one, the rest is counted.

import type { HunkView } from "../protocol";

/** What is drawn of a text's hunks. Lines count from zero. */
export interface Layout {
  /** Removed lines, as half-open ranges. */
  readonly removed: readonly { readonly start: number; readonly end: number }[];
  readonly added: readonly AddedLine[];
  /** Lines above which the buttons of a hunk stand. */
  readonly anchors: readonly { readonly hunkId: string; readonly line: number }[];
}

/** A new line, drawn behind the end of a line that stands in the file. */
export interface AddedLine {
  readonly line: number;
  readonly text: string;
  /** Columns between the end of the line and the new text. */
  readonly gap: number;
  /** Columns that the new text fills, so that the block has one width. */
  readonly width: number;
  /** Whether it only says how many more lines there are. */
  readonly isCount: boolean;
}

/** What the layout needs to know of the text. */
export interface TextShape {
  readonly lineCount: number;
  /** The columns that a line fills. */
  columns(line: number): number;
  readonly tabSize: number;
}

const GAP = 4;
const MOST_WIDTH = 120;

/** Returns where the hunks of one text are drawn. */
export function layOut(hunks: readonly HunkView[], shape: TextShape): Layout {
  const inOrder = [...hunks].sort((one, other) => one.oldStart - other.oldStart);
  const removed = [];
  const added: AddedLine[] = [];
  const anchors = [];
  for (const [at, hunk] of inOrder.entries()) {
    const anchor = anchorLine(hunk, shape.lineCount);
    anchors.push({ hunkId: hunk.hunkId, line: anchor });
    const end = Math.min(hunk.oldStart + hunk.oldLines.length, shape.lineCount);
    if (end > hunk.oldStart) {
      removed.push({ start: hunk.oldStart, end });
    }
    const next = inOrder[at + 1];
    const limit = next ? Math.max(anchorLine(next, shape.lineCount), anchor + 1) : shape.lineCount;
    added.push(...block(hunk, anchor, limit - anchor, shape));
  }
  return { removed, added, anchors };
}

/** Returns the line at which a hunk is drawn: its first, or the last of the text. */
export function anchorLine(hunk: HunkView, lineCount: number): number {
  return Math.max(0, Math.min(hunk.oldStart, lineCount - 1));
}

function block(hunk: HunkView, first: number, room: number, shape: TextShape): AddedLine[] {
  const texts = hunk.newLines.map((line) => expandTabs(withoutEnd(line), shape.tabSize));
  const shown = texts.length <= room ? texts : texts.slice(0, Math.max(0, room - 1));
  const hidden = texts.length - shown.length;
  const rows = shown.map((text) => ({ text: clipped(text), isCount: false }));
  if (hidden > 0) {
    rows.push({ text: `⋯ ${hidden} more line${hidden === 1 ? "" : "s"}`, isCount: true });
  }
  const edge = Math.max(0, ...rows.map((_, row) => shape.columns(first + row))) + GAP;
  const width = Math.max(0, ...rows.map((row) => row.text.length));
  return rows.map((row, at) => ({
    line: first + at,
    text: row.text,
    gap: edge - shape.columns(first + at),
    width,
    isCount: row.isCount,
  }));
}

function clipped(text: string): string {
  return text.length > MOST_WIDTH ? `${text.slice(0, MOST_WIDTH - 1)}…` : text;
}

/** Returns a line without its end. */
export function withoutEnd(line: string): string {
  return line.replace(/(\r\n|\n|\r)$/, "");
}

/** Returns text with spaces for its tabs. */
export function expandTabs(text: string, tabSize: number): string {
  let column = 0;
  let shown = "";
  for (const letter of text) {
    const added = letter === "\t" ? " ".repeat(tabSize - (column % tabSize)) : letter;
    shown += added;
    column += added.length;
  }
  return shown;
}
