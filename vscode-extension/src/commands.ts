// Which commands are there, and what does each do? Each is a few words to the parts that know how.

import * as vscode from "vscode";
import { askInstruction } from "./asking";
import { counted } from "./counting";
import { formatCap } from "./money";
import { changeStep, skipBefore, type StepTarget } from "./plan/lenses";
import { PLAN_SCHEME, planColumn, planIdOf } from "./plan/documents";
import type { PlanNode } from "./plan/trees";
import { COMMANDS, type CommandArguments, type DecisionArguments, type RunParams } from "./protocol";
import { openReport } from "./report";
import { openSample } from "./sample";
import { type Focus, focusOf } from "./selection";
import type { Session } from "./session";

/** A command about code: what it is called, and how the task differs. */
interface EditCommand {
  readonly title: string;
  readonly params: Partial<RunParams>;
  /** Without it the kind of task says what to do. */
  readonly asks: boolean;
}

const EDITS: Record<string, EditCommand> = {
  edit: { title: "Edit", params: {}, asks: true },
  editWeak: { title: "Edit with the Weak Model", params: { strategy: "weak" }, asks: true },
  editStrong: { title: "Edit with the Strong Model", params: { strategy: "strong" }, asks: true },
  refactor: { title: "Refactor", params: { kind: "refactor" }, asks: true },
  fix: { title: "Fix", params: { kind: "fix" }, asks: false },
  fixAll: { title: "Fix all like this", params: { kind: "fix_all" }, asks: false },
  writeTests: { title: "Write tests", params: { kind: "tests" }, asks: false },
  document: { title: "Document", params: { kind: "document" }, asks: false },
};

type Handler = (...args: never[]) => unknown;

/** Registers every command of the manifest. */
export function registerCommands(session: Session): vscode.Disposable {
  const { review, tasks, connection } = session;
  const handlers: Record<string, Handler> = {
    ...Object.fromEntries(
      Object.entries(EDITS).map(([name, command]) => [
        name,
        (given?: CommandArguments) => edit(session, command, given),
      ]),
    ),
    planAndEdit: (given?: CommandArguments) => plan(session, given),
    explain: (given?: CommandArguments) => explain(session, given),
    undo: () => takeBack(session, "pairwright/undo"),
    redo: () => takeBack(session, "pairwright/redo"),
    continue: () => tasks.continue(),
    cancel: () => tasks.cancel(),
    menu: () => showMenu(session),
    nextHunk: () => review.go(1),
    previousHunk: () => review.go(-1),
    keepHunk: (target?: DecisionArguments) => review.keep(target),
    discardHunk: (target?: DecisionArguments) => review.discard(target),
    discardWithRemark: (target?: DecisionArguments) => review.discardWithRemark(target),
    keepFile: (given?: DecisionArguments) => review.decideFile(true, given),
    discardFile: (given?: DecisionArguments) => review.decideFile(false, given),
    keepAll: () => review.decideAll(true),
    discardAll: () => review.decideAll(false),
    overview: () => review.showOverview(),
    showVerdict: (target?: DecisionArguments) => review.showVerdict(target),
    showConflicts: () => review.showConflicts(),
    openPlan: (planId?: string) => openPlan(session, planId),
    runPlan: (given?: vscode.Uri | PlanNode) => runPlan(session, given),
    planAnew: (uri?: vscode.Uri) => planAnew(session, uri),
    skipStep: (target?: StepTarget) => changeStep(target, "skip"),
    changeTier: (target?: StepTarget) => changeStep(target, "tier"),
    runFromStep: (target?: StepTarget) => runFromStep(session, target),
    chooseModels: () => session.models.choose(),
    openSample: () => openSample(connection.folder),
    showCosts: () => session.costs.show(),
    raiseBudget: () => raiseBudget(session),
    setKey: () => session.keys.set(),
    deleteKey: () => session.keys.delete(),
    install: () => session.install(),
    restart: () => connection.restart(),
    showLog: () => session.log.show(),
    reportIssue: () => openReport(session.context, connection),
  };
  for (const name of COMMANDS.map((each) => each.replace("pairwright.", ""))) {
    handlers[name] ??= (...args: never[]) => connection.execute(`pairwright.${name}`, args);
  }
  const registered = Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(`pairwright.${name}`, (...args: unknown[]) =>
      session.guarded(() => handler(...(args as never[]))),
    ),
  );
  return vscode.Disposable.from(...registered);
}

