// How is a model of the editor asked for the daemon? Piece by piece, and its failures in our words. Pure.

import type { AskParams, AskResult, LentModel } from "../protocol";

/** What is told when nobody waits any more; as `vscode.CancellationToken`. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
}

/** A model as the editor has it; as `vscode.LanguageModelChat`. */
export interface ChatModel<M, C extends Cancellation> {
  readonly vendor: string;
  readonly family: string;
  readonly maxInputTokens: number;
  countTokens(text: string, token?: C): PromiseLike<number>;
  sendRequest(
    messages: M[],
    options: { justification: string },
    token: C,
  ): PromiseLike<{ readonly text: AsyncIterable<string> }>;
}

/** The editor's language models, as far as we use them. */
export interface LanguageModels<M, C extends Cancellation> {
  all(): PromiseLike<readonly ChatModel<M, C>[]>;
  message(role: "user" | "assistant", content: string): M;
  /** Whether the person agreed; undefined: was not asked yet. */
  mayAsk(model: ChatModel<M, C>): boolean | undefined;
}

/** Who wants to know, and what may be done for that. */
export interface Occasion {
  /** Whether the person began a task in this window, so that the editor may ask for their consent. */
  readonly isOurs: boolean;
  /** Takes the next piece of the answer. */
  readonly send: (text: string) => PromiseLike<void>;
  /** Takes the reason of a failure. */
  readonly log: (reason: string) => void;
}

const PREFIX = "editor/";
const MOST_LENT = 200;
const NAME = /^editor\/[^/\s]{1,100}\/\S{1,100}$/;
const JUSTIFICATION = "Pairwright plans and writes changes with it, where its settings name it.";

/** Returns what a model is called in the settings. */
export function nameOf(model: { readonly vendor: string; readonly family: string }): string {
  return `${PREFIX}${model.vendor}/${model.family}`;
}

/** Returns what is lent of the editor's models: each name once, the first of several. */
export function lentModels(
  models: readonly { readonly vendor: string; readonly family: string; readonly maxInputTokens: number }[],
): LentModel[] {
  const byName = new Map<string, LentModel>();
  for (const model of models) {
    const name = nameOf(model);
    const contextTokens = Math.floor(model.maxInputTokens);
    if (NAME.test(name) && contextTokens > 0 && !byName.has(name)) {
      byName.set(name, { name, contextTokens });
    }
  }
  return [...byName.values()].slice(0, MOST_LENT);
}

/** Asks a model; its answer goes to the occasion, and how it ended is returned. Never throws. */
export async function answer<M, C extends Cancellation>(
  editor: LanguageModels<M, C>,
  params: AskParams,
  occasion: Occasion,
  token: C,
): Promise<AskResult> {
  try {
    const model = (await editor.all()).find((each) => nameOf(each) === params.model);
    if (!model) {
      return { failure: "notFound" };
    }
    const mayAsk = editor.mayAsk(model);
    if (mayAsk === false || (mayAsk === undefined && !occasion.isOurs)) {
      occasion.log(`${params.model} is not asked: nobody agreed to it`);
      return { failure: "notPermitted" };
    }
    return await ask(editor, model, params, occasion, token);
  } catch (error) {
    occasion.log(`${params.model}: ${reasonsOf(error).join(": ")}`);
    return { failure: failureOf(error) };
  }
}

async function ask<M, C extends Cancellation>(
  editor: LanguageModels<M, C>,
  model: ChatModel<M, C>,
  params: AskParams,
  { send }: Occasion,
  token: C,
): Promise<AskResult> {
  const inputTokens = await count(model, params.messages.map((each) => each.content), token);
  if (inputTokens !== undefined && inputTokens > model.maxInputTokens) {
    return { failure: "tooLong" };
  }
  // These models have no system role: what they are to obey comes first, as from the user.
  const messages = params.messages.map(({ role, content }) =>
    editor.message(role === "assistant" ? "assistant" : "user", content),
  );
  const response = await model.sendRequest(messages, { justification: JUSTIFICATION }, token);
  let text = "";
  for await (const piece of response.text) {
    if (token.isCancellationRequested) {
      return { failure: "failed" };
    }
    text += piece;
    await send(piece);
  }
  const outputTokens = await count(model, [text], token);
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

/** Returns the tokens of some texts; undefined where the model cannot count. */
async function count<M, C extends Cancellation>(
  model: ChatModel<M, C>,
  texts: readonly string[],
  token: C,
): Promise<number | undefined> {
  try {
    const counts = await Promise.all(texts.map((text) => model.countTokens(text, token)));
    const sum = counts.reduce((total, each) => total + each, 0);
    return Number.isSafeInteger(sum) && sum >= 0 ? sum : undefined;
  } catch {
    return undefined;
  }
}

/** Which failure a code of `vscode.LanguageModelError` is. */
const FAILURES: Record<string, NonNullable<AskResult["failure"]>> = {
  NoPermissions: "notPermitted",
  Blocked: "blocked",
  NotFound: "notFound",
};

function failureOf(error: unknown): NonNullable<AskResult["failure"]> {
  const code: unknown = (error as { code?: unknown } | undefined)?.code;
  return (typeof code === "string" ? FAILURES[code] : undefined) ?? "failed";
}

/** What went wrong and what led to it: the editor keeps a vendor's own error as the cause. */
function reasonsOf(error: unknown): string[] {
  const cause: unknown = (error as { cause?: unknown } | undefined)?.cause;
  const reason = error instanceof Error ? error.message : String(error);
  return [reason, ...(cause instanceof Error ? [cause.message] : [])];
}
