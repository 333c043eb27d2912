// What is a hunk in a few words? How large it is, and what becomes of a whole file. Pure.

import type { HunkView } from "../protocol";

/** Returns such as `+3 −1`, or `new file, +12`. */
export function wordsOf(hunk: HunkView): string {
  const added = hunk.newLines.length > 0 ? `+${hunk.newLines.length}` : "";
  const removed = hunk.oldLines.length > 0 ? `−${hunk.oldLines.length}` : "";
  const size = [added, removed].filter(Boolean).join(" ");
  return [fateOf(hunk), size].filter(Boolean).join(", ");
}

function fateOf(hunk: HunkView): string {
  switch (hunk.fileChange) {
    case "create":
      return "new file";
    case "delete":
      return "deletes the file";
    case "rename":
      return `renames the file to ${hunk.newPath ?? "another name"}`;
    default:
      return "";
  }
}
