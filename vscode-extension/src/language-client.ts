// What do we use of the language client's library? It is large, so this is a bundle of its own, which is
// loaded when a server is to be started: nothing else may import more than types from here.

import * as vscode from "vscode";
import {
  CloseAction,
  CodeLensRequest,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  ProgressType,
  type StaticFeature,
  State,
} from "vscode-languageclient/node";
import type { AskDelta, AskParams, AskResult, ChangeNotice, CostNotice } from "./protocol";
import type { ServerCommand } from "./server";

type FeatureOfClient = Parameters<LanguageClient["registerFeature"]>[0];

/** What we do ourselves: commands ask in our words, and the review has buttons of its own. */
const OURS: readonly string[] = [ExecuteCommandRequest.method, CodeLensRequest.method];

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

/** Who is told what the server says by itself, and what becomes of it. */
export interface Listener {
  readonly cost: (notice: CostNotice) => void;
  readonly changed: (notice: ChangeNotice) => void;
  readonly ask: Asker;
  readonly starting: () => void;
  readonly running: () => void;
  /** The connection ended by itself; returns whether it is to be made again. */
  readonly ended: () => boolean;
}

/** The library's client of one server, without what is ours. */
export class ServerClient extends LanguageClient {
  constructor(
    { command, args }: ServerCommand,
    folder: vscode.WorkspaceFolder,
    log: vscode.LogOutputChannel,
    listener: Listener,
  ) {
    const cwd = folder.uri.fsPath;
    const executable = { command, args: [...args, "lsp", "--workspace", cwd], options: { cwd } };
    super("pairwright", "Pairwright", executable, optionsOf(folder, log, listener));
    this.registerFeature(ABILITIES);
    this.onNotification("pairwright/cost", listener.cost);
    this.onNotification("pairwright/change", listener.changed);
    this.onRequest("pairwright/ask", (params: AskParams, token: vscode.CancellationToken) => {
      const send = (text: string): Promise<void> =>
        this.sendProgress(new ProgressType<AskDelta>(), params.partialResultToken, { text });
      return listener.ask(params, send, token);
    });
    this.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        listener.running();
      } else if (newState === State.Starting) {
        listener.starting();
      }
    });
  }

  /** Has the server carry out one of its own commands. */
  execute(command: string, args: unknown[]): Promise<unknown> {
    return this.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
  }

  /** Hears the partial results of one request. */
  onPartial<E>(token: string, onEvent: (event: E) => void): vscode.Disposable {
    return this.onProgress(new ProgressType<E>(), token, onEvent);
  }

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

function optionsOf(
  workspaceFolder: vscode.WorkspaceFolder,
  outputChannel: vscode.LogOutputChannel,
  listener: Listener,
): LanguageClientOptions {
  return {
    documentSelector: [{ scheme: "file" }],
    workspaceFolder,
    outputChannel,
    revealOutputChannelOn: 4, // Never: what a person should know, we say.
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: listener.ended() ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true }),
    },
    initializationFailedHandler: () => false,
    middleware: {
      // The status bar tells how far the index is.
      handleWorkDoneProgress: () => undefined,
    },
  };
}
