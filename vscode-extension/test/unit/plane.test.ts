import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, intervalOf, labelsOf, type Mark, pointsOf, ticksUpTo, whyNotDrawn } from "../../src/cost/plane";
import type { PlaneResult, StrategyPoint } from "../../src/protocol";

const POINT: StrategyPoint = {
  strategy: "ladder", tasks: 12, kept: 6, partly: 1, discarded: 1, sound: 9, meanUsd: "0.02", unpricedTasks: 0,
};

function plane(...points: Partial<StrategyPoint>[]): PlaneResult {
  return { points: points.map((each) => ({ ...POINT, ...each })), leastTasks: 5, notice: "" };
}

test("undecided tasks are in no share of what was kept, and all are in what the gate passed", () => {
  assert.deepEqual(countOf(POINT, "kept"), { good: 6, of: 8 });
  assert.deepEqual(countOf(POINT, "sound"), { good: 9, of: 12 });
});

test("a strategy of too few decided tasks, or of no known cost, is not drawn, and it is said why", () => {
  const few = { strategy: "weak", kept: 4, partly: 0, discarded: 0 };
  const unpriced = { strategy: "strong", meanUsd: null };
  const given = plane({}, few, unpriced);
  assert.deepEqual(pointsOf(given, "kept").map(({ strategy }) => strategy), ["ladder"]);
  assert.deepEqual(pointsOf(given, "sound").map(({ strategy }) => strategy), ["ladder", "weak"]);
  assert.deepEqual(
    given.points.map((point) => whyNotDrawn(point, "kept", 5)),
    ["", "too few: 4 of 5", "no known cost"],
  );
});

test("a point has its share and where the true one may be", () => {
  const [point] = pointsOf(plane({}), "kept");
  assert.equal(point?.share, 0.75);
  assert.ok(point && point.low > 0.4 && point.low < 0.75 && point.high > 0.75 && point.high < 0.94);
});

test("the interval is Wilson's, within 0 and 1, and narrower with more tasks", () => {
  const rounded = intervalOf(8, 10).map((each) => each.toFixed(3));
  assert.deepEqual(rounded, ["0.490", "0.943"]);
  assert.deepEqual(intervalOf(0, 0), [0, 1]);
  assert.ok(Math.abs(intervalOf(0, 5)[0]) < 1e-9);
  assert.ok(Math.abs(intervalOf(5, 5)[1] - 1) < 1e-9);
  const width = (of: number): number => intervalOf(of / 2, of)[1] - intervalOf(of / 2, of)[0];
  assert.ok(width(100) < width(10));
});

test("the ticks are round, begin at nothing and reach past the most", () => {
  for (const most of [0.00003, 0.0011, 0.02, 0.05, 0.73, 1, 3, 9.99, 250]) {
    const ticks = ticksUpTo(most);
    assert.equal(ticks[0], 0);
    assert.ok((ticks.at(-1) ?? 0) >= most * (1 - 1e-9), `${ticks} reach ${most}`);
    assert.ok(ticks.length >= 3 && ticks.length <= 7, `${ticks.length} ticks up to ${most}`);
  }
  assert.deepEqual(ticksUpTo(0.05), [0, 0.01, 0.02, 0.03, 0.04, 0.05]);
  assert.deepEqual(ticksUpTo(0), [0, 0.01]);
});

const FRAME = { left: 0, right: 560, top: 0, bottom: 300 };

function mark(x: number, y: number, width = 50): Mark {
  return { x, y, top: y - 40, bottom: y + 40, width };
}

/** Where each name begins and ends. */
function spans(marks: readonly Mark[]): { left: number; right: number; y: number }[] {
  return labelsOf(marks, FRAME).map(({ x, y, isLeft }, at) => {
    const width = marks[at]?.width ?? 0;
    return { left: isLeft ? x - width : x, right: isLeft ? x : x + width, y };
  });
}

test("a name stands right of its point, and left of it where there is no room", () => {
  const [first, last] = labelsOf([mark(100, 100), mark(550, 100)], FRAME);
  assert.deepEqual([first, last].map((label) => [label?.isLeft, label?.y]), [[false, 100], [true, 100]]);
});

test("a name covers no other point, no bar and no other name", () => {
  const crowded = [mark(100, 100), mark(120, 110), mark(118, 104), mark(20, 100)];
  const found = spans(crowded);
  for (const [at, span] of found.entries()) {
    for (const { x, top, bottom } of crowded) {
      const isOnBar = span.left < x && x < span.right && top < span.y && span.y < bottom;
      assert.ok(!isOnBar, `name ${at} covers the bar at ${x}`);
    }
    for (const other of found.slice(at + 1)) {
      const isBeside = span.right <= other.left || other.right <= span.left || Math.abs(span.y - other.y) >= 14;
      assert.ok(isBeside, `name ${at} covers another`);
    }
  }
});

test("where there is no free place, a name still stands beside its point", () => {
  const [label] = labelsOf([mark(100, 100, 2000)], FRAME);
  assert.deepEqual([label?.y, label?.isLeft], [100, false]);
});
