// Where is a hunk after somebody typed? Moved along, or unsure until the server says. Pure.

import type { HunkView } from "../protocol";

/** A change of a text: what was replaced, and by how many lines. Positions count from zero. */
export interface TypedChange {
  readonly startLine: number;
  readonly startCharacter: number;
  readonly endLine: number;
  readonly endCharacter: number;
  /** How many line ends the new text has. */
  readonly addedLineEnds: number;
}

/** Returns the hunks that still have a place, moved; those that were typed into are left out. */
export function shift(hunks: readonly HunkView[], change: TypedChange): HunkView[] {
  const growth = change.addedLineEnds - (change.endLine - change.startLine);
  return hunks.flatMap((hunk) => {
    const end = hunk.oldStart + hunk.oldLines.length;
    if (isBefore(change, hunk.oldStart)) {
      return growth === 0 ? [hunk] : [{ ...hunk, oldStart: hunk.oldStart + growth }];
    }
    return change.startLine >= end ? [hunk] : [];
  });
}

/** Tells whether all that changed is above a line: up to its first character, and whole lines. */
function isBefore(change: TypedChange, line: number): boolean {
  if (change.endLine < line) {
    return true;
  }
  return change.endLine === line && change.endCharacter === 0 && (change.startLine < line || change.addedLineEnds > 0);
}

/** Returns a text with hunks applied that speak of it; one that does not fit is left out. */
export function applyHunks(text: string, hunks: readonly HunkView[]): string {
  const lines = splitLines(text);
  const fromBelow = [...hunks].sort((one, other) => other.oldStart - one.oldStart);
  for (const hunk of fromBelow) {
    const standing = lines.slice(hunk.oldStart, hunk.oldStart + hunk.oldLines.length);
    if (standing.join("") === hunk.oldLines.join("")) {
      lines.splice(hunk.oldStart, hunk.oldLines.length, ...hunk.newLines);
    }
  }
  return lines.join("");
}

/** Returns the lines of a text, each with its end. */
export function splitLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}
