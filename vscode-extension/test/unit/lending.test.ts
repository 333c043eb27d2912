import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, type ChatModel, lentModels, type LanguageModels } from "../../src/lending/answering";
import type { AskParams } from "../../src/protocol";

interface FakeMessage {
  readonly role: string;
  readonly content: string;
}
interface FakeToken {
  isCancellationRequested: boolean;
}
type FakeModel = ChatModel<FakeMessage, FakeToken>;

const PARAMS: AskParams = {
  model: "editor/acme/big",
  messages: [
    { role: "system", content: "obey" },
    { role: "user", content: "write" },
    { role: "assistant", content: "wrote" },
  ],
  maxOutputTokens: 100,
  partialResultToken: "t",
};

class LanguageModelError extends Error {
  constructor(
    readonly code: string,
    message = code,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** A model that answers in pieces, or fails after them. */
class Acme implements FakeModel {
  readonly vendor = "acme";
  readonly family = "big";
  readonly asked: FakeMessage[][] = [];
  constructor(
    private readonly pieces: readonly string[] = ["a", "bc"],
    private readonly failure?: unknown,
    readonly maxInputTokens = 1000,
    private readonly counts = true,
  ) {}

  async countTokens(text: string): Promise<number> {
    if (!this.counts) {
      throw new Error("cannot count");
    }
    return text.length;
  }

  async sendRequest(messages: FakeMessage[]): Promise<{ text: AsyncIterable<string> }> {
    this.asked.push(messages);
    const { pieces, failure } = this;
    return {
      text: (async function* () {
        yield* pieces;
        if (failure) {
          throw failure;
        }
      })(),
    };
  }
}

function editor(model: FakeModel | undefined, mayAsk: boolean | undefined = true): LanguageModels<FakeMessage, FakeToken> {
  return {
    all: async () => (model ? [model] : []),
    message: (role, content) => ({ role, content }),
    mayAsk: () => mayAsk,
  };
}

async function asked(
  models: LanguageModels<FakeMessage, FakeToken>,
  { isOurs = true, token = { isCancellationRequested: false } } = {},
): Promise<{ result: unknown; sent: string[]; log: string[] }> {
  const sent: string[] = [];
  const log: string[] = [];
  const send = async (text: string): Promise<void> => void sent.push(text);
  const result = await answer(models, PARAMS, { isOurs, send, log: (reason) => void log.push(reason) }, token);
  return { result, sent, log };
}

test("an answer is sent on piece by piece, and its tokens are counted by the model", async () => {
  const { result, sent } = await asked(editor(new Acme()));
  assert.deepEqual(sent, ["a", "bc"]);
  assert.deepEqual(result, { inputTokens: "obeywritewrote".length, outputTokens: 3 });
});

test("what the model is to obey is said by the user, for it knows no system", async () => {
  const model = new Acme();
  await asked(editor(model));
  assert.deepEqual(model.asked[0]?.map(({ role }) => role), ["user", "user", "assistant"]);
});

test("a model that cannot count still answers", async () => {
  const { result } = await asked(editor(new Acme(["a"], undefined, 1000, false)));
  assert.deepEqual(result, {});
});

test("a prompt that is too long is not sent", async () => {
  const model = new Acme([], undefined, 5);
  assert.deepEqual((await asked(editor(model))).result, { failure: "tooLong" });
  assert.equal(model.asked.length, 0);
});

const FAILURES: readonly [unknown, string][] = [
  [new LanguageModelError("NoPermissions"), "notPermitted"],
  [new LanguageModelError("Blocked"), "blocked"],
  [new LanguageModelError("NotFound"), "notFound"],
  [new LanguageModelError("Unknown", "it broke", new Error("the vendor's own words")), "failed"],
  [new Error("network"), "failed"],
  ["no error at all", "failed"],
];
for (const [error, failure] of FAILURES) {
  test(`${String(error)} is the failure ${failure}`, async () => {
    const { result, sent, log } = await asked(editor(new Acme(["half"], error)));
    assert.deepEqual(result, { failure });
    assert.deepEqual(sent, ["half"]);
    assert.equal(log.length, 1);
  });
}

test("the vendor's own words are logged", async () => {
  const error = new LanguageModelError("Unknown", "it broke", new Error("no more credit"));
  assert.deepEqual((await asked(editor(new Acme([], error)))).log, ["editor/acme/big: it broke: no more credit"]);
});

test("a model that is gone is not found", async () => {
  assert.deepEqual((await asked(editor(undefined))).result, { failure: "notFound" });
});

test("a person who said no is not asked again, and none is asked for somebody else's task", async () => {
  const model = new Acme();
  assert.deepEqual((await asked(editor(model, false))).result, { failure: "notPermitted" });
  const unasked = { ...editor(model), mayAsk: () => undefined };
  assert.deepEqual((await asked(unasked, { isOurs: false })).result, { failure: "notPermitted" });
  assert.equal(model.asked.length, 0);
  assert.deepEqual((await asked(unasked)).sent, ["a", "bc"]);
  assert.deepEqual((await asked(editor(model, true), { isOurs: false })).sent, ["a", "bc"]);
});

test("when nobody waits any more, nothing more is sent", async () => {
  const { result, sent } = await asked(editor(new Acme()), { token: { isCancellationRequested: true } });
  assert.deepEqual([result, sent], [{ failure: "failed" }, []]);
});

test("each name is lent once, and none that the daemon would refuse", () => {
  const model = (vendor: string, family: string, maxInputTokens = 10.5) => ({ vendor, family, maxInputTokens });
  const lent = lentModels([
    model("acme", "big"),
    model("acme", "big", 99),
    model("acme", "a/b"),
    model("a b", "big"),
    model("", "big"),
    model("acme", "none", 0),
  ]);
  assert.deepEqual(lent, [
    { name: "editor/acme/big", contextTokens: 10 },
    { name: "editor/acme/a/b", contextTokens: 10 },
  ]);
});
