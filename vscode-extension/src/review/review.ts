// How does a person decide about a change? In the editor, hunk by hunk; the server writes what is kept.

import * as vscode from "vscode";
import { type Connection, isStale, reasonOf } from "../client";
import type { ChangeNotice, ChangeReady, Conflict, DecisionArguments, HunkReady, HunkView } from "../protocol";
import { Throttle } from "../throttle";
import { type Proposed, ReviewBook } from "./book";
import { Drawing } from "./drawing";
import { FileBadges } from "./badges";
import { ReviewLenses } from "./lenses";
import { Overview, PROPOSED, proposedPath } from "./overview";
import { showVerdict } from "./verdict";

const REDRAWS_PER_SECOND = 15;
const QUESTIONS_PER_SECOND = 4;

/** What is left to decide. */
export interface Waiting {
  readonly hunks: number;
  readonly taskIds: readonly string[];
}

/** All changes that wait, shown and decided. */
export class Review implements vscode.Disposable {
  private readonly book = new ReviewBook();
  private readonly drawing = new Drawing();
  private readonly redraw = new Throttle(REDRAWS_PER_SECOND, () => this.draw());
  private readonly ask = new Throttle(QUESTIONS_PER_SECOND, () => void this.askTyped());
  private readonly typedTasks = new Set<string>();
  private readonly ownTasks = new Set<string>();
  private readonly lenses: ReviewLenses;
  private readonly badges: FileBadges;
  private readonly overview: Overview;
  private readonly waits = new vscode.EventEmitter<Waiting>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onWaiting = this.waits.event;

  constructor(private readonly connection: Connection) {
    const root = connection.folder.uri;
    this.lenses = new ReviewLenses(this.book, (uri) => this.pathOf(uri));
    this.badges = new FileBadges(this.book, (uri) => this.pathOf(uri), root);
    this.overview = new Overview(root, this.book);
    this.subscriptions = [
      vscode.languages.registerCodeLensProvider([{ scheme: "file" }, { scheme: PROPOSED }], this.lenses),
      vscode.window.registerFileDecorationProvider(this.badges),
      vscode.window.onDidChangeVisibleTextEditors(() => this.redraw.ask()),
      vscode.workspace.onDidChangeTextDocument((event) => this.typed(event)),
      connection.onChange((notice) => void this.noticed(notice)),
    ];
  }

  /** Shows a hunk that a model has just written. */
  stream(taskId: string, label: string, event: HunkReady): void {
    this.book.stream(taskId, label, event.attempt, event.hunk);
    this.changed();
  }

  /** Shows a proposal of our own. */
  propose(label: string, event: ChangeReady): void {
    this.ownTasks.add(event.taskId);
    this.book.put({ ...event, label, proposer: "", pending: event.hunks });
    this.changed();
  }

  /** Takes away what was only streamed. */
  ended(taskId: string): void {
    this.book.dropStreamed(taskId);
    this.changed();
  }

  /** Asks the server anew for all that waits. */
  async reload(): Promise<void> {
    const { changes } = await this.connection.request("pairwright/changes", {});
    this.book.clear();
    for (const change of changes) {
      this.book.put({ ...change, proposer: this.proposerOf(change.taskId, change.proposer) });
    }
    this.changed();
  }

  clear(): void {
    this.book.clear();
    this.changed();
  }

  /** Writes hunks: the named one, else the one at the cursor. */
  async keep(target?: DecisionArguments): Promise<void> {
    const chosen = target ?? this.targetAtCursor();
    if (chosen) {
      await this.accept(chosen.taskId, chosen.hunkIds);
    }
  }

  async discard(target?: DecisionArguments, remark = ""): Promise<void> {
    const chosen = target ?? this.targetAtCursor();
    if (chosen) {
      await this.reject(chosen.taskId, chosen.hunkIds, remark);
    }
  }