async function edit(session: Session, command: EditCommand, given?: CommandArguments): Promise<void> {
  const focus = await requireFocus(session, given);
  if (!focus) {
    return;
  }
  const kind = command.params.kind;
  const needsProblems = kind === "fix" || kind === "fix_all";
  if (needsProblems && focus.problems.length === 0) {
    void vscode.window.showInformationMessage("There is no problem here to fix.");
    return;
  }
  const instruction = given?.instruction || (command.asks ? await ask(session, command.title, focus) : "");
  if (instruction === undefined) {
    return;
  }
  const problems = needsProblems ? { problems: focus.problems } : {};
  const params = { ...command.params, ...problems, ...focus.place, ...budgetOf(given), instruction };
  await session.tasks.run(instruction || `${command.title} ${focus.place.file}`, params);
}

async function plan(session: Session, given?: CommandArguments): Promise<void> {
  const focus = await requireFocus(session, given);
  const instruction = focus && (given?.instruction || (await ask(session, "Plan and Edit", focus)));
  if (focus && instruction) {
    await makePlan(session, { instruction, ...focus.place, ...budgetOf(given) });
  }
}

async function makePlan(session: Session, params: RunParams): Promise<void> {
  session.live.write("plan", "");
  await session.live.show("plan", planColumn());
  const result = await session.tasks.run(`Plan: ${params.instruction}`, { ...params, planFirst: true });
  await session.live.close("plan");
  if (result?.planId) {
    await session.plans.open(result.planId);
  }
}

async function explain(session: Session, given?: CommandArguments): Promise<void> {
  const focus = await requireFocus(session, given);
  if (!focus) {
    return;
  }
  const instruction = given?.instruction ?? "";
  const params: RunParams = { kind: "explain", instruction, ...focus.place, ...budgetOf(given) };
  const result = await session.tasks.run(`Explain ${focus.place.file}`, params);
  if (result?.answer) {
    session.live.write("explanation", result.answer);
    await session.live.showRendered("explanation");
  }
}

