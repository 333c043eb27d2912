// How does the panel show the figures? As meters and one table at a time; all text is set as text.

import { formatCap, formatUsd, shareOf } from "../money";
import type { CostReport, CostRow } from "../protocol";
import { element } from "./dom";
import { type Figures, type FromPanel, type Group, GROUPS, type ToPanel } from "./figures";
import type { Quality } from "./plane";
import { planeSection } from "./plane-view";

/** What a person chose to see. */
interface Choices {
  readonly group: Group;
  readonly quality: Quality;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromPanel): void;
  getState(): Partial<Choices> | undefined;
  setState(state: Choices): void;
};

const TITLES: Record<Group, string> = {
  day: "Day",
  task: "Task",
  role: "Role",
  model: "Model",
  strategy: "Strategy",
  client: "Client",
};
const WARNING_SHARE = 0.8;

const host = acquireVsCodeApi();
const main = document.getElementById("main") as HTMLElement;
let group: Group = host.getState()?.group ?? "day";
let quality: Quality = host.getState()?.quality ?? "kept";
let figures: Figures | undefined;

window.addEventListener("message", (event: MessageEvent<ToPanel>) => {
  if (event.data.what === "failed") {
    main.replaceChildren(element("h1", "Costs"), element("p", event.data.reason, { role: "alert" }));
    return;
  }
  figures = event.data.figures;
  draw(figures);
});
host.postMessage({ what: "ready" });

function draw(shown: Figures): void {
  const focused = document.activeElement?.id;
  const report = shown.reports.find(([name]) => name === group)?.[1];
  main.replaceChildren(
    element("h1", "Costs"),
    budgets(shown),
    tabs(),
    report ? tablePanel(report) : element("p", "Nothing is known."),
    sources(report),
    exportButton(),
    planeSection(shown.plane, quality, chooseQuality),
  );
  if (focused) {
    document.getElementById(focused)?.focus();
  }
}

function budgets({ budget }: Figures): HTMLElement {
  const section = element("section", "", { "aria-labelledby": "budget-title" });
  section.append(element("h2", "Budget", { id: "budget-title" }));
  if (budget.taskUsd && budget.taskCapUsd) {
    section.append(meter("This task", budget.taskUsd, budget.taskCapUsd));
  }
  section.append(meter("Today", budget.dayUsd, budget.dayCapUsd));
  if (budget.workspaceCapUsd) {
    section.append(meter("All days", budget.workspaceUsd, budget.workspaceCapUsd));
  } else {
    section.append(element("p", `All days: ${formatUsd(budget.workspaceUsd)}, with no cap.`));
  }
  return section;
}

function meter(name: string, spent: string, cap: string): HTMLElement {
  const share = Math.min(1, shareOf(spent, cap));
  const text = `${formatUsd(spent)} of ${formatCap(cap)}`;
  const level = share >= 1 ? "full" : share >= WARNING_SHARE ? "high" : "low";
  const row = element("div", "", { class: "meter" });
  const bar = element("div", "", {
    class: `track ${level}`,
    role: "meter",
    "aria-label": name,
    "aria-valuemin": "0",
    "aria-valuemax": "100",
    "aria-valuenow": String(Math.round(share * 100)),
    "aria-valuetext": text,
  });
  const fill = element("div", "", { class: "fill" });
  fill.style.setProperty("width", `${share * 100}%`);
  bar.append(fill);
  row.append(element("span", name), bar, element("span", text));
  return row;
}

function tabs(): HTMLElement {
  const list = element("div", "", { role: "tablist", "aria-label": "Costs by" });
  for (const name of GROUPS) {
    const isChosen = name === group;
    const tab = element("button", TITLES[name], {
      role: "tab",
      id: `tab-${name}`,
      type: "button",
      "aria-selected": String(isChosen),
      tabindex: isChosen ? "0" : "-1",
      ...(isChosen ? { "aria-controls": "costs" } : {}),
    });
    tab.addEventListener("click", () => choose(name));
    tab.addEventListener("keydown", (event) => step(event, name));
    list.append(tab);
  }
  return list;
}

function step(event: KeyboardEvent, from: Group): void {
  const at = GROUPS.indexOf(from);
  const targets: Record<string, number> = {
    ArrowRight: (at + 1) % GROUPS.length,
    ArrowLeft: (at + GROUPS.length - 1) % GROUPS.length,
    Home: 0,
    End: GROUPS.length - 1,
  };
  const target = targets[event.key];
  const name = target === undefined ? undefined : GROUPS[target];
  if (name) {
    event.preventDefault();
    choose(name);
  }
}

function choose(name: Group): void {
  group = name;
  show(`tab-${name}`);
}

function chooseQuality(name: Quality): void {
  quality = name;
  show(`quality-${name}`);
}

/** Draws what was chosen, and leaves the focus on the choice. */
function show(chosen: string): void {
  host.setState({ group, quality });
  if (figures) {
    draw(figures);
    document.getElementById(chosen)?.focus();
  }
}

function tablePanel(report: CostReport): HTMLElement {
  const panel = element("div", "", {
    role: "tabpanel",
    id: "costs",
    "aria-labelledby": `tab-${group}`,
    tabindex: "0",
  });
  if (report.rows.length === 0) {
    panel.append(element("p", "Nothing was spent yet."));
    return panel;
  }
  const table = element("table", "");
  table.append(element("caption", `Costs by ${TITLES[group].toLowerCase()}`), head());
  const body = element("tbody", "");
  const most = Math.max(...report.rows.map((row) => Number(row.costUsd)), 0);
  body.append(...report.rows.map((row) => line(row, row.key, most)));
  const foot = element("tfoot", "");
  foot.append(line(report.total, "All", 0));
  table.append(body, foot);
  panel.append(table);
  return panel;
}

function head(): HTMLElement {
  const row = element("tr", "");
  for (const title of [TITLES[group], "Calls", "Read", "From cache", "Written", "Cost"]) {
    row.append(element("th", title, { scope: "col" }));
  }
  const top = element("thead", "");
  top.append(row);
  return top;
}

function line(row: CostRow, name: string, most: number): HTMLElement {
  const cells = element("tr", "");
  const cached = row.inputTokens > 0 ? Math.round((100 * row.cachedTokens) / row.inputTokens) : 0;
  const about = row.isEstimated ? "about " : "";
  const cost = element("td", formatUsd(row.costUsd, row.unpricedCalls), { class: "cost" });
  if (most > 0) {
    const bar = element("span", "", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("width", `${(60 * Number(row.costUsd)) / most}px`);
    cost.append(bar);
  }
  cells.append(
    element("th", name, { scope: "row" }),
    element("td", row.calls.toLocaleString("en")),
    element("td", about + row.inputTokens.toLocaleString("en")),
    element("td", `${cached} %`),
    element("td", about + row.outputTokens.toLocaleString("en")),
    cost,
  );
  return cells;
}

function sources(report: CostReport | undefined): HTMLElement {
  const said = report?.priceSources ?? [];
  const unpriced = report?.total.unpricedCalls ?? 0;
  const parts = [
    ...(said.length > 0 ? [`Prices: ${said.join(", ")}.`] : []),
    ...(unpriced > 0 ? [`≥: ${unpriced} calls have no known price and are left out.`] : []),
  ];
  return element("p", parts.join(" "), { class: "note" });
}

function exportButton(): HTMLElement {
  const button = element("button", "Export as CSV…", { type: "button", id: "export", class: "export" });
  button.addEventListener("click", () => host.postMessage({ what: "export" }));
  return button;
}