  async discardWithRemark(target?: DecisionArguments): Promise<void> {
    const chosen = target ?? this.targetAtCursor();
    const remark = chosen && (await vscode.window.showInputBox({
      title: "Discard This Hunk",
      prompt: "Why? Whoever proposed it is told.",
    }));
    if (chosen && remark !== undefined) {
      await this.reject(chosen.taskId, chosen.hunkIds, remark);
    }
  }

  /** Decides about all hunks of a file, the active one if none is named, of each change by itself. */
  async decideFile(isKept: boolean, given?: DecisionArguments): Promise<void> {
    const path = given?.path ?? this.activePath();
    const byTask = new Map<string, string[]>();
    for (const { change, hunk } of path === undefined ? [] : this.book.hunksOf(path)) {
      byTask.set(change.taskId, [...(byTask.get(change.taskId) ?? []), hunk.hunkId]);
    }
    for (const [taskId, hunkIds] of byTask) {
      await (isKept ? this.accept(taskId, hunkIds) : this.reject(taskId, hunkIds));
    }
  }

  /** Decides about everything of the change at the cursor, else of the only one, else of a chosen one. */
  async decideAll(isKept: boolean): Promise<void> {
    const change = await this.chooseChange();
    if (change) {
      const hunkIds = isKept ? change.hunks.map((hunk) => hunk.hunkId) : undefined;
      await (isKept ? this.accept(change.taskId, hunkIds) : this.reject(change.taskId));
    }
  }

  /** Whether a hunk that is still to be decided fits the text no more. */
  get hasConflicts(): boolean {
    return this.book.all.some((change) => change.conflicts.length > 0);
  }

  /** Goes to the next hunk (1) or the one before (-1), into the next file where there is none. */
  async go(direction: 1 | -1): Promise<void> {
    const all = this.inOrder();
    const path = this.activePath() ?? "";
    const line = vscode.window.activeTextEditor?.selection.active.line ?? 0;
    const isAhead = (hunk: HunkView): boolean =>
      hunk.path === path ? (hunk.oldStart - line) * direction > 0 : hunk.path > path === direction > 0;
    const inDirection = direction > 0 ? all : [...all].reverse();
    const hunk = inDirection.find(isAhead) ?? inDirection[0];
    if (hunk) {
      await this.reveal(hunk);
    }
  }

  /** Goes to the first hunk, unless one is in sight. */
  async showFirst(taskId: string): Promise<void> {
    const hunks = this.book.find(taskId)?.hunks ?? [];
    const visible = new Set(vscode.window.visibleTextEditors.map((each) => this.pathOf(each.document.uri)));
    const hunk = hunks.find((each) => visible.has(each.path)) ?? hunks[0];
    if (hunk) {
      await this.reveal(hunk);
    }
  }

  showOverview(): Promise<void> {
    return this.overview.show();
  }

  /** Shows what the gate says of a change: the named one, else as for `decideAll`. */
  async showVerdict(target?: DecisionArguments): Promise<void> {
    const change = target ? this.book.find(target.taskId) : await this.chooseChange();
    if (change?.verdict) {
      await showVerdict(change.verdict, this.connection.folder.uri);
    } else if (change) {
      void vscode.window.showInformationMessage("The gate has not judged this change.");
    }
  }

  async showConflicts(): Promise<void> {
    const conflicts = this.book.all.flatMap((change) => change.conflicts);
    if (conflicts.length === 0) {
      void vscode.window.showInformationMessage("All hunks fit the text: nothing conflicts.");
      return;
    }
    const items = conflicts.map((conflict) => ({ label: conflict.path, detail: conflict.reason, conflict }));
    const only = items.length === 1 ? items[0] : undefined;
    const chosen = only ?? (await vscode.window.showQuickPick(items, { title: "Conflicts" }));
    if (chosen) {
      await this.overview.showConflict(chosen.conflict);
    }
  }

  dispose(): void {
    this.redraw.dispose();
    this.ask.dispose();
    for (const each of [...this.subscriptions, this.drawing, this.lenses, this.badges, this.overview, this.waits]) {
      each.dispose();
    }
  }

