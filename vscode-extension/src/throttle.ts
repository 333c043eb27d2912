// How often may something be done? At most so many times a second, and always once more at the end.

/** A clock that can be set by hand. */
export interface Clock {
  now(): number;
  after(delayMs: number, then: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, then) => {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Does `act` when asked, at once if it may, else as soon as it may; what is asked meanwhile is one. */
export class Throttle {
  private last = Number.NEGATIVE_INFINITY;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly perSecond: number,
    private readonly act: () => void,
    private readonly clock: Clock = systemClock,
  ) {}

  ask(): void {
    if (this.cancel) {
      return;
    }
    const waitMs = this.last + 1000 / this.perSecond - this.clock.now();
    if (waitMs <= 0) {
      this.run();
    } else {
      this.cancel = this.clock.after(waitMs, () => this.run());
    }
  }

  dispose(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private run(): void {
    this.cancel = undefined;
    this.last = this.clock.now();
    this.act();
  }
}
