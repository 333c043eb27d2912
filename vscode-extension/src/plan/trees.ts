// Which tasks and plans are there? Two trees: what this window did, and what the daemon keeps.

import * as vscode from "vscode";
import type { Connection } from "../client";
import { counted } from "../counting";
import { formatUsd } from "../money";
import type { PlanStep, PlanSummary } from "../protocol";
import { formatDuration, type StepRecord, type TaskRecord, tookOf } from "../records";
import type { Tasks } from "../tasks";
import { type PlanFiles, planUri } from "./documents";

type TaskNode = { readonly task: TaskRecord } | { readonly step: StepRecord; readonly key: string };

const TASK_ICONS = {
  running: "sync~spin",
  review: "eye",
  planned: "list-ordered",
  answered: "comment",
  failed: "error",
  cancelled: "circle-slash",
} as const;
const STEP_ICONS = { running: "sync~spin", done: "check", failed: "close" } as const;

/** The tasks of this window, each with its steps. */
export class TaskTree implements vscode.TreeDataProvider<TaskNode> {
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(private readonly tasks: Tasks) {
    this.onDidChangeTreeData = tasks.onChange;
  }

  getChildren(node?: TaskNode): TaskNode[] {
    if (!node) {
      return this.tasks.records.map((task) => ({ task }));
    }
    return "task" in node ? node.task.steps.map((step, at) => ({ step, key: `${node.task.key}.${at}` })) : [];
  }

  getTreeItem(node: TaskNode): vscode.TreeItem {
    return "task" in node ? taskItem(node.task) : stepItem(node.step, node.key);
  }
}

function taskItem(task: TaskRecord): vscode.TreeItem {
  const item = new vscode.TreeItem(task.label, vscode.TreeItemCollapsibleState.Expanded);
  const cost = task.receipt ? [formatUsd(task.receipt.costUsd, task.receipt.unpricedCalls)] : [];
  const time = task.endedAt === undefined ? [] : [formatDuration(task.endedAt - task.startedAt)];
  item.id = task.key;
  item.description = [task.state, ...cost, ...time].join(" · ");
  item.iconPath = new vscode.ThemeIcon(TASK_ICONS[task.state]);
  item.tooltip = task.message ?? task.label;
  item.contextValue = "task";
  return item;
}

function stepItem(step: StepRecord, key: string): vscode.TreeItem {
  const item = new vscode.TreeItem(step.label);
  item.id = key;
  item.description = [step.detail, tookOf(step)].filter(Boolean).join(" · ");
  item.iconPath = new vscode.ThemeIcon(STEP_ICONS[step.state]);
  item.tooltip = item.description;
  return item;
}

/** A plan, or one of its steps; what commands of the tree are called with. */
export type PlanNode =
  | { readonly plan: PlanSummary }
  | { readonly step: PlanStep; readonly uri: vscode.Uri; readonly number: number };

/** The daemon's plans, each with its steps. */
export class PlanTree implements vscode.TreeDataProvider<PlanNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly listening: vscode.Disposable;
  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly connection: Connection,
    files: PlanFiles,
  ) {
    this.listening = files.onChange(() => this.refresh());
  }

  refresh(): void {
    this.changes.fire();
  }

  async getChildren(node?: PlanNode): Promise<PlanNode[]> {
    if (!this.connection.isReady) {
      return [];
    }
    if (!node) {
      const { plans } = await this.connection.request("pairwright/plan/list", {});
      return plans.map((plan) => ({ plan }));
    }
    if (!("plan" in node)) {
      return [];
    }
    const { planId } = node.plan;
    const view = await this.connection.request("pairwright/plan/get", { planId });
    return view.steps.map((step, at) => ({ step, uri: planUri(planId), number: at + 1 }));
  }

  getTreeItem(node: PlanNode): vscode.TreeItem {
    return "plan" in node ? planItem(node.plan) : planStepItem(node.step);
  }

  dispose(): void {
    this.listening.dispose();
    this.changes.dispose();
  }
}

function planItem(plan: PlanSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(plan.title, vscode.TreeItemCollapsibleState.Collapsed);
  const cost = plan.costUsd === undefined ? [] : [formatUsd(plan.costUsd, plan.unpricedCalls)];
  const errors = plan.errorCount > 0 ? [counted(plan.errorCount, "error")] : [];
  item.description = [counted(plan.stepCount, "step"), plan.origin, ...cost, ...errors].join(" · ");
  item.iconPath = new vscode.ThemeIcon(plan.errorCount > 0 ? "warning" : "list-ordered");
  item.contextValue = "plan";
  item.command = { title: "Open", command: "pairwright.openPlan", arguments: [plan.planId] };
  return item;
}

function planStepItem(step: PlanStep): vscode.TreeItem {
  const item = new vscode.TreeItem(step.intent);
  const cost = step.estimateUsd === undefined ? [] : [`about ${formatUsd(step.estimateUsd)}`];
  const skipped = step.isSkipped ? ["skipped"] : [];
  item.description = [...skipped, step.tier, ...cost, ...step.files].join(" · ");
  item.iconPath = new vscode.ThemeIcon(step.isSkipped ? "circle-slash" : "circle-outline");
  item.contextValue = "step";
  return item;
}