  private async accept(taskId: string, hunkIds: readonly string[] | undefined): Promise<void> {
    const approvedPaths = await this.approve(taskId, hunkIds);
    if (!approvedPaths) {
      return;
    }
    try {
      const hunks = hunkIds ? { hunkIds } : {};
      const result = await this.connection.request("pairwright/accept", { taskId, ...hunks, approvedPaths });
      this.left(taskId, result.pending, result.conflicts);
      for (const note of result.notes) {
        void vscode.window.showWarningMessage(`Kept, but: ${note}`);
      }
    } catch (error) {
      await this.refused(taskId, error);
    }
  }

  /** Asks for a yes to each file that needs one; undefined: no. */
  private async approve(taskId: string, hunkIds: readonly string[] | undefined): Promise<string[] | undefined> {
    const hunks = this.book.find(taskId)?.hunks ?? [];
    const asked = hunks.filter((hunk) => hunk.needsApproval && (hunkIds?.includes(hunk.hunkId) ?? true));
    const paths = [...new Set(asked.map((hunk) => hunk.path))];
    if (paths.length === 0) {
      return [];
    }
    const detail = `Builds, tests or assistants obey ${paths.join(", ")}. Keep the change to it?`;
    const answer = await vscode.window.showWarningMessage("This file steers programs", { modal: true, detail }, "Keep");
    return answer === "Keep" ? paths : undefined;
  }

  private async reject(taskId: string, hunkIds?: readonly string[], remark = ""): Promise<void> {
    try {
      const hunks = hunkIds ? { hunkIds } : {};
      const result = await this.connection.request("pairwright/reject", { taskId, ...hunks, remark });
      this.left(taskId, result.pending, result.conflicts);
    } catch (error) {
      await this.refused(taskId, error);
    }
  }

  private left(taskId: string, pending: readonly HunkView[], conflicts: readonly Conflict[]): void {
    const change = this.book.find(taskId);
    if (change) {
      this.book.put({ ...change, verdict: change.verdict ?? null, pending, conflicts });
      this.changed();
    }
  }

  private async refused(taskId: string, error: unknown): Promise<void> {
    const reason = reasonOf(error);
    await this.read(taskId);
    const answers = isStale(error) && this.hasConflicts ? ["Show the Conflict"] : [];
    const answer = await vscode.window.showWarningMessage(`Not done: ${reason}`, ...answers);
    if (answer) {
      await this.showConflicts();
    }
  }

  private async noticed(notice: ChangeNotice): Promise<void> {
    const isNew = this.book.find(notice.taskId) === undefined;
    await this.read(notice.taskId);
    const isOthers = this.proposerOf(notice.taskId, notice.proposer) !== "";
    if (isNew && isOthers && notice.state === "review" && notice.pending > 0) {
      const text = `${notice.proposer} proposes a change: ${notice.label}`;
      const answer = await vscode.window.showInformationMessage(text, "Review", "Later");
      if (answer === "Review") {
        await this.showFirst(notice.taskId);
      }
    }
  }

  private async read(taskId: string): Promise<void> {
    if (this.book.find(taskId)?.isStreaming) {
      return;
    }
    try {
      const view = await this.connection.request("pairwright/change", { taskId });
      this.book.put({ ...view, proposer: this.proposerOf(taskId, view.proposer) });
      this.changed();
    } catch {
      this.book.dropStreamed(taskId);
    }
  }

  private proposerOf(taskId: string, proposer: string): string {
    const isOurs = this.ownTasks.has(taskId) || proposer === vscode.env.appName;
    return isOurs ? "" : proposer;
  }

