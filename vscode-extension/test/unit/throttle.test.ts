import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, Throttle } from "../../src/throttle";

/** A clock that goes on when it is told to. */
class HandClock implements Clock {
  private time = 0;
  private waiting: { at: number; then: () => void }[] = [];
  now = (): number => this.time;
  after = (delayMs: number, then: () => void): (() => void) => {
    const entry = { at: this.time + delayMs, then };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((each) => each !== entry);
    };
  };
  go(ms: number): void {
    this.time += ms;
    const due = this.waiting.filter((each) => each.at <= this.time);
    this.waiting = this.waiting.filter((each) => each.at > this.time);
    for (const each of due) {
      each.then();
    }
  }
}

test("a thousand wishes in a second are done fifteen times, and the last one is heard", () => {
  const clock = new HandClock();
  let wished = 0;
  const heard: number[] = [];
  const throttle = new Throttle(15, () => heard.push(wished), clock);
  for (wished = 1; wished <= 1000; wished += 1) {
    throttle.ask();
    clock.go(1);
  }
  wished = 1000;
  clock.go(1000);
  assert.ok(heard.length >= 14 && heard.length <= 16, String(heard.length));
  assert.equal(heard.at(-1), 1000);
});

test("the first wish is done at once", () => {
  let count = 0;
  new Throttle(1, () => (count += 1), new HandClock()).ask();
  assert.equal(count, 1);
});

test("nothing is done any more once it is disposed of", () => {
  const clock = new HandClock();
  let count = 0;
  const throttle = new Throttle(1, () => (count += 1), clock);
  throttle.ask();
  throttle.ask();
  throttle.dispose();
  clock.go(5000);
  assert.equal(count, 1);
});
