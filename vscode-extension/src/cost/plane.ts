// Where does each strategy stand, by what it costs and how much of its work was good? Pure.

import type { PlaneResult, StrategyPoint } from "../protocol";

/** What counts as good: what people kept whole, or what the gate was content with. */
export type Quality = "kept" | "sound";

/** A strategy that enough is known of. */
export interface Point {
  readonly strategy: string;
  readonly usd: number;
  /** From 0 to 1. */
  readonly share: number;
  /** Between which the true share is, 19 times of 20. */
  readonly low: number;
  readonly high: number;
}

export interface Counted {
  readonly good: number;
  readonly of: number;
}

/** Returns how much of a strategy's work was good, of how much that can be said. */
export function countOf(point: StrategyPoint, quality: Quality): Counted {
  return quality === "kept"
    ? { good: point.kept, of: point.kept + point.partly + point.discarded }
    : { good: point.sound, of: point.tasks };
}

/** Returns why a strategy is not drawn; empty where it is. */
export function whyNotDrawn(point: StrategyPoint, quality: Quality, leastTasks: number): string {
  const { of } = countOf(point, quality);
  if (of < leastTasks) {
    return `too few: ${of} of ${leastTasks}`;
  }
  return point.meanUsd === null ? "no known cost" : "";
}

/** Returns the strategies that can be drawn. */
export function pointsOf({ points, leastTasks }: PlaneResult, quality: Quality): Point[] {
  return points
    .filter((point) => whyNotDrawn(point, quality, leastTasks) === "")
    .map((point) => {
      const { good, of } = countOf(point, quality);
      const [low, high] = intervalOf(good, of);
      return { strategy: point.strategy, usd: Number(point.meanUsd), share: good / of, low, high };
    });
}

/** Returns Wilson's 95 % interval of a share. */
export function intervalOf(good: number, of: number): readonly [low: number, high: number] {
  if (of <= 0) {
    return [0, 1];
  }
  const z = 1.959964;
  const share = good / of;
  const scale = 1 + (z * z) / of;
  const middle = (share + (z * z) / (2 * of)) / scale;
  const reach = (z / scale) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

/** Returns round amounts from 0 past the most, four to six of them. */
export function ticksUpTo(most: number): number[] {
  if (!(most > 0)) {
    return [0, 0.01];
  }
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.2, 0.25, 0.5, 1, 2, 2.5].map((each) => each * power).find((each) => most / each <= 5) ?? power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** A point as it is drawn, in pixels: its place, the bar through it, and how long its name is. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
}

/** Where a name stands: the middle of its height, and the end that is next to its point. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly isLeft: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const POINT_RADIUS = 6;
const LABEL_GAP = 9;
const LINE_HEIGHT = 14;
const STEPS_AWAY = [0, 1, -1, 2, -2, 3, -3];

/** Returns where names stand: beside their points, where they cover nothing if there is such a place. */
export function labelsOf(marks: readonly Mark[], frame: Box): Label[] {
  const taken = marks.flatMap(({ x, y, top, bottom }) => [
    { left: x - POINT_RADIUS, right: x + POINT_RADIUS, top: y - POINT_RADIUS, bottom: y + POINT_RADIUS },
    { left: x - 1, right: x + 1, top, bottom },
  ]);
  return marks.map((mark) => {
    const labels = STEPS_AWAY.flatMap((steps) => [labelOf(mark, steps, false), labelOf(mark, steps, true)]);
    const isFree = (label: Label): boolean => {
      const box = boxOf(label, mark.width);
      const isInside = box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
      return isInside && !taken.some((each) => overlap(each, box));
    };
    const chosen = labels.find(isFree) ?? labelOf(mark, 0, mark.x > (frame.left + frame.right) / 2);
    taken.push(boxOf(chosen, mark.width));
    return chosen;
  });
}

function labelOf({ x, y }: Mark, steps: number, isLeft: boolean): Label {
  return { x: x + (isLeft ? -LABEL_GAP : LABEL_GAP), y: y + steps * LINE_HEIGHT, isLeft };
}

function boxOf({ x, y, isLeft }: Label, width: number): Box {
  const left = isLeft ? x - width : x;
  return { left, right: left + width, top: y - LINE_HEIGHT / 2, bottom: y + LINE_HEIGHT / 2 };
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
