// How is a person asked for an instruction? In one input box, which remembers the last ones.

import * as vscode from "vscode";

const HISTORY = "pairwright.instructions";
const MOST_REMEMBERED = 30;

/** Asks; undefined when the person went away. What is typed comes first, then like ones of before. */
export function askInstruction(
  memory: vscode.Memento,
  title: string,
  subject: string,
): Promise<string | undefined> {
  const history = memory.get<string[]>(HISTORY, []);
  const box = vscode.window.createQuickPick();
  box.title = title;
  box.placeholder = `What should become of ${subject}?`;
  const show = (): void => {
    const typed = box.value.trim();
    const fresh = typed && !history.includes(typed) ? [{ label: typed, description: "new" }] : [];
    box.items = [...fresh, ...history.map((label) => ({ label }))];
  };
  show();
  return new Promise((resolve) => {
    let answer: string | undefined;
    box.onDidChangeValue(show);
    box.onDidAccept(() => {
      answer = (box.selectedItems[0]?.label ?? box.value).trim() || undefined;
      box.hide();
    });
    box.onDidHide(() => {
      if (answer) {
        const rest = history.filter((each) => each !== answer);
        void memory.update(HISTORY, [answer, ...rest].slice(0, MOST_REMEMBERED));
      }
      box.dispose();
      resolve(answer);
    });
    box.show();
  });
}
