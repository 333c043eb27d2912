// Hunks for tests: what is not said is empty.

import type { HunkView } from "../../src/protocol";

export function hunk(oldStart: number, oldLines: string[], newLines: string[], more: Partial<HunkView> = {}): HunkView {
  return {
    hunkId: `h${oldStart}`,
    path: "a.py",
    oldStart,
    oldLines: oldLines.map((line) => `${line}\n`),
    newStart: oldStart,
    newLines: newLines.map((line) => `${line}\n`),
    unified: "",
    fileChange: "modify",
    needsApproval: false,
    ...more,
  };
}
