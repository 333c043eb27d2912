// How does the extension speak to the daemon? Through `pairwright lsp`, with our methods typed.

import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import {
  CloseAction,
  CodeLensRequest,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  ProgressType,
  ResponseError,
  type StaticFeature,
  State as ClientState,
} from "vscode-languageclient/node";
import { Crashes } from "./crashes";
import type {
  AskDelta,
  AskParams,
  AskResult,
  ChangeNotice,
  CostNotice,
  IndexProgress,
  Requests,
  RunResult,
  TaskEvent,
} from "./protocol";
import { findServer, type ServerCommand } from "./server";

const CANCELLED = -32800;
const CONNECTION_LOST: readonly number[] = [-32097, -32099];
const STALE = -32801;

type FeatureOfClient = Parameters<LanguageClient["registerFeature"]>[0];

/** What we do ourselves: commands ask in our words, and the review has buttons of its own. */
const OURS: readonly string[] = [ExecuteCommandRequest.method, CodeLensRequest.method];

/** The library's client, without what is ours. */
class QuietClient extends LanguageClient {
  override registerFeature(feature: FeatureOfClient): void {
    const isOurs = "registrationType" in feature && OURS.includes(feature.registrationType.method);
    if (!isOurs) {
      super.registerFeature(feature);
    }
  }

  /** Logs; what a person should know of it, the session says in its words. */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** Tells the server what we do in its place: ask for instructions, and show changes for review. */
const ABILITIES: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    const ours = { instruction: true, review: true };
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), pairwright: ours };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

/** Asks a model of the editor; the pieces of its answer are sent on in their order. */
export type Asker = (
  params: AskParams,
  send: (text: string) => Promise<void>,
  token: vscode.CancellationToken,
) => Promise<AskResult>;

const NOT_LENT: AskResult = { failure: "notFound" };

/** What becomes of the connection, for whoever shows it. */
export type ConnectionState = "off" | "starting" | "ready" | "missing" | "failed";

/** The one connection to the folder's daemon. */
export class Connection implements vscode.Disposable {
  private readonly states = new vscode.EventEmitter<{ state: ConnectionState; problem: string }>();
  private readonly costs = new vscode.EventEmitter<CostNotice>();
  private readonly notices = new vscode.EventEmitter<ChangeNotice>();
  private client: LanguageClient | undefined;
  private starting: Promise<boolean> | undefined;
  private restarting: Promise<boolean> | undefined;
  private readonly crashes = new Crashes();
  private hasAnswered = false;
  readonly onState = this.states.event;
  readonly onCost = this.costs.event;
  readonly onChange = this.notices.event;
  /** Who asks the editor's models for the daemon, if anybody does. */
  asker: Asker | undefined;
  /** What was started last. */
  server: ServerCommand | undefined;

