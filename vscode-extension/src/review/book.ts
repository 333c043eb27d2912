// Which changes wait for a decision, and what is left of each? Knows no editor. Pure.

import type { ChangeView, Conflict, HunkView, VerdictView } from "../protocol";
import { shift, type TypedChange } from "./shifting";

/** A change, from its first hunk until the last one is decided. */
export interface Proposed {
  readonly taskId: string;
  readonly label: string;
  readonly proposer: string;
  /** Absent while a model still writes. */
  readonly verdict?: VerdictView;
  readonly hunks: readonly HunkView[];
  readonly conflicts: readonly Conflict[];
  readonly isStreaming: boolean;
}

/** All changes, oldest first. */
export class ReviewBook {
  private readonly changes = new Map<string, Proposed>();
  private streamedAttempt = 0;

  get all(): readonly Proposed[] {
    return [...this.changes.values()];
  }

  /** How many hunks can be decided. */
  get waiting(): number {
    const decidable = this.all.filter((change) => !change.isStreaming);
    return decidable.reduce((count, change) => count + change.hunks.length + openConflicts(change), 0);
  }

  /** The tasks whose hunks can be decided. */
  get waitingTasks(): readonly string[] {
    return this.all.filter((change) => !change.isStreaming).map((change) => change.taskId);
  }

  find(taskId: string): Proposed | undefined {
    return this.changes.get(taskId);
  }

  /** Returns the hunks of a file, each with its change. */
  hunksOf(path: string): { change: Proposed; hunk: HunkView }[] {
    return this.all.flatMap((change) =>
      change.hunks.filter((hunk) => hunk.path === path).map((hunk) => ({ change, hunk })),
    );
  }

  /** Takes in a hunk that a model has just written; those of an earlier attempt are gone. */
  stream(taskId: string, label: string, attempt: number, hunk: HunkView): void {
    const present = this.changes.get(taskId);
    const isSameAttempt = present?.isStreaming === true && attempt === this.streamedAttempt;
    const hunks = isSameAttempt ? [...present.hunks, hunk] : [hunk];
    this.streamedAttempt = attempt;
    this.changes.set(taskId, { taskId, label, proposer: "", hunks, conflicts: [], isStreaming: true });
  }

  /** Lets go of what was streamed of a task that ended without a proposal. */
  dropStreamed(taskId: string): void {
    if (this.changes.get(taskId)?.isStreaming) {
      this.changes.delete(taskId);
    }
  }

  /** Takes in what the server says is left. */
  put(view: Pick<ChangeView, "taskId" | "label" | "proposer" | "verdict" | "pending" | "conflicts">): void {
    const conflicts = view.conflicts;
    if (view.pending.length === 0 && !conflicts.some((conflict) => conflict.hunkId)) {
      this.changes.delete(view.taskId);
      return;
    }
    this.changes.set(view.taskId, {
      taskId: view.taskId,
      label: view.label,
      proposer: view.proposer,
      ...(view.verdict ? { verdict: view.verdict } : {}),
      hunks: view.pending,
      conflicts,
      isStreaming: false,
    });
  }

  /** Moves the hunks of a file along with what somebody typed. */
  typed(path: string, change: TypedChange): void {
    for (const proposed of this.all) {
      const ofFile = proposed.hunks.filter((hunk) => hunk.path === path);
      if (ofFile.length > 0) {
        const others = proposed.hunks.filter((hunk) => hunk.path !== path);
        const hunks = [...others, ...shift(ofFile, change)];
        this.changes.set(proposed.taskId, { ...proposed, hunks });
      }
    }
  }

  clear(): void {
    this.changes.clear();
  }
}

function openConflicts(change: Proposed): number {
  return change.conflicts.filter((conflict) => conflict.hunkId).length;
}