async function openPlan(session: Session, planId?: string): Promise<void> {
  if (planId) {
    await session.plans.open(planId);
    return;
  }
  const { plans } = await session.connection.request("pairwright/plan/list", {});
  const items = plans.map((each) => ({
    label: each.title,
    description: `${counted(each.stepCount, "step")}, ${each.origin}`,
    planId: each.planId,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: "Plans" });
  if (chosen) {
    await session.plans.open(chosen.planId);
  }
}

async function runPlan(session: Session, given?: vscode.Uri | PlanNode): Promise<void> {
  const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  const ofTree = given && "plan" in given ? given.plan.planId : undefined;
  const planId = ofTree ?? (uri?.scheme === PLAN_SCHEME ? planIdOf(uri) : undefined);
  if (!planId) {
    return;
  }
  const open = vscode.workspace.textDocuments.find(
    (each) => each.uri.scheme === PLAN_SCHEME && planIdOf(each.uri) === planId,
  );
  if (open?.isDirty && !(await open.save())) {
    return;
  }
  const view = await session.connection.request("pairwright/plan/get", { planId });
  await session.tasks.run(view.instruction || view.goal || "Follow a plan", { instruction: "", planId });
}

async function runFromStep(session: Session, target?: StepTarget): Promise<void> {
  const uri = await skipBefore(target);
  if (uri) {
    await runPlan(session, uri);
  }
}

async function planAnew(session: Session, uri?: vscode.Uri): Promise<void> {
  const meant = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (meant?.scheme !== PLAN_SCHEME) {
    return;
  }
  const view = await session.connection.request("pairwright/plan/get", { planId: planIdOf(meant) });
  const instruction = await vscode.window.showInputBox({
    title: "Plan Anew",
    prompt: "What should become of the code?",
    value: view.instruction || view.goal,
  });
  if (instruction) {
    const { file, firstLine, lastLine } = view;
    const place = { ...(file ? { file } : {}), ...(firstLine === undefined || lastLine === undefined ? {} : { firstLine, lastLine }) };
    await makePlan(session, { instruction, ...place });
  }
}

async function takeBack(session: Session, method: "pairwright/undo" | "pairwright/redo"): Promise<void> {
  const result = await session.connection.request(method, {});
  const what = method === "pairwright/undo" ? "Taken back" : "Brought back";
  const files = counted(result.files.length, "file");
  vscode.window.setStatusBarMessage(`${what}: ${result.label} (${files})`, 5000);
}

async function raiseBudget(session: Session): Promise<void> {
  const budget = await session.connection.request("pairwright/budget", {});
  const cap = budget.taskCapUsd;
  if (!cap) {
    void vscode.window.showInformationMessage("No task runs.");
    return;
  }
  const taskUsd = await vscode.window.showInputBox({
    title: "Change the Running Task's Budget",
    prompt: `In USD; now ${formatCap(cap)}. It counts what was spent.`,
    value: cap,
    validateInput: (text) => (/^\d+(\.\d+)?$/.test(text) ? undefined : "An amount such as 0.50"),
  });
  if (taskUsd) {
    await session.connection.request("pairwright/budget", { taskUsd });
  }
}

async function showMenu(session: Session): Promise<void> {
  const { state } = session.status;
  const isReady = state.connection === "ready";
  const entries: readonly (readonly [string, string, boolean])[] = [
    ["$(stop-circle) Cancel the running task", "cancel", state.working !== undefined],
    ["$(credit-card) Change the running task's budget…", "raiseBudget", state.working !== undefined],
    ["$(arrow-down) Go to the next hunk", "nextHunk", state.waiting > 0],
    ["$(diff-multiple) Show all changes side by side", "overview", state.waiting > 0],
    ["$(checklist) Show what the gate says", "showVerdict", state.waiting > 0],
    ["$(warning) Show conflicts side by side", "showConflicts", session.review.hasConflicts],
    ["$(check-all) Keep the whole change", "keepAll", state.waiting > 0],
    ["$(clear-all) Discard the whole change", "discardAll", state.waiting > 0],
    ["$(list-ordered) Plan and edit…", "planAndEdit", isReady && vscode.workspace.isTrusted],
    ["$(sparkle) Edit…", "edit", isReady && vscode.workspace.isTrusted],
    ["$(debug-continue) Continue the stopped task…", "continue", isReady && vscode.workspace.isTrusted],
    ["$(discard) Undo the last change", "undo", isReady && vscode.workspace.isTrusted],
    ["$(book) Open a plan…", "openPlan", isReady],
    ["$(graph) Show the costs", "showCosts", isReady],
    ["$(cloud-download) Install into a private environment", "install", state.connection === "missing"],
    ["$(hubot) Choose the models…", "chooseModels", isReady && vscode.workspace.isTrusted],
    ["$(key) Store a provider's key…", "setKey", vscode.workspace.isTrusted],
    ["$(debug-restart) Restart the connection", "restart", true],
    ["$(output) Show the log", "showLog", true],
    ["$(issues) Report an issue", "reportIssue", true],
  ];
  const items = entries.filter(([, , isShown]) => isShown).map(([label, command]) => ({ label, command }));
  const chosen = await vscode.window.showQuickPick(items, { title: "Pairwright" });
  if (chosen) {
    await vscode.commands.executeCommand(`pairwright.${chosen.command}`);
  }
}

async function requireFocus(session: Session, given?: CommandArguments): Promise<Focus | undefined> {
  const root = session.connection.folder.uri;
  const focus = await focusOf(root, given);
  if (focus) {
    return focus;
  }
  if (given || !vscode.window.activeTextEditor?.document.isUntitled) {
    void vscode.window.showInformationMessage("Open a file of this folder first.");
    return undefined;
  }
  const text = "Open a file of this folder first: this text is in none yet.";
  if (await vscode.window.showInformationMessage(text, "Save As…")) {
    await vscode.commands.executeCommand("workbench.action.files.saveAs");
    return focusOf(root, undefined);
  }
  return undefined;
}

function ask(session: Session, title: string, focus: Focus): Promise<string | undefined> {
  const { file, firstLine, lastLine } = focus.place;
  const lines = firstLine === undefined || lastLine === undefined ? "" : `, lines ${firstLine + 1} to ${lastLine + 1}`;
  return askInstruction(session.context.workspaceState, title, `${file}${lines}`);
}

function budgetOf(given: CommandArguments | undefined): { budgetUsd?: string } {
  return given?.budgetUsd === undefined ? {} : { budgetUsd: given.budgetUsd };
}