  constructor(
    readonly folder: vscode.WorkspaceFolder,
    private readonly storage: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get isReady(): boolean {
    return this.client?.state === ClientState.Running;
  }

  /** Of the server that answers; undefined while none does. */
  get serverVersion(): string | undefined {
    return this.client?.initializeResult?.serverInfo?.version;
  }

  /** Starts, or waits for the start under way; returns whether there is a connection. */
  start(): Promise<boolean> {
    this.starting ??= this.startOnce().finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  /** Ends and starts it, or waits for the restart under way. */
  restart(): Promise<boolean> {
    this.restarting ??= this.restartOnce().finally(() => {
      this.restarting = undefined;
    });
    return this.restarting;
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client) {
      this.states.fire({ state: "off", problem: "" });
      await client.dispose(2000).catch(() => undefined);
    }
  }

  /** Asks one of our methods. */
  async request<M extends keyof Requests>(
    method: M,
    params: Requests[M]["params"],
    token?: vscode.CancellationToken,
  ): Promise<Requests[M]["result"]> {
    if (!this.client) {
      throw new Error("Pairwright is not connected");
    }
    // A token that is undefined would count as one more parameter.
    return token
      ? this.client.sendRequest<Requests[M]["result"]>(method, params, token)
      : this.client.sendRequest<Requests[M]["result"]>(method, params);
  }

  /** Has the server carry out one of its own commands. */
  async execute(command: string, args: unknown[]): Promise<unknown> {
    if (!this.client) {
      throw new Error("Pairwright is not connected");
    }
    return this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
  }

  /** Has a task done; its events come in order, before the result. */
  async runTask<M extends "pairwright/run" | "pairwright/continue">(
    method: M,
    params: Requests[M]["params"],
    onEvent: (event: TaskEvent) => void,
    token: vscode.CancellationToken,
  ): Promise<RunResult> {
    return this.withProgress<TaskEvent, RunResult>(onEvent, (partialResultToken) =>
      this.request(method, { ...params, partialResultToken }, token),
    );
  }

  /** Waits until every file is read. */
  async waitForIndex(onProgress: (progress: IndexProgress) => void): Promise<void> {
    await this.withProgress<IndexProgress, unknown>(onProgress, (partialResultToken) =>
      this.request("pairwright/index", { partialResultToken }),
    );
  }

  dispose(): void {
    void this.stop();
    this.states.dispose();
    this.costs.dispose();
    this.notices.dispose();
  }

  private async withProgress<E, R>(
    onEvent: (event: E) => void,
    ask: (token: string) => Promise<R>,
  ): Promise<R> {
    const token = randomUUID();
    const listening = this.client?.onProgress(new ProgressType<E>(), token, onEvent);
    try {
      return await ask(token);
    } finally {
      listening?.dispose();
    }
  }

  private async restartOnce(): Promise<boolean> {
    await this.starting;
    await this.stop();
    this.crashes.forget();
    return this.start();
  }

  private async startOnce(): Promise<boolean> {
    if (this.isReady) {
      return true;
    }
    this.hasAnswered = false;
    this.states.fire({ state: "starting", problem: "" });
    const server = await findServer(this.folder, this.storage);
    this.server = server;
    if (!server) {
      this.states.fire({ state: "missing", problem: "no server was found" });
      return false;
    }
    this.log.info(`server: ${server.command} from ${server.source}`);
    const client = this.makeClient(server);
    this.client = client;
    this.listen(client);
    try {
      await client.start();
      return true;
    } catch (error) {
      const problem = `${server.command} did not answer: ${reasonOf(error)}`;
      this.log.error(problem);
      this.client = undefined;
      this.states.fire({ state: "failed", problem });
      return false;
    }
  }

  private makeClient(server: ServerCommand): LanguageClient {
    const args = [...server.args, "lsp", "--workspace", this.folder.uri.fsPath];
    const options: LanguageClientOptions = {
      documentSelector: [{ scheme: "file" }],
      workspaceFolder: this.folder,
      outputChannel: this.log,
      revealOutputChannelOn: 4, // Never: what a person should know, we say.
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.afterCrash(),
      },
      initializationFailedHandler: () => false,
      middleware: {
        // The status bar tells how far the index is.
        handleWorkDoneProgress: () => undefined,
      },
    };
    const executable = { command: server.command, args, options: { cwd: this.folder.uri.fsPath } };
    const client = new QuietClient("pairwright", "Pairwright", executable, options);
    client.registerFeature(ABILITIES);
    return client;
  }

  private listen(client: LanguageClient): void {
    client.onNotification("pairwright/cost", (notice: CostNotice) => this.costs.fire(notice));
    client.onNotification("pairwright/change", (notice: ChangeNotice) => this.notices.fire(notice));
    client.onRequest("pairwright/ask", (params: AskParams, token: vscode.CancellationToken) => {
      const send = (text: string): Promise<void> =>
        client.sendProgress(new ProgressType<AskDelta>(), params.partialResultToken, { text });
      return this.asker?.(params, send, token) ?? NOT_LENT;
    });
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) {
        return;
      }
      if (newState === ClientState.Running) {
        this.hasAnswered = true;
        this.states.fire({ state: "ready", problem: "" });
      } else if (newState === ClientState.Starting) {
        this.states.fire({ state: "starting", problem: "" });
      }
    });
  }

  private afterCrash(): { action: CloseAction; handled: true } {
    if (!this.hasAnswered) {
      return { action: CloseAction.DoNotRestart, handled: true }; // The start tells why it failed.
    }
    if (this.crashes.mayRestartAfter(Date.now())) {
      this.log.warn("the connection ended; connecting again");
      return { action: CloseAction.Restart, handled: true };
    }
    const problem = `the connection ended ${this.crashes.count} times within three minutes`;
    this.log.error(problem);
    this.client = undefined;
    this.states.fire({ state: "failed", problem });
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}

/** Returns what went wrong, for a person. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Tells whether a request ended because somebody cancelled it. */
export function isCancelled(error: unknown): boolean {
  return error instanceof ResponseError && error.code === CANCELLED;
}

/** Tells whether a request was not answered because the connection ended. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof ResponseError && CONNECTION_LOST.includes(error.code);
}

/** Tells whether a request came too late: the text is another by now. */
export function isStale(error: unknown): boolean {
  return error instanceof ResponseError && error.code === STALE;
}

/** Tells whether a request failed because a cap is reached. */
export function isOverBudget(error: unknown): boolean {
  if (!(error instanceof ResponseError)) {
    return false;
  }
  const details: unknown = error.data;
  return typeof details === "object" && details !== null && "capUsd" in details;
}
