// How is a task run from the editor? Asked for, watched, cancelled, continued; one at a time.

import * as vscode from "vscode";
import { type Connection, isCancelled, isConnectionLost, isOverBudget, reasonOf } from "./client";
import { formatUsd } from "./money";
import type { LiveText } from "./live-text";
import type { Receipt, RunParams, RunResult, TaskEvent } from "./protocol";
import { beginRecord, endRecord, recordCost, recordEvent, type TaskRecord, type TaskState } from "./records";
import type { Review } from "./review/review";
import type { StatusBar } from "./status";

const MOST_RECORDS = 50;

/** Runs tasks, and remembers those of this window. */
export class Tasks implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private cancelling: vscode.CancellationTokenSource | undefined;
  private count = 0;
  private planText = "";
  private readonly listening: vscode.Disposable;
  readonly onChange = this.changes.event;
  records: readonly TaskRecord[] = [];
  /** Of the task that runs, once it has one. */
  taskId: string | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly status: StatusBar,
    private readonly review: Review,
    private readonly live: LiveText,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.listening = connection.onCost(({ taskId, taskUsd, taskUnpricedCalls }) => {
      if (taskId === this.taskId) {
        this.change((record) => recordCost(record, taskUsd, taskUnpricedCalls));
      }
    });
  }

  get isRunning(): boolean {
    return this.cancelling !== undefined;
  }

  /** Has a task done; undefined when it was cancelled, failed to begin, or may not run now. */
  run(label: string, params: RunParams): Promise<RunResult | undefined> {
    const settings = vscode.workspace.getConfiguration("pairwright", this.connection.folder.uri);
    return this.carryOut(label, "pairwright/run", { ...taskSettings(settings), ...params });
  }

  /** Takes the last stopped task further. */
  async continue(): Promise<RunResult | undefined> {
    const budgetUsd = await vscode.window.showInputBox({
      title: "Continue the Stopped Task",
      prompt: "What may it cost in all, in USD? Empty: as before.",
      validateInput: (text) => (/^(\d+(\.\d+)?)?$/.test(text) ? undefined : "An amount such as 0.50"),
    });
    if (budgetUsd === undefined) {
      return undefined;
    }
    return this.carryOut("continued task", "pairwright/continue", budgetUsd ? { budgetUsd } : {});
  }

  cancel(): void {
    this.cancelling?.cancel();
  }

  dispose(): void {
    this.cancel();
    this.listening.dispose();
    this.changes.dispose();
  }

  private async carryOut(
    label: string,
    method: "pairwright/run" | "pairwright/continue",
    params: RunParams | { budgetUsd?: string },
  ): Promise<RunResult | undefined> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage("This folder is not trusted: no model is asked about it.");
      return undefined;
    }
    if (this.cancelling) {
      void vscode.window.showInformationMessage("A task is running: cancel it first, or wait for it.");
      return undefined;
    }
    const cancelling = new vscode.CancellationTokenSource();
    this.cancelling = cancelling;
    this.begin(label);
    try {
      const onEvent = (event: TaskEvent): void => this.took(label, event);
      const result = await this.connection.runTask(method, params as RunParams, onEvent, cancelling.token);
      this.ended(result.state, { receipt: result.receipt, message: result.message });
      await this.tellResult(result);
      return result;
    } catch (error) {
      await this.failed(error);
      return undefined;
    } finally {
      cancelling.dispose();
      this.cancelling = undefined;
      this.taskId = undefined;
    }
  }

  private begin(label: string): void {
    this.count += 1;
    this.planText = "";
    const record = beginRecord(String(this.count), label, Date.now());
    this.records = [record, ...this.records].slice(0, MOST_RECORDS);
    this.status.tell({ what: "began" });
    this.changes.fire();
  }

  private took(label: string, event: TaskEvent): void {
    this.status.tell({ what: "event", event });
    this.change((record) => recordEvent(record, event, Date.now()));
    switch (event.kind) {
      case "taskStarted":
        this.taskId = event.taskId;
        this.log.info(`task ${event.taskId}: ${event.strategy}, ${event.strong} and ${event.weak}`);
        break;
      case "planDelta":
        this.planText += event.text;
        this.live.write("plan", this.planText);
        break;
      case "hunkReady":
        this.review.stream(this.taskId ?? "", label, event);
        break;
      case "changeReady":
        this.review.propose(label, event);
        break;
      case "costUpdated":
        this.status.tell({ what: "cost", cost: event });
        break;
      case "budgetNotice":
        void vscode.window.showWarningMessage(
          `${formatUsd(event.spentUsd)} of the ${event.cap}'s ${formatUsd(event.capUsd)} are spent.`,
        );
        break;
      case "modelReplaced":
        this.log.warn(`${event.model} is replaced by ${event.replacedBy}: ${event.reason}`);
        break;
      case "editRejected":
        this.log.info(`an edit of ${event.path} cannot be used: ${event.reason}`);
        break;
      default:
        break;
    }
  }

  private async tellResult(result: RunResult): Promise<void> {
    if (result.state === "review") {
      await this.review.showFirst(result.taskId);
      if (!result.isSound) {
        void vscode.window.showWarningMessage(`Look closely: ${result.message}`);
      }
    } else if (result.state === "failed") {
      const answers = result.canContinue ? ["Continue…"] : ["Show the Log"];
      const answer = await vscode.window.showErrorMessage(result.message, ...answers);
      if (answer === "Continue…") {
        void vscode.commands.executeCommand("pairwright.continue");
      } else if (answer) {
        this.log.show();
      }
    }
  }

  private async failed(error: unknown): Promise<void> {
    if (isCancelled(error)) {
      this.ended("cancelled", {});
      return;
    }
    const isLost = isConnectionLost(error);
    const message = isLost ? "The connection ended while the task ran; it is being made again." : reasonOf(error);
    this.log.error(message);
    this.ended("failed", { message }, isOverBudget(error));
    const canGoOn = isLost || isOverBudget(error);
    const answer = await vscode.window.showErrorMessage(message, ...(canGoOn ? ["Continue…"] : []));
    if (answer) {
      void vscode.commands.executeCommand("pairwright.continue");
    }
  }

  private ended(
    state: TaskState,
    more: { readonly receipt?: Receipt; readonly message?: string },
    isOver = false,
  ): void {
    if (this.taskId) {
      this.review.ended(this.taskId);
    }
    this.change((record) => endRecord(record, state, Date.now(), more));
    const failure = state === "failed" ? { failure: more.message ?? "it failed" } : {};
    const receipt = more.receipt ? { receipt: more.receipt } : {};
    const isOverBudget = isOver || more.receipt?.rungs.some((rung) => rung.outcome === "over_budget") === true;
    this.status.tell({ what: "ended", ...receipt, ...failure, isOverBudget: isOverBudget && state === "failed" });
  }

  private change(changed: (record: TaskRecord) => TaskRecord): void {
    const [last, ...others] = this.records;
    if (last) {
      this.records = [changed(last), ...others];
      this.changes.fire();
    }
  }
}

/** Returns what the settings say of every task; what is not set there, the server's own file says. */
export function taskSettings(settings: vscode.WorkspaceConfiguration): Partial<RunParams> {
  const text = (name: string): string => settings.get<string>(name, "").trim();
  const chosen: readonly [keyof RunParams, string][] = [
    ["strategy", text("strategy")],
    ["strong", text("models.strong")],
    ["weak", text("models.weak")],
    ["budgetUsd", text("budget.taskUsd")],
  ];
  const localOnly = settings.get<boolean>("disclosure.localOnly", false);
  return {
    ...Object.fromEntries(chosen.filter(([, value]) => value !== "")),
    ...(localOnly ? { localOnly } : {}),
  };
}
