// What does an extension look like whose models ours lends? It answers what a file says, and writes down
// that it was asked.

const vscode = require("vscode");
const { appendFileSync, readFileSync } = require("node:fs");

const PIECE_LENGTH = 20;
const PAUSE_MS = 5;
const MODEL = {
  id: "big-1",
  name: "Acme Big",
  family: "big",
  version: "1",
  maxInputTokens: 32_000,
  maxOutputTokens: 4_000,
  capabilities: {},
};

exports.activate = (context) => {
  const { LENDER_ANSWER: answer, LENDER_ASKED: asked } = process.env;
  const provider = {
    provideLanguageModelChatInformation: async () => [MODEL],
    provideLanguageModelChatResponse: async (_model, messages, _options, progress, token) => {
      appendFileSync(asked, `${messages.length} messages\n`);
      const text = readFileSync(answer, "utf8");
      if (text === "") {
        throw new Error("acme is out of order");
      }
      for (let at = 0; at < text.length && !token.isCancellationRequested; at += PIECE_LENGTH) {
        progress.report(new vscode.LanguageModelTextPart(text.slice(at, at + PIECE_LENGTH)));
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    provideTokenCount: async (_model, text) => (typeof text === "string" ? text.length : 1),
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider("acme", provider));
};