  private typed(event: vscode.TextDocumentChangeEvent): void {
    const path = this.pathOf(event.document.uri);
    if (path === undefined || event.contentChanges.length === 0) {
      return;
    }
    const touched = this.book.hunksOf(path).map(({ change }) => change);
    if (touched.length === 0) {
      return;
    }
    const fromBelow = [...event.contentChanges].sort((one, other) => other.rangeOffset - one.rangeOffset);
    for (const { range, text } of fromBelow) {
      this.book.typed(path, {
        startLine: range.start.line,
        startCharacter: range.start.character,
        endLine: range.end.line,
        endCharacter: range.end.character,
        addedLineEnds: (text.match(/\r\n|\n|\r/g) ?? []).length,
      });
    }
    for (const change of touched.filter((each) => !each.isStreaming)) {
      this.typedTasks.add(change.taskId);
    }
    this.changed();
    this.ask.ask();
  }

  private async askTyped(): Promise<void> {
    const tasks = [...this.typedTasks];
    this.typedTasks.clear();
    for (const taskId of tasks) {
      await this.read(taskId);
    }
  }

  private changed(): void {
    this.redraw.ask();
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const path = this.pathOf(editor.document.uri);
      if (path !== undefined) {
        this.drawing.draw(editor, this.book.hunksOf(path).map(({ hunk }) => hunk));
      }
    }
    this.lenses.refresh();
    this.badges.refresh();
    this.overview.refresh();
    this.waits.fire({ hunks: this.book.waiting, taskIds: this.book.waitingTasks });
  }

  private async reveal(hunk: HunkView): Promise<void> {
    if (hunk.fileChange === "create") {
      await this.overview.showNew(hunk.path);
      return;
    }
    const uri = vscode.Uri.joinPath(this.connection.folder.uri, hunk.path);
    const visible = vscode.window.visibleTextEditors.find((each) => each.document.uri.toString() === uri.toString());
    const viewColumn = visible?.viewColumn ?? vscode.ViewColumn.One;
    const editor = await vscode.window.showTextDocument(uri, { preview: true, viewColumn });
    const line = Math.min(hunk.oldStart, editor.document.lineCount - 1);
    editor.selection = new vscode.Selection(line, 0, line, 0);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private inOrder(): HunkView[] {
    return this.book.all
      .flatMap((change) => change.hunks)
      .sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : one.oldStart - other.oldStart));
  }

  private targetAtCursor(): DecisionArguments | undefined {
    const path = this.activePath();
    const line = vscode.window.activeTextEditor?.selection.active.line ?? 0;
    const hunks = path === undefined ? [] : this.book.hunksOf(path).filter(({ change }) => !change.isStreaming);
    const distance = (hunk: HunkView): number => {
      const end = hunk.oldStart + Math.max(hunk.oldLines.length - 1, 0);
      return line < hunk.oldStart ? hunk.oldStart - line : Math.max(0, line - end);
    };
    const nearest = [...hunks].sort((one, other) => distance(one.hunk) - distance(other.hunk))[0];
    return nearest && { taskId: nearest.change.taskId, hunkIds: [nearest.hunk.hunkId] };
  }

  private async chooseChange(): Promise<Proposed | undefined> {
    const changes = this.book.all.filter((change) => !change.isStreaming);
    const path = this.activePath();
    const here = changes.filter((change) => change.hunks.some((hunk) => hunk.path === path));
    const candidates = here.length > 0 ? here : changes;
    if (candidates.length <= 1) {
      return candidates[0];
    }
    const items = candidates.map((change) => ({ label: change.label, description: change.proposer, change }));
    return (await vscode.window.showQuickPick(items, { title: "Which change?" }))?.change;
  }

  private activePath(): string | undefined {
    const editor = vscode.window.activeTextEditor;
    return editor && (this.pathOf(editor.document.uri) ?? proposedPath(editor.document.uri));
  }

  private pathOf(uri: vscode.Uri): string | undefined {
    const root = this.connection.folder.uri;
    const isInside = uri.scheme === root.scheme && uri.path.startsWith(`${root.path}/`);
    return isInside ? uri.path.slice(root.path.length + 1) : undefined;
  }
}
