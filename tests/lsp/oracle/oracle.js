// What does VS Code's own text document say after the same changes? One JSON value a line.
const { TextDocument } = require("vscode-languageserver-textdocument");
const lines = require("readline").createInterface({ input: process.stdin });

let text = "";

lines.on("line", (line) => {
  const asked = JSON.parse(line);
  if (asked.text !== undefined) {
    text = asked.text;
  }
  for (const change of asked.changes ?? []) {
    // Anew for each change: an edit past the last line leaves its remembered lines wrong.
    const document = TextDocument.create("file:///a", "python", 1, text);
    text = TextDocument.update(document, [change], 2).getText();
  }
  process.stdout.write(JSON.stringify(text) + "\n");
});
