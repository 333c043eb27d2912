// How does the panel show cost against quality? As a drawing, and the same as a table below it.

import { formatUsd } from "../money";
import type { PlaneResult, StrategyPoint } from "../protocol";
import { drawn, element } from "./dom";
import { countOf, labelsOf, type Point, pointsOf, type Quality, ticksUpTo, whyNotDrawn } from "./plane";

const WIDTH = 560;
const HEIGHT = 320;
const MARGIN = { left: 56, right: 36, top: 32, bottom: 44 };
const INNER = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
const SHARES = [0, 0.25, 0.5, 0.75, 1];
/** Of the widest letters of most fonts, at the size of the names. */
const LETTER_WIDTH = 8;

const QUALITIES: Record<Quality, { readonly choice: string; readonly axis: string }> = {
  kept: { choice: "Kept by a person", axis: "share of decided changes that were kept whole" },
  sound: { choice: "Passed by the gate", axis: "share of tasks with an attempt that the gate passed" },
};

/** Returns the section; `choose` is told which quality a person wants to see. */
export function planeSection(plane: PlaneResult, quality: Quality, choose: (quality: Quality) => void): HTMLElement {
  const section = element("section", "", { "aria-labelledby": "plane-title", class: "plane" });
  section.append(element("h2", "Cost against quality, in this workspace", { id: "plane-title" }));
  if (plane.points.length === 0) {
    section.append(element("p", plane.notice || "No strategy has done a task here yet."));
    return section;
  }
  const points = pointsOf(plane, quality);
  const shown = points.length > 0 ? drawing(points, quality) : element("p", tooFewText(plane.leastTasks));
  section.append(qualityChoice(quality, choose), shown, table(plane, quality), note(plane, quality));
  return section;
}

function tooFewText(leastTasks: number): string {
  return `Too few to draw: a strategy needs ${leastTasks} tasks here, with a known cost.`;
}

function qualityChoice(quality: Quality, choose: (quality: Quality) => void): HTMLElement {
  const group = element("fieldset", "", { class: "choice" });
  group.append(element("legend", "Good is what was"));
  for (const name of Object.keys(QUALITIES) as Quality[]) {
    const id = `quality-${name}`;
    const input = element("input", "", { type: "radio", name: "quality", id, value: name }) as HTMLInputElement;
    input.checked = name === quality;
    input.addEventListener("change", () => choose(name));
    group.append(input, element("label", QUALITIES[name].choice.toLowerCase(), { for: id }));
  }
  return group;
}

function drawing(points: readonly Point[], quality: Quality): SVGElement {
  const ticks = ticksUpTo(Math.max(...points.map((point) => point.usd)));
  const most = ticks.at(-1) ?? 1;
  const x = (usd: number): number => MARGIN.left + (INNER.width * usd) / most;
  const y = (share: number): number => MARGIN.top + INNER.height * (1 - share);
  const picture = drawn("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-labelledby": "plane-name plane-words",
  });
  picture.append(
    drawn("title", { id: "plane-name" }, "Mean cost of a task against the share of good ones"),
    drawn("desc", { id: "plane-words" }, `${points.map(inWords).join("; ")}. The table below has all figures.`),
    ...axes(ticks, x, y, quality),
    ...marks(points, x, y),
  );
  return picture;
}

function inWords(point: Point): string {
  return `${point.strategy}: ${formatUsd(String(point.usd))}, ${percent(point.share)}`;
}

type Scale = (value: number) => number;

function axes(ticks: readonly number[], x: Scale, y: Scale, quality: Quality): SVGElement[] {
  const bottom = y(0);
  const right = MARGIN.left + INNER.width;
  return [
    ...SHARES.flatMap((share) => [
      drawn("line", { class: "grid", x1: MARGIN.left, x2: right, y1: y(share), y2: y(share) }),
      drawn("text", { class: "tick", x: MARGIN.left - 8, y: y(share) + 4, "text-anchor": "end" }, percent(share)),
    ]),
    ...ticks.flatMap((usd) => [
      drawn("line", { class: "grid", x1: x(usd), x2: x(usd), y1: bottom, y2: bottom + 5 }),
      drawn("text", { class: "tick", x: x(usd), y: bottom + 18, "text-anchor": "middle" }, formatUsd(String(usd))),
    ]),
    drawn("text", { class: "axis", x: right, y: HEIGHT - 6, "text-anchor": "end" }, "mean cost of a task →"),
    drawn("text", { class: "axis", x: 4, y: 12 }, `↑ ${QUALITIES[quality].axis}`),
  ];
}

function marks(points: readonly Point[], x: Scale, y: Scale): SVGElement[] {
  const placed = points.map((point) => ({
    x: x(point.usd),
    y: y(point.share),
    top: y(point.high),
    bottom: y(point.low),
    width: point.strategy.length * LETTER_WIDTH,
  }));
  const labels = labelsOf(placed, { left: MARGIN.left, right: WIDTH, top: MARGIN.top - LETTER_WIDTH, bottom: y(0) });
  const drawings = placed.map((mark, at) => {
    const label = labels[at];
    const anchor = label?.isLeft ? "end" : "start";
    return [
      drawn("line", { class: "interval", x1: mark.x, x2: mark.x, y1: mark.top, y2: mark.bottom }),
      drawn("circle", { class: "point", cx: mark.x, cy: mark.y, r: 5 }),
      drawn("text", { class: "name", x: label?.x ?? 0, y: (label?.y ?? 0) + 4, "text-anchor": anchor }, points[at]?.strategy),
    ];
  });
  return drawings.flat();
}

function table(plane: PlaneResult, quality: Quality): HTMLElement {
  const whole = element("table", "");
  const head = element("tr", "");
  const titles = ["Strategy", "Tasks", "Kept", "In part", "Discarded", "Undecided", "Gate passed", "Mean cost", "Share"];
  head.append(...titles.map((title) => element("th", title, { scope: "col" })));
  const top = element("thead", "");
  top.append(head);
  const body = element("tbody", "");
  body.append(...plane.points.map((point) => line(point, quality, plane.leastTasks)));
  whole.append(element("caption", "What became of the tasks of each strategy"), top, body);
  const scroller = element("div", "", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Strategies" });
  scroller.append(whole);
  return scroller;
}

function line(point: StrategyPoint, quality: Quality, leastTasks: number): HTMLElement {
  const cells = element("tr", "");
  const decided = point.kept + point.partly + point.discarded;
  const counts = [point.tasks, point.kept, point.partly, point.discarded, point.tasks - decided, point.sound];
  const cost = point.meanUsd === null ? "unknown" : formatUsd(point.meanUsd);
  const leftOut = point.unpricedTasks > 0 ? ` (${point.unpricedTasks} left out)` : "";
  const { good, of } = countOf(point, quality);
  const share = of < leastTasks ? whyNotDrawn(point, quality, leastTasks) : `${percent(good / of)} of ${of}`;
  cells.append(
    element("th", point.strategy, { scope: "row" }),
    ...counts.map((count) => element("td", String(count))),
    element("td", cost + leftOut, { class: "cost" }),
    element("td", share, { class: "cost" }),
  );
  return cells;
}

function note(plane: PlaneResult, quality: Quality): HTMLElement {
  const what = quality === "kept" ? "Undecided changes are in no share." : "The gate is not a person.";
  return element(
    "p",
    `${what} Bars show where the true share is, 19 times of 20. Of fewer than ${plane.leastTasks} no share is ` +
      "shown. These are the tasks that came, not the same ones for each strategy.",
    { class: "note" },
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
