// What belongs to one folder? Its connection, and all that shows or uses it, put together once.

import * as vscode from "vscode";
import { Connection, reasonOf } from "./client";
import { CostPanel } from "./cost/panel";
import { install, offerInstall } from "./install";
import { Keys } from "./keys";
import { LiveText } from "./live-text";
import { EditorModels } from "./lending/editor-models";
import { announceMcp } from "./mcp";
import { ModelChooser } from "./models";
import { PLAN_SCHEME, PlanFiles } from "./plan/documents";
import { PlanLenses } from "./plan/lenses";
import { PlanTree, TaskTree } from "./plan/trees";
import { Review } from "./review/review";
import { StatusBar } from "./status";
import { Tasks } from "./tasks";
import { mismatchOf } from "./versions";

/** Everything of one folder. */
export class Session implements vscode.Disposable {
  readonly connection: Connection;
  readonly status: StatusBar;
  readonly review: Review;
  readonly tasks: Tasks;
  readonly live = new LiveText();
  readonly plans: PlanFiles;
  readonly costs: CostPanel;
  readonly keys: Keys;
  readonly models: ModelChooser;
  private readonly editorModels: EditorModels;
  private readonly planTree: PlanTree;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    readonly context: vscode.ExtensionContext,
    folder: vscode.WorkspaceFolder,
    readonly log: vscode.LogOutputChannel,
  ) {
    this.connection = new Connection(folder, context.globalStorageUri, log);
    this.status = new StatusBar(this.connection);
    this.review = new Review(this.connection);
    this.tasks = new Tasks(this.connection, this.status, this.review, this.live, log);
    this.plans = new PlanFiles(this.connection);
    this.planTree = new PlanTree(this.connection, this.plans);
    this.costs = new CostPanel(this.connection, context.extensionUri);
    this.keys = new Keys(context, this.connection, log);
    this.editorModels = new EditorModels(context, this.connection, () => this.tasks.isRunning, log);
    this.models = new ModelChooser(this.connection, this.editorModels, log);
    this.subscriptions = [...this.joined(), ...this.shown()];
  }

  /** Connects, and offers to install what is missing. */
  async start(): Promise<void> {
    await this.connection.start();
    if (this.status.state.connection === "missing" && vscode.workspace.isTrusted) {
      if (await offerInstall(this.context.globalStorageUri, this.log)) {
        await this.connection.restart();
      }
    }
  }

  async install(): Promise<void> {
    if (await install(this.context.globalStorageUri, this.log)) {
      await this.connection.restart();
    }
  }

  /** Does something that may fail, and says why when it does. */
  async guarded(act: () => unknown): Promise<unknown> {
    try {
      return await act();
    } catch (error) {
      this.log.error(reasonOf(error));
      void vscode.window.showErrorMessage(`Pairwright: ${reasonOf(error)}`);
      return undefined;
    }
  }

  dispose(): void {
    const parts = [this.tasks, this.review, this.status, this.plans, this.planTree, this.costs, this.live, this.editorModels];
    for (const part of [...this.subscriptions, ...parts, this.connection]) {
      part.dispose();
    }
  }

  /** Who hears of whom. */
  private joined(): vscode.Disposable[] {
    return [
      this.connection.onState(({ state, problem }) => {
        this.status.tell({ what: "connection", connection: state, problem });
        if (state === "ready") {
          void this.guarded(() => this.connected());
        } else if (state !== "starting") {
          this.review.clear();
        }
        if (state === "failed") {
          void this.guarded(() => this.tellFailure(problem));
        }
      }),
      this.connection.onCost((cost) => this.status.tell({ what: "cost", cost })),
      this.review.onWaiting(({ hunks, taskIds }) => {
        const { waiting, waitingTasks } = this.status.state;
        if (hunks !== waiting || taskIds.join() !== waitingTasks.join()) {
          this.status.tell({ what: "waiting", hunks, taskIds });
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.connection.restart()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("pairwright.server")) {
          void this.connection.restart();
        }
      }),
    ];
  }

  /** What is seen beside the status bar and the review. */
  private shown(): vscode.Disposable[] {
    return [
      vscode.window.registerTreeDataProvider("pairwright.tasks", new TaskTree(this.tasks)),
      vscode.window.registerTreeDataProvider("pairwright.plans", this.planTree),
      vscode.languages.registerCodeLensProvider({ scheme: PLAN_SCHEME }, new PlanLenses(this.plans)),
      announceMcp(this.connection, this.context.globalStorageUri),
    ];
  }

  private async connected(): Promise<void> {
    void this.warnOfVersions();
    await this.keys.giveAll();
    void this.editorModels.lend(true);
    this.planTree.refresh();
    await this.review.reload();
    await this.connection.waitForIndex(({ files, pending }) =>
      this.status.tell({ what: "indexing", files, pending }),
    );
    this.status.tell({ what: "indexing", files: 0, pending: 0 });
  }

  private async tellFailure(problem: string): Promise<void> {
    const answer = await vscode.window.showErrorMessage(`Pairwright: ${problem}`, "Restart", "Show the Log");
    if (answer === "Restart") {
      await this.connection.restart();
    } else if (answer) {
      this.log.show();
    }
  }

  private async warnOfVersions(): Promise<void> {
    const { version } = this.context.extension.packageJSON as { version: string };
    const mismatch = mismatchOf(version, this.connection.serverVersion);
    if (!mismatch) {
      return;
    }
    this.log.warn(mismatch);
    const answers = this.connection.server?.isPrivate ? ["Update the Server"] : [];
    if (await vscode.window.showWarningMessage(mismatch, ...answers)) {
      await this.install();
    }
  }
}
