// How does the extension speak to the daemon? Through `pairwright lsp`, with our methods typed.

import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { Crashes } from "./crashes";
import type { Asker, Listener, ServerClient } from "./language-client";
import type { AskResult, ChangeNotice, CostNotice, IndexProgress, Requests, RunResult, TaskEvent } from "./protocol";
import { findServer, type ServerCommand } from "./server";

const CANCELLED = -32800;
const CONNECTION_LOST: readonly unknown[] = [-32097, -32099];
const STALE = -32801;

const NOT_LENT: AskResult = { failure: "notFound" };

/** What becomes of the connection, for whoever shows it. */
export type ConnectionState = "off" | "starting" | "ready" | "missing" | "failed";

/** The one connection to the folder's daemon. */
export class Connection implements vscode.Disposable {
  private readonly states = new vscode.EventEmitter<{ state: ConnectionState; problem: string }>();
  private readonly costs = new vscode.EventEmitter<CostNotice>();
  private readonly notices = new vscode.EventEmitter<ChangeNotice>();
  private client: ServerClient | undefined;
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
    return this.client?.isRunning() === true;
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
    return this.client.execute(command, args);
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
    const listening = this.client?.onPartial(token, onEvent);
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
    try {
      const client = await this.makeClient(server);
      this.client = client;
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

  private async makeClient(server: ServerCommand): Promise<ServerClient> {
    // It takes longer to load than all else together: what the extension shows first does not wait for it.
    const library = await import("./language-client.js");
    const isCurrent = (): boolean => client === this.client;
    const listener: Listener = {
      cost: (notice) => this.costs.fire(notice),
      changed: (notice) => this.notices.fire(notice),
      ask: async (params, send, token) => this.asker?.(params, send, token) ?? NOT_LENT,
      starting: () => isCurrent() && this.states.fire({ state: "starting", problem: "" }),
      running: () => isCurrent() && this.answered(),
      ended: () => this.mayRestart(),
    };
    const client = new library.ServerClient(server, this.folder, this.log, listener);
    return client;
  }

  private answered(): void {
    this.hasAnswered = true;
    this.states.fire({ state: "ready", problem: "" });
  }

  private mayRestart(): boolean {
    if (!this.hasAnswered) {
      return false; // The start tells why it failed.
    }
    if (this.crashes.mayRestartAfter(Date.now())) {
      this.log.warn("the connection ended; connecting again");
      return true;
    }
    const problem = `the connection ended ${this.crashes.count} times within three minutes`;
    this.log.error(problem);
    this.client = undefined;
    this.states.fire({ state: "failed", problem });
    return false;
  }
}

/** Returns what went wrong, for a person. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Tells whether a request ended because somebody cancelled it. */
export function isCancelled(error: unknown): boolean {
  return codeOf(error) === CANCELLED;
}

/** Tells whether a request was not answered because the connection ended. */
export function isConnectionLost(error: unknown): boolean {
  return CONNECTION_LOST.includes(codeOf(error));
}

/** Tells whether a request came too late: the text is another by now. */
export function isStale(error: unknown): boolean {
  return codeOf(error) === STALE;
}

/** Tells whether a request failed because a cap is reached. */
export function isOverBudget(error: unknown): boolean {
  const details: unknown = error instanceof Error && "data" in error ? error.data : undefined;
  return typeof details === "object" && details !== null && "capUsd" in details;
}

/** Returns JSON-RPC's code of a refusal, which the library makes an error. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
